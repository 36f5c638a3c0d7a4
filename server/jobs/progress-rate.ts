import type { ProgressReport } from './definition.ts'
import type { JobProgress } from './job.ts'

/** Time constant of the smoothing, milliseconds. */
const smoothingMs = 3_000
/** How long the rate must have been steady before a remaining time is told, milliseconds. */
const steadyMs = 5_000
/** A sample within this share of the smoothed rate counts as steady. */
const steadyShare = 0.5
/** Samples closer together than this are joined: their rates would be noise. */
const sampleMs = 200

export type RateMeter = {
  /** Takes a report at `now` (milliseconds) and gives the whole progress; what a report leaves out stays as it was. */
  add: (report: ProgressReport, now: number) => JobProgress
}

/**
 * Derives bytes per second (exponentially weighted by time: weight = 1 − e^(−Δt/3 s)) and the remaining seconds from reports of
 * bytes done. A clock that jumps back, or a count that shrinks, starts the measurement again.
 */
export function createRateMeter(): RateMeter {
  let report: ProgressReport = {}
  let sample: { at: number; bytes: number } | undefined
  let rate: number | undefined
  let steadySince: number | undefined

  const measure = (bytes: number, now: number) => {
    if (sample === undefined || now < sample.at || bytes < sample.bytes) {
      sample = { at: now, bytes }
      rate = undefined
      steadySince = undefined
      return
    }
    const elapsed = now - sample.at
    if (elapsed < sampleMs) return
    const current = ((bytes - sample.bytes) * 1_000) / elapsed
    const weight = 1 - Math.exp(-elapsed / smoothingMs)
    const smoothed = rate === undefined ? current : rate + (current - rate) * weight
    const isSteady = smoothed > 0 && Math.abs(current - smoothed) <= smoothed * steadyShare
    steadySince = isSteady ? (steadySince ?? sample.at) : undefined
    rate = smoothed
    sample = { at: now, bytes }
  }
  const eta = (now: number): number | null => {
    if (rate === undefined || rate <= 0 || steadySince === undefined || now - steadySince < steadyMs) return null
    if (typeof report.bytesTotal !== 'number' || typeof report.bytesDone !== 'number') return null
    return Math.max(0, Math.round((report.bytesTotal - report.bytesDone) / rate))
  }
  return {
    add: (next, now) => {
      const said = Object.entries(next).filter(([, value]) => value !== undefined)
      report = { ...report, ...(Object.fromEntries(said) as ProgressReport) }
      if (typeof report.bytesDone === 'number') measure(report.bytesDone, now)
      return {
        bytesDone: report.bytesDone ?? null,
        bytesTotal: report.bytesTotal ?? null,
        done: report.done ?? null,
        total: report.total ?? null,
        rate: rate === undefined ? null : Math.round(rate),
        etaSeconds: eta(now),
        message: report.message ?? null,
      }
    },
  }
}
