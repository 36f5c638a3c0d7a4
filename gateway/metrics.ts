import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type Metrics = ReturnType<typeof createMetrics>

/** What the gauges read when `/metrics` is asked. */
export type MetricsSources = {
  snapshotAgeMs: () => number | undefined
  pendingUsage: () => number
  openRequests: () => number
}

const secondsFromMillis = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]

/** The gateway's own registry, so that two gateways in one process (tests) do not collide. */
export function createMetrics() {
  const registry = new Registry()
  const registers = [registry]
  let sources: MetricsSources | undefined
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  const gauge = (name: string, help: string, read: (from: MetricsSources) => number | undefined) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        // No value is not zero.
        this.set((sources === undefined ? undefined : read(sources)) ?? Number.NaN)
      },
    })
  gauge('modelhub_gateway_snapshot_age_seconds', 'Time since the control plane confirmed the snapshot.', (from) => {
    const age = from.snapshotAgeMs()
    return age === undefined ? undefined : age / 1000
  })
  gauge('modelhub_gateway_usage_pending', 'Usage records not acknowledged yet.', (from) => from.pendingUsage())
  gauge('modelhub_gateway_open_requests', 'Inference requests being answered.', (from) => from.openRequests())
  return {
    registry,
    read: (from: MetricsSources) => {
      sources = from
    },
    requests: new Counter({
      name: 'modelhub_gateway_requests_total',
      help: 'Requests with a known key, by route (empty: none resolved) and outcome.',
      labelNames: ['route', 'outcome'],
      registers,
    }),
    unauthenticated: new Counter({
      name: 'modelhub_gateway_unauthenticated_total',
      help: 'Requests without a valid key.',
      registers,
    }),
    openStreams: new Gauge({ name: 'modelhub_gateway_open_streams', help: 'Streams being sent.', registers }),
    ttft: new Histogram({
      name: 'modelhub_gateway_ttft_seconds',
      help: 'Arrival of a streamed request to its first content.',
      buckets: secondsFromMillis,
      registers,
    }),
    duration: new Histogram({
      name: 'modelhub_gateway_duration_seconds',
      help: 'Arrival of a request to the end of its answer.',
      buckets: secondsFromMillis,
      registers,
    }),
    snapshotSwaps: new Counter({
      name: 'modelhub_gateway_snapshot_swaps_total',
      help: 'Snapshots applied.',
      registers,
    }),
    snapshotsRefused: new Counter({
      name: 'modelhub_gateway_snapshots_refused_total',
      help: 'Snapshots refused as invalid.',
      registers,
    }),
    usageDropped: new Counter({
      name: 'modelhub_gateway_usage_dropped_total',
      help: 'Usage records lost: the spool was full or could not be written.',
      registers,
    }),
    usageDamaged: new Counter({
      name: 'modelhub_gateway_usage_damaged_total',
      help: 'Records of the usage spool that could not be read back.',
      registers,
    }),
    usageRejected: new Counter({
      name: 'modelhub_gateway_usage_rejected_total',
      help: 'Usage records that the control plane refused, kept in rejected.ndjson.',
      registers,
    }),
  }
}
