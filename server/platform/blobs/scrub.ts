import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { messageOf } from '../../../kernel/index.ts'
import type { Database, Db } from '../db/index.ts'
import type { BlobStore } from './blob-store.ts'

type ScrubReport = {
  checked: number
  bytes: number
  /** Bytes that no longer agree with their name, moved to quarantine. */
  damaged: { sha256: string; actual: string | null; movedTo: string; reason: string }[]
  /** Digests that something refers to and that are not in the store. */
  missing: string[]
}

type Damage = { actual: string | null; movedTo: string; reason: string }

export type ScrubOptions = {
  signal?: AbortSignal
  /** What is recorded as the time of the reading; the database's own unless told. */
  at?: Date
  /** Called with the bytes of each piece that was read; what it gives is waited for. */
  onBytes?: (bytes: number) => void | Promise<void>
}

/** Reads every blob again and compares it with its name; what differs, or cannot be read, is moved aside and recorded. */
export async function scrubBlobs(
  deps: { database: Database; store: BlobStore },
  options: { signal?: AbortSignal; onProgress?: (progress: { checked: number; bytes: number }) => void } = {},
): Promise<ScrubReport> {
  const report: ScrubReport = { checked: 0, bytes: 0, damaged: [], missing: [] }
  for await (const blob of deps.store.list()) {
    options.signal?.throwIfAborted()
    const { signal } = options
    const damage = await scrubBlob(deps, blob, signal === undefined ? {} : { signal })
    report.checked += 1
    report.bytes += blob.size
    if (damage !== null && damage !== 'gone') report.damaged.push({ sha256: blob.sha256, ...damage })
    options.onProgress?.({ checked: report.checked, bytes: report.bytes })
  }
  report.missing = await findMissing(deps)
  return report
}

/** Reads one blob again. Null: it is what its name says; `gone`: it is not in the store any more; otherwise it was moved aside. */
export async function scrubBlob(
  deps: { database: Database; store: BlobStore },
  blob: { sha256: string; size: number },
  options: ScrubOptions = {},
): Promise<Damage | 'gone' | null> {
  const found = await rehash(deps.store, blob.sha256, options)
  if (found.actual === blob.sha256) {
    await sql`update blob set scrubbed_at = coalesce(${options.at ?? null}::timestamptz, now()), size = coalesce(size, ${blob.size}) where sha256 = ${blob.sha256}`.execute(
      deps.database.db,
    )
    return null
  }
  if (!(await deps.store.has(blob.sha256))) return 'gone'
  const movedTo = await deps.store.quarantine(blob.sha256)
  await sql`
    update blob set quarantined_at = now(), quarantine_reason = ${found.reason} where sha256 = ${blob.sha256}
  `.execute(deps.database.db)
  return { actual: found.actual, movedTo, reason: found.reason }
}

/** Of these blobs, those that were read again and found whole since then. */
export async function scrubbedSince(db: Db, digests: readonly string[], since: Date): Promise<Set<string>> {
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from blob where sha256 = any(${[...digests]}::text[]) and scrubbed_at >= ${since} and quarantined_at is null
  `.execute(db)
  return new Set(rows.map(({ sha256 }) => sha256))
}

async function rehash(
  store: BlobStore,
  sha256: string,
  { signal, onBytes }: ScrubOptions,
): Promise<{ actual: string | null; reason: string }> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of store.createReadStream(sha256)) {
      signal?.throwIfAborted()
      hash.update(chunk as Uint8Array)
      await onBytes?.((chunk as Uint8Array).length)
    }
  } catch (error) {
    signal?.throwIfAborted()
    return { actual: null, reason: `It could not be read: ${messageOf(error)}` }
  }
  const actual = hash.digest('hex')
  return { actual, reason: `Its bytes have the SHA-256 ${actual}.` }
}

async function findMissing(deps: { database: Database; store: BlobStore }): Promise<string[]> {
  const missing: string[] = []
  for (let after = ''; ; ) {
    const { rows } = await sql<{ sha256: string }>`
      select distinct sha256 from blob_ref where sha256 > ${after} order by sha256 limit 500
    `.execute(deps.database.db)
    for (const { sha256 } of rows) if (!(await deps.store.has(sha256))) missing.push(sha256)
    const last = rows.at(-1)
    if (last === undefined) return missing
    after = last.sha256
  }
}
