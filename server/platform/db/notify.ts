import { sql } from 'kysely'
import type { Listener, Trx } from './database.ts'

/** Sends a notification when `trx` commits. */
export async function notify(trx: Trx, channel: string, payload: string): Promise<void> {
  await sql`select pg_notify(${channel}, ${payload})`.execute(trx)
}

export type Notifier = {
  deliver: (channel: string, payload: string) => void
  channels: () => string[]
  /** Tells every listener that notifications may have been missed. */
  gap: () => void
  /** `first` runs before a channel's first listener is in, `last` after its last one has gone. */
  add: (
    channel: string,
    listener: Listener,
    upstream: { first: () => Promise<void>; last: () => Promise<void> },
    onGap?: () => void,
  ) => Promise<() => Promise<void>>
}

/** Spreads the notifications of one connection over many listeners. */
export function createNotifier(): Notifier {
  const byChannel = new Map<string, Set<{ listener: Listener; onGap: (() => void) | undefined }>>()
  return {
    channels: () => [...byChannel.keys()],
    deliver: (channel, payload) => {
      for (const entry of byChannel.get(channel) ?? []) entry.listener(payload)
    },
    gap: () => {
      for (const entries of byChannel.values()) for (const entry of entries) entry.onGap?.()
    },
    add: async (channel, listener, upstream, onGap) => {
      // The name goes into SQL as it is: LISTEN takes no parameters.
      if (!/^[a-z_][a-z0-9_]{0,62}$/.test(channel)) throw new TypeError(`"${channel}" is no channel name`)
      const entry = { listener, onGap }
      const entries = byChannel.get(channel) ?? new Set()
      byChannel.set(channel, entries)
      entries.add(entry)
      try {
        await upstream.first()
      } catch (error) {
        entries.delete(entry)
        throw error
      }
      return async () => {
        if (!entries.delete(entry) || entries.size > 0) return
        byChannel.delete(channel)
        await upstream.last()
      }
    },
  }
}
