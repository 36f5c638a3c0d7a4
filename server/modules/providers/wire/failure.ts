import { HubError, redact } from '../../../../kernel/index.ts'
import type { ErrorRule, FailureCode, Vendor } from '../vendor.ts'
import { rowOf } from './row.ts'

/** What holds of every provider, after its own rules. */
const commonRules: readonly ErrorRule[] = [
  { status: 401, code: 'key_refused' },
  { status: 402, code: 'quota_exceeded' },
  { status: 403, match: /country|region|territory/i, code: 'region_refused' },
  { status: 403, code: 'no_permission' },
  { status: 404, code: 'unknown_model' },
  { status: 429, match: /insufficient_quota|billing|credit/i, code: 'quota_exceeded' },
  { status: 429, code: 'rate_limited' },
  { status: [503, 529], code: 'overloaded' },
  {
    status: 400,
    match: /model_not_found|(?:invalid|unknown)[ _]model|decommissioned|model .{0,100}(?:not found|not exist)/i,
    code: 'unknown_model',
  },
]

type Answer = {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  json: unknown
  text: string
}

/** Why the provider said no, in our words. */
export function failureOf(vendor: Vendor, answer: Answer): HubError {
  const said = wordsOf(answer)
  const subject = [said.code, said.message, header(answer, 'x-amzn-errortype')].join(' ')
  const rule = [...(vendor.errors ?? []), ...commonRules].find(
    ({ status, match }) =>
      (status === undefined || [status].flat().includes(answer.status)) && (match === undefined || match.test(subject)),
  )
  const code = rule?.code ?? (answer.status < 500 ? 'request_refused' : 'provider_failed')
  const after = retryAfter(header(answer, 'retry-after'))
  return failure(vendor, code, {
    status: answer.status,
    ...(said.message === '' ? {} : { said: said.message }),
    ...(after === undefined ? {} : { retryAfter: after }),
  })
}

const passing: ReadonlySet<string> = new Set([
  'rate_limited',
  'overloaded',
  'provider_failed',
  'timed_out',
  'unreachable',
  'provider_answer_unreadable',
])

/** Whether a failure of a provider, or of the way to it, may be gone the next time; anything else a person has to put right. */
export const passesByItself = (code: string): boolean => passing.has(code)

/** What to do about a failure, by its code; undefined for a code that no provider gives. */
export const failureRemedy = (code: string): string | undefined => words[code as FailureCode]?.remedy

type Details = { status?: number; said?: string; retryAfter?: number }

const words: Record<FailureCode, { kind: HubError['kind']; message: (title: string) => string; remedy: string }> = {
  key_refused: {
    kind: 'invalid',
    message: (title) => `${title} does not accept the credential.`,
    remedy: 'Check that it was copied whole and is still valid, then store it again.',
  },
  no_permission: {
    kind: 'invalid',
    message: (title) => `${title} knows the credential, but it may not do this.`,
    remedy: 'Give it the permission at the provider, or use another credential.',
  },
  unknown_model: {
    kind: 'invalid',
    message: (title) => `${title} has no such model for this credential.`,
    remedy: 'Check the model id, the region and what the account may use.',
  },
  rate_limited: {
    kind: 'limit',
    message: (title) => `${title} gets too many requests from this account now.`,
    remedy: 'Wait a moment and try again.',
  },
  quota_exceeded: {
    kind: 'limit',
    message: (title) => `The account at ${title} has no credit or quota left.`,
    remedy: 'Add credit or raise the limit at the provider.',
  },
  region_refused: {
    kind: 'invalid',
    message: (title) => `${title} does not serve this from here or in this region.`,
    remedy: 'Choose another region, or another provider.',
  },
  overloaded: {
    kind: 'upstream',
    message: (title) => `${title} is overloaded.`,
    remedy: 'Try again in a few minutes.',
  },
  request_refused: {
    kind: 'invalid',
    message: (title) => `${title} refuses the request.`,
    remedy: 'See what the provider says; its interface may have changed.',
  },
  provider_failed: {
    kind: 'upstream',
    message: (title) => `${title} failed.`,
    remedy: 'Try again later; see the status page of the provider.',
  },
}

/** The error of a failure; what the provider said is kept short and without secrets. */
export function failure(vendor: Pick<Vendor, 'title' | 'kind'>, code: FailureCode, details: Details = {}): HubError {
  const { kind, message, remedy } = words[code]
  return new HubError({
    kind,
    code,
    message: message(vendor.title),
    remedy,
    details: { provider: vendor.kind, ...details },
  })
}

const saidMost = 300
/** What is looked at of it: enough that no secret is cut in two before it is recognized. */
const readMost = 8_000

/** Providers put their words into `error`, `message`, `detail` or a list of these. */
function wordsOf({ json, text }: Answer): { code: string; message: string } {
  const row = rowOf(Array.isArray(json) ? json[0] : json)
  const firstText = (paths: readonly string[]) => paths.map(row.text).find((found) => found !== undefined) ?? ''
  const reasons = row.rows('error.details').map((detail) => detail.text('reason') ?? '')
  const codes = ['error.code', 'error.type', 'error.status', 'code', 'type', '__type', 'error.metadata.raw']
  const found = firstText(['error.message', 'error_description', 'message', 'Message', 'detail', 'error', 'errors.0'])
  const message = found === '' && json === undefined ? text : found
  // Controls and line ends have no place in a sentence.
  const plain = redact(message.slice(0, readMost))
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
  return {
    code: [...codes.map((path) => row.text(path) ?? ''), ...reasons].join(' ').slice(0, saidMost),
    message: plain.length > saidMost ? `${plain.slice(0, saidMost)}…` : plain,
  }
}

function header(answer: Answer, name: string): string {
  const value = answer.headers[name]
  return (Array.isArray(value) ? value[0] : value) ?? ''
}

/** Seconds, at most an hour; a date is left out: it needs a clock that both agree on. */
function retryAfter(text: string): number | undefined {
  const seconds = Number(text)
  return text !== '' && Number.isFinite(seconds) && seconds >= 0 ? Math.min(Math.ceil(seconds), 3_600) : undefined
}
