import { errors } from 'undici'
import { safeUrl } from '../../../egress/index.ts'
import { HubError, upstream } from '../../../kernel/index.ts'

/** Whatever a connection failed with, in our words; the signal's reason after an abort. */
export function asNetError(error: unknown, url: URL, signal: AbortSignal | undefined): unknown {
  if (error instanceof HubError) return error
  if (signal?.aborted === true) return signal.reason
  if (
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError
  ) {
    return timedOut(url, 'fell silent', null, error)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  const why = reasons[code] ?? (error instanceof Error ? error.message : String(error))
  return upstream(
    'unreachable',
    `${safeUrl(url)} cannot be reached: ${why}.`,
    'Check the address and the network, then retry.',
    {
      details: { host: url.host, reason: code },
      cause: error,
    },
  )
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ECONNREFUSED: 'nothing answers at its port',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

/** `upstream` `timed_out`. */
export const timedOut = (url: URL, what: string, ms: number | null, cause?: unknown): HubError =>
  upstream('timed_out', `${safeUrl(url)} ${what}${ms === null ? '' : ` within ${ms} ms`}.`, 'Try again later.', {
    details: { host: url.host },
    ...(cause === undefined ? {} : { cause }),
  })
