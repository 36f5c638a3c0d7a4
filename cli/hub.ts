import { upstream } from '../kernel/index.ts'
import { createClient, type HubClient, unwrap } from '../sdk/index.ts'
import type { Environment } from './environment.ts'
import { locateHub } from './locate-hub.ts'

export type Hub = {
  /** Base address without a slash at the end. */
  url: string
  token: string | undefined
  client: HubClient
  /** `fetch` that says in plain words when no hub answers. */
  fetch: typeof fetch
  /** One call by method and path below /api/v1, for commands generated from openapi.json. */
  send: (method: string, path: string, query: URLSearchParams, body?: unknown) => Promise<unknown>
}

/** Makes the client of the hub. Does not call it yet. */
export function findHub(environment: Environment): Hub {
  const { url, token } = locateHub(environment)
  const reach: typeof fetch = async (input, init) => {
    try {
      return await fetch(input, init)
    } catch (cause) {
      if (cause instanceof Error && (cause.name === 'AbortError' || cause.name === 'TimeoutError')) throw cause
      throw upstream(
        'hub_unreachable',
        `No hub answers at ${url}.`,
        'Start one with "modelhub serve", or set MODELHUB_URL to the address of a running hub.',
        { cause },
      )
    }
  }
  const client = createClient({ url, ...(token === undefined ? {} : { token }), fetch: (request) => reach(request) })
  const send: Hub['send'] = async (method, path, query, body) => {
    const search = query.size === 0 ? '' : `?${query.toString()}`
    const headers: Record<string, string> = { accept: 'application/json' }
    if (token !== undefined) headers.authorization = `Bearer ${token}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    const response = await reach(`${url}/api/v1${path}${search}`, {
      method: method.toUpperCase(),
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined)
    return unwrap<unknown>(
      Promise.resolve(response.ok ? { data: answer, response } : { error: answer ?? {}, response }),
    )
  }
  return { url, token, client, fetch: reach, send }
}
