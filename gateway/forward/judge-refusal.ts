import { HubError, upstream } from '../../kernel/index.ts'
import type { Outcome } from './relay.ts'

/** What may be tried after a failure of which the caller has seen nothing. */
export type Retry = 'none' | 'elsewhere' | 'same_then_elsewhere' | 'introduce'

export type Refusal = { outcome: Outcome; error: HubError; retry: Retry }

const worthAnotherTarget = new Set([408, 425, 429, 500, 502, 503, 504])
const elsewhere = (modelsFault: boolean, status: number): Retry =>
  modelsFault || worthAnotherTarget.has(status) ? 'elsewhere' : 'none'
/** The engine process ended while the request waited for it or ran: nothing was answered, and the host starts another. */
const endedUnderIt = new Set(['engine_gone', 'replaced', 'unloaded'])

/**
 * What an upstream's answer other than 200 means: for the caller, for the ledger, and for what to try next. Understands
 * problem documents (RFC 9457, our engine host) and OpenAI errors.
 */
export function judgeRefusal(status: number, retryAfter: string | undefined, body: Buffer): Refusal {
  const said = readReason(body)
  if (status === 404 && said.code === 'unknown_deployment') {
    const error = upstream('engine_unready', 'The engine host does not know the model yet.', 'Try again in a moment.')
    return { outcome: 'upstream_error', error, retry: 'introduce' }
  }
  if (status === 401 || status === 403) {
    // Ours to solve: passed on as it is, the caller would take its own key for wrong.
    const error = upstream(
      'engine_refused',
      'The engine host refuses the gateway.',
      'Ask the operator to restart the hub.',
    )
    return { outcome: 'upstream_error', error, retry: 'elsewhere' }
  }
  // The host's own conflicts are about the model, such as one that cannot be loaded: no other request would fare better.
  const modelsFault = said.ofHost && (status === 409 || status === 422)
  const callersFault = !modelsFault && status >= 400 && status < 500 && status !== 408 && status !== 429
  const retry =
    (status === 502 && said.code === 'engine_crashed') || endedUnderIt.has(said.code ?? '')
      ? 'same_then_elsewhere'
      : elsewhere(modelsFault, status)
  const passed = callersFault || status === 429 || status === 503 || status === 504
  const error = new HubError({
    kind: callersFault ? 'invalid' : 'upstream',
    code: said.code ?? 'upstream_error',
    message: said.message ?? `The model's engine answered ${status}.`,
    ...(said.remedy === undefined ? {} : { remedy: said.remedy }),
    details: {
      status: passed ? status : 502,
      ...(said.param === undefined ? {} : { param: said.param }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
  })
  return { outcome: callersFault ? 'refused' : 'upstream_error', error, retry }
}

/** `ofHost`: a problem document, not an answer of the model's own server. */
type Reason = { code?: string; message?: string; remedy?: string; param?: string; ofHost: boolean }

function readReason(body: Buffer): Reason {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return { ofHost: false }
  }
  if (typeof value !== 'object' || value === null) return { ofHost: false }
  const inner = 'error' in value && typeof value.error === 'object' && value.error !== null ? value.error : value
  const text = (name: string) => {
    const member: unknown = Reflect.get(inner, name)
    return typeof member === 'string' ? member.slice(0, 2_000) : undefined
  }
  const reason: Reason = { ofHost: inner === value && 'title' in value }
  const [code, message, remedy, param] = [
    text('code'),
    text('detail') ?? text('message') ?? text('title'),
    text('remedy'),
    text('param'),
  ]
  if (code !== undefined) reason.code = code
  if (message !== undefined) reason.message = message
  if (remedy !== undefined) reason.remedy = remedy
  if (param !== undefined) reason.param = param
  return reason
}
