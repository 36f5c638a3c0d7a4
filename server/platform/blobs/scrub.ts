import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { messageOf } from '../../../kernel/index.ts'
import type { Database } from '../db/index.ts'
import type { BlobInfo, BlobStore } from './blob-store.ts'

type ScrubReport = {
  checked: number
  bytes: number
  /** Bytes that no longer agree with their name, moved to quarantine. */
  damaged: { sha256: string; actual: string | null; movedTo: string; reason: string }[]
  /** Digests that something refers to and that are not in the store. */
  missing: string[]
}

/** Reads every blob again and compares it with its name; what differs, or cannot be read, is moved aside and recorded. */
export async function scrubBlobs(
  deps: { database: Database; store: BlobStore },
  options: { signal?: AbortSignal; onProgress?: (progress: { checked: number; bytes: number }) => void } = {},
): Promise<ScrubReport> {
  const report: ScrubReport = { checked: 0, bytes: 0, damaged: [], missing: [] }
  for await (const blob of deps.store.list()) {
    options.signal?.throwIfAborted()
    const found = await rehash(deps.store, blob, options.signal)
    report.checked += 1
    report.bytes += blob.size
    if (found.actual === blob.sha256) {
      await sql`update blob set scrubbed_at = now(), size = coalesce(size, ${blob.size}) where sha256 = ${blob.sha256}`.execute(
        deps.database.db,
      )
    } else if (await deps.store.has(blob.sha256)) {
      const movedTo = await deps.store.quarantine(blob.sha256)
      await sql`
        update blob set quarantined_at = now(), quarantine_reason = ${found.reason} where sha256 = ${blob.sha256}
      `.execute(deps.database.db)
      report.damaged.push({ sha256: blob.sha256, actual: found.actual, movedTo, reason: found.reason })
    }
    options.onProgress?.({ checked: report.checked, bytes: report.bytes })
  }
  report.missing = await findMissing(deps)
  return report
}

async function rehash(
  store: BlobStore,
  blob: BlobInfo,
  signal: AbortSignal | undefined,
): Promise<{ actual: string | null; reason: string }> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of store.createReadStream(blob.sha256)) {
      signal?.throwIfAborted()
      hash.update(chunk as Uint8Array)
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
