import type { PGlite } from '@electric-sql/pglite'

/** What a start after a kill has to replay, and what the journal takes of the disk, is about as much. */
const usual = { journalBytes: 64 * 2 ** 20, lookEveryMs: 5_000 }

/**
 * Makes checkpoints as the journal grows. PostgreSQL has a process of its own for that, which the embedded one lacks: its journal
 * would grow until the hub stops.
 */
export function keepCheckpoints(
  database: PGlite,
  onFailed: (error: unknown) => void,
  { journalBytes, lookEveryMs } = usual,
): { stop: () => void } {
  let busy = false
  const look = async () => {
    const { rows } = await database.query<{ bytes: number }>(
      'select (pg_current_wal_insert_lsn() - redo_lsn)::float8 as bytes from pg_control_checkpoint()',
    )
    if ((rows[0]?.bytes ?? 0) > journalBytes) await database.exec('checkpoint')
  }
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    look()
      .catch(onFailed)
      .finally(() => {
        busy = false
      })
  }, lookEveryMs)
  return { stop: () => clearInterval(timer) }
}
