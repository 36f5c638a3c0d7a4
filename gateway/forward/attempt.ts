import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { SnapshotRoute } from '../../contract/index.ts'
import type { Limits } from '../limits.ts'
import type { AnswerSink } from './answer-sink.ts'
import type { Refusal, Retry } from './judge-refusal.ts'
import type { Relay, RelayEnd } from './relay.ts'
import { relayStream } from './relay-stream.ts'
import { relayWhole } from './relay-whole.ts'
import type { Way } from './way.ts'

/** One request as it goes upstream, whichever target takes it. */
export type Call = {
  /** Such as `/v1/chat/completions`. */
  endpoint: string
  /** The route that was called; messages name it. */
  route: SnapshotRoute
  /** What the caller sent, as it came. */
  asItCame: Buffer
  /** The same, with usage asked for in a stream. */
  body: Buffer
  stream: boolean
  /** Usage is asked for in `body`, and not in `asItCame`. */
  dropUsage: boolean
  requestId: string
  /** Of the caller's request; hardly any goes further. */
  headers: IncomingHttpHeaders
  sink: AnswerSink
  limits: Limits
}

/** With `error`, nothing has reached the caller and `retry` says what may be tried. */
export type AttemptEnd = RelayEnd & { retry: Retry }

const nothingSeen = { tokens: undefined, firstContentAt: undefined }
const callerLeft: AttemptEnd = { outcome: 'client_closed', retry: 'none', ...nothingSeen }

/** Sends the call one way and relays its answer. Never throws; a caller that leaves stops the upstream. */
export function attempt(way: Way, call: Call): Promise<AttemptEnd> {
  const { sink, limits } = call
  return new Promise((resolve) => {
    let controller: Dispatcher.DispatchController | undefined
    let relay: Relay | undefined
    let refused: { status: number; headers: IncomingHttpHeaders; parts: Buffer[]; bytes: number } | undefined
    let settled = false
    let patience: NodeJS.Timeout | undefined
    const settle = (end: AttemptEnd) => {
      if (settled) return
      settled = true
      clearTimeout(patience)
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
    const settleRefused = () => {
      const { status, headers, parts } = refused ?? { status: 502, headers: {}, parts: [] }
      settleRefusal(way.judge(status, headers, Buffer.concat(parts)))
    }
    way.dispatcher.dispatch(way.request, {
      onRequestStart: (started) => {
        controller = started
        if (settled) started.abort(new Error('The caller left.'))
      },
      onResponseStart: (answering, status, headers) => {
        if (status < 200) return
        if (status !== 200) {
          refused = { status, headers, parts: [], bytes: 0 }
          // What it says of it is waited for, but not for ever: it may come letter by letter.
          patience = setTimeout(() => {
            settleRefused()
            answering.abort(new Error('The rest of a refusal is not waited for.'))
          }, limits.errorBodyMs)
          return
        }
        const failure = way.foreign?.refuseHead(headers)
        if (failure !== undefined) {
          settleRefusal({ ...failure, retry: 'elsewhere' })
          answering.abort(failure.error)
          return
        }
        const input = { sink, headers, dropUsage: way.dropUsage, foreign: way.foreign, limits }
        const isStream = String(headers['content-type'] ?? '').startsWith('text/event-stream')
        relay = isStream ? relayStream(input) : relayWhole(input)
      },
      onResponseData: (answering, chunk) => {
        if (settled) return
        if (refused !== undefined) {
          refused.parts.push(chunk)
          refused.bytes += chunk.length
          if (refused.bytes < limits.errorBodyBytes) return
          settleRefused()
          answering.abort(new Error('The rest of a refusal is not read.'))
          return
        }
        const failure = relay?.push(chunk)
        if (relay === undefined || failure === undefined) return
        settleRelay(relay.cut(failure))
        answering.abort(failure.error)
      },
      onResponseEnd: () => {
        if (settled) return
        if (relay !== undefined) return settleRelay(relay.end())
        settleRefused()
      },
      onResponseError: (_controller, error) => {
        if (settled) return
        const failure = way.failure(error, controller !== undefined)
        if (relay !== undefined) return settleRelay(relay.cut(failure))
        // Its status says more than that its words did not come whole.
        if (refused !== undefined) return settleRefused()
        // Cut before one byte of an answer: as a rule a kept-alive connection that died under the request.
        settleRefusal({ ...failure, retry: failure.outcome === 'upstream_cut' ? 'same_then_elsewhere' : 'elsewhere' })
      },
    })
  })
}
