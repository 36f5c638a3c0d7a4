import type { Clock, HubError } from '../../../../kernel/index.ts'
import type { Net } from '../net.ts'
import { lied, readAnswer, strongEtag } from './answer.ts'
import type { Link } from './link.ts'
import type { Part } from './next-part.ts'
import type { PartFile } from './part-file.ts'
import { readBody } from './read-body.ts'
import type { DownloadTuning } from './request.ts'

export type PartDeps = {
  net: Net
  clock: Clock
  link: Link
  file: PartFile
  tuning: DownloadTuning
  /** False for a source that gives whole files only. */
  ranges: boolean
  /** True when the caller stated the size. */
  sizeStated: boolean
  /** Called when a source sends all although a part was asked for, as the first answer: then all is taken. */
  onWhole: () => void
}

/** What one request came to. */
export type Step =
  | { kind: 'ended' }
  /** Ask again after a while; `reason` is thrown when there is no more patience. */
  | { kind: 'again'; reason: HubError; waitMs: number | null; busy: boolean }
  | { kind: 'link'; reason: HubError; age: number }
  | { kind: 'anew'; how: 'whole' | 'changed'; reason: HubError }

/**
 * Asks once for what is left of a part and writes what comes; the part's position moves with it, and its end when the file ends before.
 * `others` says that other streams fetch the same file. Throws what cannot be otherwise next time, and what writing throws.
 */
export async function fetchPart(deps: PartDeps, part: Part, others: boolean, signal: AbortSignal): Promise<Step> {
  const { file, tuning } = deps
  const { target, age } = await deps.link.get(signal)
  const known = file.progress()
  const etag = strongEtag(known.etag)
  const asked = deps.ranges ? { start: part.position, end: part.end } : null
  const headers: Record<string, string> = { ...target.headers, 'accept-encoding': 'identity' }
  if (asked !== null) headers['range'] = `bytes=${asked.start}-${asked.end - 1}`
  if (asked !== null && etag !== null) headers['if-range'] = etag
  const timeouts = {
    ...(tuning.headTimeoutMs === undefined ? {} : { headTimeoutMs: tuning.headTimeoutMs }),
    ...(tuning.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: tuning.idleTimeoutMs }),
  }
  const response = await deps.net.request(target.url, { headers, bulk: true, ...timeouts }, signal)
  const begun = known.have.length > 0 || others
  const facts = { size: known.size, sizeStated: deps.sizeStated, etag: known.etag, begun }
  const meaning = readAnswer(response, asked, facts, deps.clock)
  if (meaning.kind !== 'bytes') {
    response.body.destroy()
    if (meaning.kind === 'fatal') throw meaning.reason
    if (meaning.kind === 'link') return { ...meaning, age }
    if (meaning.kind === 'again') return meaning
    if (meaning.kind !== 'empty') return { kind: 'anew', how: meaning.kind, reason: meaning.reason }
    file.note({ size: 0 })
    part.end = part.position
    return { kind: 'ended' }
  }
  deps.link.shorten(response, age)
  const isWhole = response.status === 200
  if (isWhole) deps.onWhole()
  file.note({ etag: meaning.etag ?? known.etag, ...(deps.ranges ? { size: meaning.size } : {}) })
  part.end = isWhole ? (meaning.end ?? Number.MAX_SAFE_INTEGER) : Math.min(part.end, meaning.size ?? part.end)
  const slowest = tuning.slowest ?? { bytes: 16 * 1024, windowMs: 60_000 }
  await readBody(response, meaning.start, meaning.end, slowest, async (position, chunks) => {
    await file.write(position, chunks)
    part.position = position + chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  })
  const short = (meaning.end ?? part.position) - part.position
  if (short > 0) throw lied('too_short', `The source ended its answer ${short} bytes too early.`)
  if (isWhole) {
    file.note({ size: part.position })
    part.end = part.position
  }
  return { kind: 'ended' }
}
