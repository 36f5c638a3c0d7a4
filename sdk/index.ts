import createFetchClient, { type Client } from 'openapi-fetch'
import type { paths } from './generated/api.ts'

export type { components, operations, paths } from './generated/api.ts'

export type HubClient = Client<paths>

export type HubClientOptions = {
  /** Address of the hub, such as `http://127.0.0.1:4820`; empty in a browser served by the hub. */
  url: string
  /** An access token; without it the browser's session cookie counts. */
  token?: string
  /** Replaces the platform's fetch, in tests. */
  fetch?: (request: Request) => Promise<Response>
}

/** The typed client of the control API: `client.GET('/models', { params: { query: { q: 'llama' } } })`. */
export function createClient(options: HubClientOptions): HubClient {
  return createFetchClient<paths>({
    baseUrl: `${options.url.replace(/\/+$/, '')}/api/v1`,
    ...(options.token === undefined ? {} : { headers: { authorization: `Bearer ${options.token}` } }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  })
}

export { followEvents, type HubEvent } from './follow-events.ts'
export { HubApiError, unwrap } from './unwrap.ts'
