import { useCallback, useRef } from 'react'
import { unwrap } from '../../../sdk/index.ts'
import { hub } from '../../app/client.ts'

const margin = 60_000

/** A gateway key of this session, in memory only; a new one is asked for when it is about to end or was refused. */
export function useSessionKey() {
  const held = useRef<{ key: string; until: number } | null>(null)
  return useCallback(async (renew = false): Promise<string> => {
    if (!renew && held.current !== null && held.current.until - margin > Date.now()) return held.current.key
    const made = await unwrap(hub.POST('/keys/session'))
    const expires = made.record.expiresAt
    held.current = { key: made.key, until: expires === null ? Number.POSITIVE_INFINITY : Date.parse(expires) }
    return made.key
  }, [])
}
