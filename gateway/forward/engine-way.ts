import type { EngineTarget } from '../../contract/index.ts'
import { upstream } from '../../kernel/index.ts'
import type { Call } from './attempt.ts'
import type { EngineLink } from './engine-link.ts'
import { judgeRefusal } from './judge-refusal.ts'
import type { RelayFailure } from './relay.ts'
import type { Way } from './way.ts'

/** The way to an engine of this hub. */
export const engineWay = (link: EngineLink, call: Call, target: EngineTarget): Way => ({
  dispatcher: link.pool,
  request: {
    method: 'POST',
    path: `/deployments/${encodeURIComponent(target.engine.deploymentId)}${call.endpoint}`,
    headers: {
      authorization: link.authorization,
      'content-type': 'application/json',
      accept: call.stream ? 'text/event-stream' : 'application/json',
      'x-request-id': call.requestId,
    },
    body: call.body,
  },
  judge: (status, headers, body) => judgeRefusal(status, headers['retry-after'], body),
  failure,
  dropUsage: call.dropUsage,
})

function failure(error: Error, sent: boolean): RelayFailure {
  const code = 'code' in error ? error.code : undefined
  const extra = (status: number) => ({
    cause: error,
    details: { status, ...(status === 503 ? { retryAfter: 1 } : {}) },
  })
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    const problem = upstream(
      'upstream_timeout',
      'The model took too long to answer.',
      'Try again in a moment.',
      extra(504),
    )
    return { outcome: 'timeout', error: problem }
  }
  if (!sent) {
    const problem = upstream(
      'upstream_unreachable',
      'The engine host cannot be reached.',
      'It is restarted by itself; try again in a moment.',
      extra(503),
    )
    return { outcome: 'upstream_unreachable', error: problem }
  }
  const problem = upstream(
    'upstream_cut',
    'The engine ended the connection before its answer was complete.',
    'Send the request again.',
    extra(502),
  )
  return { outcome: 'upstream_cut', error: problem }
}
