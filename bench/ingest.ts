// How fast bytes come in. Figures: rangeSpeedup (a download from a source that gives each connection 15 MiB/s: time with one stream ÷ time
// with as many as the downloader takes, hash and flush included; the control, interleaved, is the single stream). onboardSpeedup (the same
// source through a whole onboarding by a real hub; the control is one plain stream, hashed, written and flushed).
// ingestVsHash (list, read and seal one warm file in place ÷ its SHA-256) and ingestCopyVsWrite (the same copied ÷ writing and flushing as
// many bytes); the control of each, interleaved, is what it is divided by.
// Each figure has a file of its own in `ingest/` and gives its paired ratios and its control.
import { measureOnboardSpeedup } from './ingest/onboard-speedup.ts'
import { measureRangeSpeedup } from './ingest/range-speedup.ts'
import { measureTakeIn } from './ingest/take-in.ts'
import { median, report, spread } from './report.ts'

/** A figure of this bench: ratios of pairs that were measured one after the other, and what they were held against. */
export type Measured = { ratios: readonly number[]; control: readonly number[]; facts: Record<string, unknown> }

/** Some of them, such as `npm run bench:ingest -- takeIn`; all unless told. */
const wanted = new Set(process.argv.slice(2))
const wants = (name: string) => wanted.size === 0 || wanted.has(name)
const measured: Record<string, Measured> = {
  ...(wants('takeIn') ? await measureTakeIn() : {}),
  ...(wants('rangeSpeedup') ? { rangeSpeedup: await measureRangeSpeedup() } : {}),
  ...(wants('onboardSpeedup') ? { onboardSpeedup: await measureOnboardSpeedup() } : {}),
}
const all = Object.entries(measured)
const noisiest = all.map(([, one]) => one.control).sort((a, b) => spread(b) - spread(a))[0] ?? []
process.exitCode = report(
  'ingest',
  Object.fromEntries(all.map(([name, one]) => [name, median(one.ratios)])),
  noisiest,
  Object.fromEntries(all.map(([name, one]) => [name, { ratios: one.ratios, ...one.facts }])),
)
