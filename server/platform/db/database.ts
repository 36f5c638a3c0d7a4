import type { Kysely, Transaction } from 'kysely'

/** A root handle. A store types the tables it owns with `db.withTables<Tables>()`. */
export type Db = Kysely<Record<never, never>>
/** A handle that is valid inside one transaction only. */
export type Trx = Transaction<Record<never, never>>
type DatabaseKind = 'embedded' | 'postgres'

/** Called with the payload of a notification; runs outside every transaction and must not throw. */
export type Listener = (payload: string) => void

/** Which processes on this database are alive, told by their connection and not by a clock. */
type Presence = {
  /** Makes `name` (unique to this process start) count as alive until released or until this process dies. */
  announce: (name: string) => Promise<() => Promise<void>>
  /** Takes `name` for this process until released or until it dies; undefined while another process, or this one, has it. */
  hold: (name: string) => Promise<(() => Promise<void>) | undefined>
  /** Those of `names` that no live process has announced. */
  gone: (names: readonly string[]) => Promise<string[]>
}

export type Database = {
  kind: DatabaseKind
  db: Db
  /**
   * Runs `fn` in one transaction (read committed) and commits when it resolves. Inside it only `trx` may be used: the root handle
   * throws there, because the embedded database, which has one connection, would wait for ever.
   */
  transaction: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
  /**
   * Subscribes to a NOTIFY channel (`[a-z_][a-z0-9_]*`). Notifications may be lost while a connection is down; `onGap` is called
   * after it is back. Returns the unsubscribe function.
   */
  listen: (channel: string, listener: Listener, onGap?: () => void) => Promise<() => Promise<void>>
  /** Sends a notification when the transaction commits. Payload up to 7,999 bytes. */
  notify: (trx: Trx, channel: string, payload: string) => Promise<void>
  presence: Presence
  /** Embedded only: copies the database, at one instant, into a folder that does not exist yet. The copy is not flushed to the disk. */
  backup?: (folder: string, signal?: AbortSignal) => Promise<void>
  /** Waits for running work, then frees everything. Calling it again does nothing. */
  close: () => Promise<void>
}
