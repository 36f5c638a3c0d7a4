import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

export type NetRequest = {
  method?: 'GET' | 'HEAD' | 'POST'
  /** `authorization` and other credentials go to the first origin only; a redirect elsewhere drops them. */
  headers?: Readonly<Record<string, string>>
  body?: string | Uint8Array
  /** Redirects that are followed, each checked like the first address. 0 to 5, default 5. With 0 the redirect itself is the answer. */
  redirects?: number
  /** Milliseconds until the head of the answer is there, for each hop; waiting for a turn at the host does not count. Default 30,000. */
  headTimeoutMs?: number
  /** Milliseconds of silence in the body after which it fails; also all the time that `text` and `json` take. Default 60,000. */
  idleTimeoutMs?: number
  /** The answer is the content of a file: such requests wait in a line of their own at a host, and share the bandwidth cap. */
  bulk?: boolean
}

export type NetResponse = {
  /** Any; an error status is not an error here. */
  status: number
  headers: IncomingHttpHeaders
  /** Where the answer came from after redirects, with its query: not for logs (`safeUrl`). */
  url: string
  /** Must be read to its end or destroyed: until then it keeps a turn at its host. Fails with `upstream` `unreachable` or `timed_out`. */
  body: Readable
  /** The whole body. Throws `limit` `answer_too_large` above `maxBytes` (default 1 MiB), `upstream` `answer_encoded`. */
  text: (maxBytes?: number) => Promise<string>
  /** The same as JSON. Throws `upstream` `answer_not_json`. */
  json: (maxBytes?: number) => Promise<unknown>
}

/** The only way out to the network: scheme, address, redirect and size policy in one place. */
export type Net = {
  /**
   * Sends a request. Throws `forbidden` `address_refused` for an address that the policy refuses (checked as literal, as answer of the
   * name lookup and as peer after connecting), `invalid` `url_refused` for a scheme, a port or user info that it refuses, `limit`
   * `too_many_requests` when too many already wait for the host, `upstream` `unreachable`, `timed_out`, `too_many_redirects`,
   * `redirect_refused`, and the signal's reason.
   */
  request: (url: string | URL, request?: NetRequest, signal?: AbortSignal) => Promise<NetResponse>
  close: () => Promise<void>
}
