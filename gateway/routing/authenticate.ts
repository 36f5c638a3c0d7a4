import { hash } from 'node:crypto'
import { type Clock, type HubError, unauthenticated } from '../../kernel/index.ts'
import type { GatewayKey, Snapshot } from '../snapshot/build-snapshot.ts'
import type { HeldSnapshot } from '../snapshot/held-snapshot.ts'

export type Authenticate = (authorization: string | undefined, snapshot: Snapshot) => GatewayKey | HubError

const remedy =
  'Send "authorization: Bearer <key>" with a gateway key; the model page and `modelhub keys create` make one.'
const refuse = (what: string) => unauthenticated('invalid_api_key', what, remedy)
const mostCached = 10_000

/** Finds the key of a bearer by its sha256. Hashes of keys that were found are remembered (a hash costs 4 µs). */
export function createAuthenticate(held: HeldSnapshot, clock: Clock): Authenticate {
  let known = new Map<string, string>()
  return (authorization, snapshot) => {
    const bearer = /^bearer +(\S{1,512})$/i.exec(authorization ?? '')?.[1]
    if (bearer === undefined) return refuse('There is no gateway key in the request.')
    const digest = known.get(bearer) ?? hash('sha256', bearer)
    const key = snapshot.keys.get(digest)
    if (key === undefined || held.isRevoked(digest)) return refuse('The gateway key is unknown or revoked.')
    if (key.expiresAt !== undefined && key.expiresAt <= clock.now()) return refuse('The gateway key has expired.')
    if (known.size >= mostCached) known = new Map()
    known.set(bearer, digest)
    return key
  }
}
