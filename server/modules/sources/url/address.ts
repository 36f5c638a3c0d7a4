import { forbidden, invalid } from '../../../../kernel/index.ts'
import type { SourceContext } from '../source-kind.ts'

/** An address apart: what may be shown and stored, and its query, which may sign for whoever holds it. */
export function splitAddress(text: string): { shown: string; secret: string | null } {
  const url = parseAddress(text)
  const secret = url.search === '' ? null : url.search
  url.search = ''
  url.hash = ''
  return { shown: url.href, secret }
}

/** The whole address again. */
export function joinAddress(shown: string, secret: string | null): URL {
  const url = parseAddress(shown)
  if (secret !== null) url.search = secret
  return url
}

/** Throws `invalid` `url_refused` for anything but http(s) without user info. */
function parseAddress(text: string): URL {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw invalid('url_refused', 'The address is not an http(s) address.', 'Write it as https://host/path.')
  }
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      'url_refused',
      'The address holds a user name or a password.',
      'Store them as a credential and name that instead.',
    )
  }
  return url
}

/** Throws `forbidden` `origin_refused` when a list of origins is kept and this one is not on it. */
export function assertOrigin(url: URL, context: SourceContext): void {
  const allowed = context.urlOrigins ?? []
  if (allowed.length === 0 || allowed.includes(url.origin)) return
  throw forbidden(
    'origin_refused',
    `This hub takes no files from ${url.origin}.`,
    'Use an allowed origin, or ask whoever runs the hub to add it to MODELHUB_URL_ORIGINS.',
    { details: { origin: url.origin, allowed: allowed.slice(0, 50) } },
  )
}
