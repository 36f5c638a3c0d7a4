import {
  conflict,
  forbidden,
  type HubError,
  invalid,
  limitReached,
  notFound,
  upstream,
} from '../../../../kernel/index.ts'
import type { NetResponse } from '../../../platform/net/net.ts'
import { authorization, type Header, headerOf, netOf } from '../network.ts'
import type { SourceContext } from '../source-kind.ts'
import { type Stated, statedDigests } from './checksums.ts'
import { expiryOf } from './expiry.ts'

export type Probe = {
  /** Null: the server does not say. */
  size: number | null
  /** Only a strong one: a weak tag says nothing of bytes. */
  etag: string | undefined
  ranges: boolean
  type: string | undefined
  disposition: string | undefined
  stated: Stated
}

/**
 * Asks for the first byte: S3 refuses HEAD for an address that was signed for GET. Throws `link_expired`, `file_not_found`,
 * `token_needed` and so on, each with what to do.
 */
export async function probeUrl(
  url: URL,
  credential: string | undefined,
  context: SourceContext,
  signal?: AbortSignal,
): Promise<Probe> {
  const headers = { ...(await requestHeaders(context, credential, url)), range: 'bytes=0-0' }
  const response = await netOf(context).request(url, { headers }, signal)
  // Of a server that ignores the range, the head is all that is wanted.
  response.body.destroy()
  if (![200, 206, 416].includes(response.status)) throw refusalOf(response, url, credential !== undefined)
  const header = headerOf(response.headers)
  if (header('content-encoding') !== undefined && header('content-encoding') !== 'identity') {
    throw upstream(
      'encoded_answer',
      'The server compresses the file on the way although asked not to; its bytes could not be compared with any digest.',
      'Use an address that gives the file as it is.',
    )
  }
  const etag = header('etag')
  return {
    size: sizeOf(response, header),
    etag: etag !== undefined && /^"[^"]{1,500}"$/.test(etag) ? etag : undefined,
    ranges: response.status === 206,
    type: header('content-type')?.split(';')[0]?.trim().toLowerCase(),
    disposition: header('content-disposition'),
    stated: statedDigests(header, response.status === 200),
  }
}

export async function requestHeaders(
  context: SourceContext,
  credential: string | undefined,
  url: URL,
): Promise<Record<string, string>> {
  return { 'accept-encoding': 'identity', ...(await authorization(context, credential, url.origin)) }
}

function sizeOf(response: NetResponse, header: Header): number | null {
  const text =
    response.status === 200
      ? header('content-length')
      : /^bytes (?:0-0|\*)\/(\d+)$/.exec(header('content-range')?.trim() ?? '')?.[1]
  const size = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null
  // 416 to the first byte: there is none.
  return size ?? (response.status === 416 ? 0 : null)
}

/** What a refusal means; a signed address answers 403 when its time is over. */
export function refusalOf(
  response: Pick<NetResponse, 'status' | 'headers'>,
  url: URL,
  withToken: boolean,
  now = Date.now(),
): HubError {
  const { status } = response
  const expiry = expiryOf(url)
  const signed = expiry !== null || /[?&](x-amz-signature|x-goog-signature|sig|signature)=/i.test(url.search)
  if ([400, 401, 403, 410].includes(status) && signed) return linkExpired(expiry, now)
  if (status === 404 || status === 410) {
    return notFound('file_not_found', `There is no file at ${url.origin}${url.pathname}.`, 'Check the address.')
  }
  if (status === 401 || status === 403) {
    return forbidden(
      'token_needed',
      `${url.origin} does not give this file${withToken ? ' to the stored credential' : ' to everybody'}.`,
      withToken
        ? 'Test the credential, or use one that may read the file.'
        : 'Name a stored credential, or use a signed address.',
    )
  }
  if (status === 429) return limitReached('source_rate_limited', `${url.origin} asks for a pause.`, 'Try again later.')
  if (status >= 500)
    return upstream('source_failed', `${url.origin} answered with status ${status}.`, 'Try again later.')
  return invalid('source_refused', `${url.origin} answered with status ${status}.`, 'Check the address.')
}

/** The address worked once, or would have; another one for the same file goes on where this one ended. */
export const linkExpired = (expiry: Date | null, now = Date.now()): HubError =>
  conflict(
    'link_expired',
    expiry === null || expiry.getTime() > now
      ? 'The server does not accept the signed address any more.'
      : `The signed address ended to work at ${expiry.toISOString()}.`,
    'Paste a fresh link to the same file; what was downloaded is kept.',
    { details: expiry === null ? {} : { expiresAt: expiry.toISOString() } },
  )
