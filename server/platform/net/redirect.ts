import type { IncomingHttpHeaders } from 'node:http'
import { parseUrl, safeUrl } from '../../../egress/index.ts'
import { type HubError, upstream } from '../../../kernel/index.ts'
import type { NetRequest } from './net.ts'

export type Hop = {
  url: URL
  method: NonNullable<NetRequest['method']>
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  body: NetRequest['body']
}

const redirecting = new Set([301, 302, 303, 307, 308])
/** What another origin may see. Everything else may be a credential: providers name theirs as they like. */
const harmless = new Set([
  'accept',
  'accept-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'range',
  'user-agent',
])

/**
 * Where an answer sends us; null when it is no redirect. Its address is not yet checked. An error, to be thrown, for a redirect that
 * is not followed: from https to http, or one that would carry a body to another origin.
 */
export function nextHop(hop: Hop, status: number, headers: IncomingHttpHeaders): Hop | HubError | null {
  const location = headers.location
  if (!redirecting.has(status) || location === undefined) return null
  let url: URL
  try {
    url = parseUrl(location, hop.url)
  } catch (error) {
    return error as HubError
  }
  if (hop.url.protocol === 'https:' && url.protocol === 'http:') return refused(hop.url, 'to plain http')
  const keepsMethod = hop.method !== 'POST' || status === 307 || status === 308
  const same = url.origin === hop.url.origin
  if (!same && keepsMethod && hop.body !== undefined) return refused(hop.url, 'what was sent to another host')
  const kept = Object.entries(hop.headers).filter(
    ([name]) => (same || harmless.has(name)) && (keepsMethod || name !== 'content-type'),
  )
  return {
    url,
    method: keepsMethod ? hop.method : 'GET',
    headers: Object.fromEntries(kept),
    body: keepsMethod ? hop.body : undefined,
  }
}

const refused = (url: URL, what: string): HubError =>
  upstream(
    'redirect_refused',
    `${safeUrl(url)} redirects ${what}, which is not followed.`,
    'Give the address that it ends at.',
  )
