import { forbidden, type HubError, invalid } from '../kernel/index.ts'
import { type Address, isPublic, parseAddress } from './address.ts'
import type { AllowList } from './allow-list.ts'
import { isBlockedPort } from './blocked-ports.ts'
import { safeUrl } from './safe-url.ts'

export type Policy = {
  allow: AllowList
  /** False lets plain http reach public hosts too. */
  httpsOnly: boolean
}

/** A parsed address of http or https. Throws `invalid` `url_refused`, never with the text itself, which may hold a secret. */
export function parseUrl(text: string | URL, base?: URL): URL {
  const url = URL.parse(text instanceof URL ? text.href : text, base?.href)
  if (url === null)
    throw refusedUrl('The address cannot be read as a URL.', 'Give a whole address that begins with https://.')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refusedUrl(
      `The scheme ${url.protocol.slice(0, 30)} is not fetched.`,
      'Give an address that begins with https://.',
    )
  }
  return url
}

/** The port that is connected to. */
export const portOf = (url: { protocol: string; port: string }): number =>
  url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)

/** What can be said before anything is looked up. Throws `invalid` `url_refused`, `forbidden` `address_refused`. */
export function checkUrl(url: URL, { allow, httpsOnly }: Policy): void {
  const port = portOf(url)
  if (url.username !== '' || url.password !== '') {
    throw refusedUrl(
      `${safeUrl(url)} carries a user name or a password.`,
      'Take them out and store them as a credential.',
    )
  }
  if (allow.allowsHost(url.hostname, port)) return
  if (isBlockedPort(port)) {
    throw refusedUrl(
      `Port ${port} of ${safeUrl(url)} belongs to another protocol and is not fetched from.`,
      `If it speaks HTTP, name ${url.hostname}:${port} in MODELHUB_NET_ALLOW.`,
    )
  }
  const literal = parseAddress(url.hostname)
  if (literal !== null) checkAddress(literal, url, { allow, httpsOnly: false })
  // A name may still turn out to lie in an allowed range; the connector decides then.
  if (url.protocol === 'http:' && httpsOnly && (literal !== null || !allow.hasRanges)) throw plainHttp(url)
}

/**
 * Whether this address may be connected to for this URL, whose host the list does not allow by itself.
 * Throws `forbidden` `address_refused`, `invalid` `url_refused` for plain http.
 */
export function checkAddress(address: Address, url: URL, { allow, httpsOnly }: Policy): void {
  if (allow.allowsAddress(address, portOf(url))) return
  if (!isPublic(address)) throw refusedAddress(url)
  if (url.protocol === 'http:' && httpsOnly) throw plainHttp(url)
}

/** The address itself is left out: a stranger must not learn from an error where an inner name points to. */
export function refusedAddress(url: URL): HubError {
  return forbidden(
    'address_refused',
    `${url.host} is not an address of the public internet.`,
    'If the hub may reach it, have an operator name the host or its range in MODELHUB_NET_ALLOW.',
    { details: { host: url.host } },
  )
}

const plainHttp = (url: URL): HubError =>
  refusedUrl(
    `${safeUrl(url)} is plain http, which anybody on the way can read and change.`,
    'Use https, or have an operator name the host in MODELHUB_NET_ALLOW.',
  )

const refusedUrl = (message: string, remedy: string): HubError => invalid('url_refused', message, remedy)
