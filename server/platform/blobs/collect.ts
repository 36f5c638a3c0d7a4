import { sql } from 'kysely'
import type { Clock } from '../../../kernel/index.ts'
import type { Database } from '../db/index.ts'
import type { BlobStore } from './blob-store.ts'

type CollectReport = { removed: number; bytes: number }

const pageSize = 500

/**
 * Removes blobs that nothing has referred to for `graceMs` (a day unless told), and files that never got a row. Safe beside puts and
 * new references: the row goes first, under its lock; the file then goes only if it was not put again within the grace period.
 * A kill between the two leaves a file without a row, which the next collection finds.
 */
export async function collectBlobs(
  deps: { database: Database; store: BlobStore; clock: Clock },
  options: { graceMs?: number; signal?: AbortSignal } = {},
): Promise<CollectReport> {
  const graceMs = options.graceMs ?? 86_400_000
  const untouchedSince = new Date(deps.clock.now() - graceMs)
  const report: CollectReport = { removed: 0, bytes: 0 }
  await removeRows(deps.database, graceMs, options.signal)

  let page: { sha256: string; size: number }[] = []
  const removeOrphans = async () => {
    const known = await knownDigests(
      deps.database,
      page.map((blob) => blob.sha256),
    )
    for (const { sha256, size } of page) {
      if (known.has(sha256) || !(await deps.store.delete(sha256, { untouchedSince }))) continue
      report.removed += 1
      report.bytes += size
    }
    page = []
  }
  for await (const blob of deps.store.list()) {
    options.signal?.throwIfAborted()
    if (blob.touchedAt >= untouchedSince) continue
    page.push(blob)
    if (page.length >= pageSize) await removeOrphans()
  }
  await removeOrphans()
  return report
}

async function removeRows(database: Database, graceMs: number, signal: AbortSignal | undefined): Promise<void> {
  for (let removed = pageSize; removed === pageSize; ) {
    signal?.throwIfAborted()
    removed = await database.transaction(async (trx) => {
      const { rows } = await sql`
        with dead as (
          select sha256 from blob
          where unreferenced_since <= now() - make_interval(secs => ${graceMs / 1_000}::double precision)
          order by sha256 limit ${pageSize} for update skip locked
        )
        delete from blob using dead
        where blob.sha256 = dead.sha256 and not exists (select 1 from blob_ref r where r.sha256 = blob.sha256)
        returning blob.sha256
      `.execute(trx)
      return rows.length
    })
  }
}

async function knownDigests(database: Database, digests: readonly string[]): Promise<Set<string>> {
  if (digests.length === 0) return new Set()
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from blob where sha256 = any(${[...digests]}::text[])
  `.execute(database.db)
  return new Set(rows.map((row) => row.sha256))
}
