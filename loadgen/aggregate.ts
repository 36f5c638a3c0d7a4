import { percentile } from './percentile.ts'
import type { LoadOutcome, LoadRecord } from './spec.ts'

/** Statistics of one quantity in milliseconds. `p99` needs 100 values: below that it is the maximum by another name. */
export type Stats = {
  n: number
  mean: number
  min: number
  max: number
  p50: number
  p90: number
  p95: number
  p99: number | null
}

/** Figures of a run, warm-up left out. Null = unknown, because no request gave it; never 0 in its place. */
export type LoadFigures = {
  formulas: typeof formulas.version
  requests: number
  ok: number
  failed: number
  failures: Partial<Record<Exclude<LoadOutcome, 'ok'>, number>>
  durationS: number | null
  ttftMs: Stats | null
  tpotMs: Stats | null
  /** Gaps between chunks. */
  iclMs: Stats | null
  /** The same as `iclMs`, given only when every answer had exactly one token per chunk. */
  itlMs: Stats | null
  e2eMs: Stats | null
  promptTokens: number | null
  outputTokens: number | null
  /** `mixed`: some answers came without usage. */
  tokensOrigin: 'usage' | 'chunks' | 'mixed' | null
  outputTokensPerSecond: number | null
  requestsPerSecond: number | null
}

/** What each figure means; goes with every export. Change a formula and the version changes. */
export const formulas = {
  version: 1,
  ttft: 'first non-empty content, reasoning or tool delta − dispatch; successful requests',
  tpot: '(e2e − ttft) / (completion tokens − 1); successful requests with 2 or more tokens',
  icl: 't[i] − t[i−1] over the non-empty deltas of a successful request, all requests pooled',
  itl: 'icl, when every successful answer has as many deltas as completion tokens',
  e2e: 'last byte − dispatch; successful requests',
  duration: 'last end − first dispatch; all measured requests, failed ones included',
  outputTokensPerSecond: 'completion tokens of successful requests / duration',
  requestsPerSecond: 'successful requests / duration',
  percentile: 'linear interpolation at rank p/100 × (n − 1)',
} as const

/** Least values for a p99. */
const p99Values = 100

/** Figures from records. Pure. */
export function aggregate(records: readonly LoadRecord[]): LoadFigures {
  const measured = records.filter((record) => !record.warmup)
  const ok = measured.filter((record) => record.outcome === 'ok')
  const durationS = durationOf(measured)
  const iclMs = stats(ok.flatMap(gaps).map(toMs))
  const oneTokenPerChunk = ok.every((record) => record.contentNs.length === record.completionTokens)
  const outputTokens = sumKnown(ok.map((record) => record.completionTokens))
  return {
    formulas: formulas.version,
    requests: measured.length,
    ok: ok.length,
    failed: measured.length - ok.length,
    failures: failuresOf(measured),
    durationS,
    ttftMs: stats(ok.flatMap((record) => record.firstContentNs ?? []).map(toMs)),
    tpotMs: stats(ok.flatMap(tpot).map(toMs)),
    iclMs,
    itlMs: oneTokenPerChunk ? iclMs : null,
    e2eMs: stats(ok.map((record) => toMs(record.endNs))),
    promptTokens: sumKnown(ok.map((record) => record.promptTokens)),
    outputTokens,
    tokensOrigin: originOf(ok),
    outputTokensPerSecond: rate(outputTokens, durationS),
    requestsPerSecond: rate(ok.length, durationS),
  }
}

function stats(values: readonly number[]): Stats | null {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (p: number): number => percentile(sorted, p) ?? 0
  const [min] = sorted
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) return null
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  const p99 = sorted.length >= p99Values ? at(99) : null
  return { n: sorted.length, mean, min, max, p50: at(50), p90: at(90), p95: at(95), p99 }
}

function tpot(record: LoadRecord): number[] {
  const { firstContentNs, completionTokens, endNs } = record
  if (firstContentNs === null || completionTokens === null || completionTokens < 2) return []
  return [(endNs - firstContentNs) / (completionTokens - 1)]
}

function gaps(record: LoadRecord): number[] {
  return record.contentNs.slice(1).map((at, index) => at - (record.contentNs[index] ?? at))
}

function durationOf(measured: readonly LoadRecord[]): number | null {
  if (measured.length === 0) return null
  let first = Infinity
  let last = -Infinity
  for (const record of measured) {
    first = Math.min(first, record.dispatchedNs)
    last = Math.max(last, record.dispatchedNs + record.endNs)
  }
  return (last - first) / 1e9
}

function failuresOf(measured: readonly LoadRecord[]): LoadFigures['failures'] {
  const failures: LoadFigures['failures'] = {}
  for (const { outcome } of measured) if (outcome !== 'ok') failures[outcome] = (failures[outcome] ?? 0) + 1
  return failures
}

function originOf(ok: readonly LoadRecord[]): LoadFigures['tokensOrigin'] {
  const origins = new Set(ok.flatMap((record) => record.tokensOrigin ?? []))
  if (origins.size === 2) return 'mixed'
  return [...origins][0] ?? null
}

/** Null as soon as one part is unknown. */
function sumKnown(values: ReadonlyArray<number | null>): number | null {
  if (values.length === 0) return null
  return values.reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0)
}

const rate = (amount: number | null, seconds: number | null): number | null =>
  amount === null || seconds === null || seconds <= 0 ? null : amount / seconds
const toMs = (ns: number): number => ns / 1e6
