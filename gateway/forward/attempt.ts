import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { SnapshotTarget } from '../../contract/index.ts'
import { upstream } from '../../kernel/index.ts'
import type { Limits } from '../limits.ts'
import type { AnswerSink } from './answer-sink.ts'
import type { EngineLink } from './engine-link.ts'
import { judgeRefusal, type Refusal, type Retry } from './judge-refusal.ts'
import type { Relay, RelayEnd, RelayFailure } from './relay.ts'
import { relayStream } from './relay-stream.ts'
import { relayWhole } from './relay-whole.ts'

/** One request as it goes upstream, whichever target takes it. */
export type Call = {
  /** Such as `/v1/chat/completions`. */
  endpoint: string
  body: Buffer
  stream: boolean
  dropUsage: boolean
  requestId: string
  sink: AnswerSink
  limits: Limits
}

/** With `error`, nothing has reached the caller and `retry` says what may be tried. */
export type AttemptEnd = RelayEnd & { retry: Retry }

const nothingSeen = { tokens: undefined, firstContentAt: undefined }
const callerLeft: AttemptEnd = { outcome: 'client_closed', retry: 'none', ...nothingSeen }

/** Sends the call to one target and relays its answer. Never throws; a caller that leaves stops the upstream. */
export function attempt(link: EngineLink, call: Call, target: SnapshotTarget): Promise<AttemptEnd> {
  const { sink, limits } = call
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined
    let relay: Relay | undefined
    let refused: { status: number; headers: IncomingHttpHeaders; parts: Buffer[]; bytes: number } | undefined
    let settled = false
    const settle = (end: AttemptEnd) => {
      if (settled) return
      settled = true
      sink.attach(undefined)
      resolve(end)
    }
    const settleRelay = (end: RelayEnd) => settle({ ...end, retry: end.error === undefined ? 'none' : 'elsewhere' })
    const settleRefusal = ({ outcome, error, retry }: Refusal) => settle({ outcome, error, retry, ...nothingSeen })

    if (sink.gone()) return settle(callerLeft)
    sink.attach({
      pause: () => controller?.pause(),
      resume: () => controller?.resume(),
      stop: () => {
        settle(relay === undefined ? callerLeft : { ...relay.left(), retry: 'none' })
        controller?.abort(new Error('The caller left.'))
      },
    })
    link.pool.dispatch(
      {
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
      {
        onRequestStart: (started) => {
          controller = started
          if (settled) started.abort(new Error('The caller left.'))
        },
        onResponseStart: (_controller, status, headers) => {
          if (status < 200) return
          if (status !== 200) {
            refused = { status, headers, parts: [], bytes: 0 }
            return
          }
          const input = { sink, headers, dropUsage: call.dropUsage, limits }
          const isStream = String(headers['content-type'] ?? '').startsWith('text/event-stream')
          relay = isStream ? relayStream(input) : relayWhole(input)
        },
        onResponseData: (answering, chunk) => {
          if (settled) return
          if (refused !== undefined && refused.bytes < limits.errorBodyBytes) {
            refused.parts.push(chunk)
            refused.bytes += chunk.length
          }
          const failure = relay?.push(chunk)
          if (relay === undefined || failure === undefined) return
          settleRelay(relay.cut(failure))
          answering.abort(failure.error)
        },
        onResponseEnd: () => {
          if (settled) return
          if (relay !== undefined) return settleRelay(relay.end())
          const { status, headers, parts } = refused ?? { status: 502, headers: {}, parts: [] }
          settleRefusal(judgeRefusal(status, headers['retry-after'], Buffer.concat(parts)))
        },
        onResponseError: (_controller, error) => {
          if (settled) return
          const failure = failureOf(error, controller !== undefined)
          if (relay !== undefined) return settleRelay(relay.cut(failure))
          // Cut before one byte of an answer: as a rule a kept-alive connection that died under the request.
          const unanswered = failure.outcome === 'upstream_cut' && refused === undefined
          settleRefusal({ ...failure, retry: unanswered ? 'same_then_elsewhere' : 'elsewhere' })
        },
      },
    )
  })
}

function failureOf(error: Error, sent: boolean): RelayFailure {
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
