import { unwrap } from '../sdk/index.ts'
import type { Hub } from './hub.ts'

/** One call whose content is a file, either way. Throws the hub's refusal. */
export async function hubAnswer(hub: Hub, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  if (hub.token !== undefined) headers.set('authorization', `Bearer ${hub.token}`)
  const response = await hub.fetch(`${hub.url}/api/v1${path}`, { ...init, headers })
  if (!response.ok) {
    const error: unknown = await response.json().catch(() => ({}))
    await unwrap(Promise.resolve({ error, response }))
  }
  return response
}
