import { HubError, redact } from '../../../kernel/index.ts'
import type { Refusal } from '../judge-refusal.ts'
import type { Say } from './say.ts'

/** Some providers say with a 400 that a key is wrong, and some repeat part of it. */
const aboutKey =
  /(?:incorrect|invalid|expired|unknown|wrong|missing)[ _]+(?:api[ _-]?key|access[ _]token|authentication)|api[ _-]?key[ \w]{0,20}(?:not valid|invalid|incorrect|expired|not found)/i
/** Timeouts by the names that gateways before a provider give them (522 to 524: Cloudflare). */
const timeouts = new Set([408, 504, 522, 524])
/** The caller's request is at fault: nothing else would fare better with it. */
const callersFault = new Set([400, 409, 413, 415, 422])
const saidMost = 1_000

/**
 * What a provider's answer other than 200 means. What only the hub's side can mend never looks like a fault of the caller's: neither
 * a refused credential nor a model that the provider no longer has. Only of a refused request are the provider's own words passed on.
 */
export function judgeUpstream(say: Say, status: number, retryAfter: string | undefined, body: Buffer): Refusal {
  const said = readError(body)
  const after = retryAfter !== undefined && /^[\w ,:+-]{1,40}$/.test(retryAfter) ? retryAfter : undefined
  const failed = (error: HubError, outcome: Refusal['outcome'] = 'upstream_error'): Refusal => ({
    outcome,
    error,
    retry: 'elsewhere',
  })
  if (status >= 300 && status < 400) return failed(say.redirected())
  if (status < 300) return failed(say.unreadable())
  if (status === 401 || status === 403 || status === 407) return failed(say.credentialRefused(), 'credential_refused')
  if (status < 500 && aboutKey.test(`${said.code ?? ''} ${said.message ?? ''}`))
    return failed(say.credentialRefused(), 'credential_refused')
  if (status === 402) return failed(say.quotaExceeded())
  if (status === 429) return failed(say.rateLimited(after))
  if (timeouts.has(status)) return failed(say.timedOut(), 'timeout')
  if (status === 404 || status === 405 || status === 410) return failed(say.modelMissing())
  if (!callersFault.has(status)) return failed(say.failed(status, after))
  const error = new HubError({
    kind: 'invalid',
    code: said.code ?? 'upstream_refused',
    message: said.message ?? 'The provider refuses the request and does not say why.',
    details: { status, ...(said.param === undefined ? {} : { param: said.param }) },
  })
  return { outcome: 'refused', error, retry: 'none' }
}

/** The same of an error inside an answer that says 200; it may name the status that it should have had. */
export function judgeError(say: Say, body: Buffer): Refusal {
  const { status } = readError(body)
  return status === undefined
    ? { outcome: 'upstream_error', error: say.failedMidway(), retry: 'elsewhere' }
    : judgeUpstream(say, status, undefined, body)
}

type Said = { code?: string; message?: string; param?: string; status?: number }

/** Providers put their words into `error`, a list of such, or the answer itself. */
function readError(body: Buffer): Said {
  let value: unknown
  try {
    value = JSON.parse(body.toString('utf8'))
  } catch {
    return {}
  }
  if (Array.isArray(value)) value = value[0]
  if (!isObject(value)) return {}
  const inner = value['error']
  const error: Record<string, unknown> = isObject(inner) ? inner : value
  const said: Said = {}
  const message = typeof inner === 'string' ? inner : (text(error['message']) ?? text(error['detail']))
  const plain = message === undefined ? '' : sentence(message)
  if (plain !== '') said.message = plain
  const code = text(error['code']) ?? text(error['type'])
  if (code !== undefined && /^[\w.-]{1,80}$/.test(code)) said.code = code
  const param = text(error['param'])
  if (param !== undefined && /^[\w.[\]-]{1,80}$/.test(param)) said.param = param
  const status = [error['status'], error['code']].map(Number).find((number) => number >= 400 && number < 600)
  if (status !== undefined) said.status = status
  return said
}

/** Without secrets, controls and line ends; it is cut only after secrets were found whole. */
function sentence(text: string): string {
  const plain = redact(text)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return plain.length > saidMost ? `${plain.slice(0, saidMost)}…` : plain
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
