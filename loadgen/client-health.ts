import { monitorEventLoopDelay } from 'node:perf_hooks'
import { percentile } from './percentile.ts'
import type { ClientHealth } from './spec.ts'

/** Above either, figures show the generator and not the target (measurement.md 1.4; inference-perf draws the same line). */
const limitMs = 10
const resolutionMs = 5

export type HealthWatch = { stop: (scheduleDelaysMs: readonly number[]) => ClientHealth }

/** Watches this process while it generates load. */
export function watchHealth(): HealthWatch {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  const cpu = process.cpuUsage()
  return {
    stop: (scheduleDelaysMs) => {
      histogram.disable()
      const { user, system } = process.cpuUsage(cpu)
      return judgeHealth(lagOf(histogram), scheduleDelaysMs, (user + system) / 1e6)
    },
  }
}

/** The verdict on a generator. Unknown lag (a run shorter than a few milliseconds) does not condemn it. */
export function judgeHealth(
  lag: { p99Ms: number; maxMs: number } | undefined,
  scheduleDelaysMs: readonly number[],
  cpuSeconds: number,
): ClientHealth {
  const sorted = [...scheduleDelaysMs].sort((a, b) => a - b)
  const median = percentile(sorted, 50)
  const late = (lag?.p99Ms ?? 0) > limitMs || (median ?? 0) > limitMs
  return {
    eventLoopDelayP99Ms: lag?.p99Ms ?? null,
    eventLoopDelayMaxMs: lag?.maxMs ?? null,
    scheduleDelayMedianMs: median,
    scheduleDelayMaxMs: sorted.at(-1) ?? null,
    cpuSeconds,
    clientVerdict: late ? 'invalid-client' : 'ok',
  }
}

/** The histogram holds whole intervals between two ticks; the delay is what exceeds the wanted interval. */
function lagOf(histogram: ReturnType<typeof monitorEventLoopDelay>): { p99Ms: number; maxMs: number } | undefined {
  if (histogram.count === 0) return undefined
  const excess = (ns: number): number => Math.max(0, ns / 1e6 - resolutionMs)
  return { p99Ms: excess(histogram.percentile(99)), maxMs: excess(histogram.max) }
}
