import type { SnapshotRoute, SnapshotTarget } from '../../contract/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Tokens } from '../forward/find-usage.ts'
import type { Outcome } from '../forward/relay.ts'
import type { Metrics } from '../metrics.ts'
import type { GatewayKey } from '../snapshot/build-snapshot.ts'
import type { Spool, UsageEntry } from '../usage/spool.ts'

/** The one usage record of a request with a known key; filled while it is answered, written once. */
export type RequestRecord = {
  decisionId: string
  requestId: string
  /** Null until there is a route. */
  setRoute: (route: SnapshotRoute) => void
  setTarget: (target: SnapshotTarget) => void
  setStream: (stream: boolean) => void
  /** Later calls do nothing. */
  finish: (
    outcome: Outcome,
    status: number,
    measured?: { tokens: Tokens | undefined; firstContentAt: number | undefined },
  ) => void
}

export function openRecord(
  about: { key: GatewayKey; requestId: string; decisionId: string; endpoint: string; startedAt: number },
  deps: { spool: Spool; metrics: Metrics; clock: Clock },
): RequestRecord {
  const { key, requestId, decisionId, startedAt } = about
  const entry: UsageEntry = {
    at: deps.clock.now(),
    requestId,
    decisionId,
    keyId: key.id,
    projectId: key.projectId,
    routeId: null,
    route: null,
    targetId: null,
    versionId: null,
    endpoint: about.endpoint.slice(0, 100),
    stream: false,
    status: 0,
    outcome: 'refused',
    promptTokens: null,
    completionTokens: null,
    ttftMs: null,
    durationMs: 0,
  }
  let written = false
  const running = deps.spool.begin(() => {
    if (entry.targetId === null) return undefined
    return { ...entry, outcome: 'gateway_lost', durationMs: millisSince(startedAt, performance.now()) }
  })
  return {
    decisionId,
    requestId,
    setRoute: (route) => {
      entry.routeId = route.id
      entry.route = route.name
    },
    setTarget: (target) => {
      entry.targetId = target.id
      entry.versionId = target.versionId
    },
    setStream: (stream) => {
      entry.stream = stream
    },
    finish: (outcome, status, measured) => {
      if (written) return
      written = true
      entry.outcome = outcome
      entry.status = status
      entry.promptTokens = measured?.tokens?.prompt ?? null
      entry.completionTokens = measured?.tokens?.completion ?? null
      entry.durationMs = millisSince(startedAt, performance.now())
      deps.metrics.requests.inc({ route: entry.route ?? '', outcome })
      deps.metrics.duration.observe(entry.durationMs / 1000)
      if (measured?.firstContentAt !== undefined) {
        entry.ttftMs = millisSince(startedAt, measured.firstContentAt)
        deps.metrics.ttft.observe(entry.ttftMs / 1000)
      }
      running.end(entry)
    },
  }
}

/** Milliseconds to the microsecond: more digits would say more than the clock knows. */
const millisSince = (start: number, end: number) => Math.round((end - start) * 1000) / 1000
