import type { Reverification } from '../../../../contract/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { getVersion } from '../../catalog/index.ts'
import { type ListedReverification, listReverificationRows } from './reverify-store.ts'

/** Readings of versions, newest first. Throws `not_found` for a version that is not there. */
export async function listReverifications(
  db: Db,
  input: {
    limit: number
    cursor?: string
    version?: string | undefined
    outcome?: Reverification['outcome'] | undefined
  },
): Promise<Page<Reverification>> {
  const { limit, cursor, version, outcome } = input
  const rows = await listReverificationRows(db, {
    limit,
    ...(cursor === undefined ? {} : { before: decodeCursor(cursor, ['text'])[0] }),
    ...(version === undefined ? {} : { versionId: (await getVersion(db, version)).id }),
    ...(outcome === undefined ? {} : { outcome }),
  })
  return toPage(rows, limit, present, ({ id }) => [id])
}

const present = (row: ListedReverification): Reverification => ({
  id: row.id,
  versionId: row.version_id,
  modelName: row.model_name,
  number: row.number,
  trigger: row.trigger,
  outcome: row.outcome,
  fileCount: row.file_count,
  bytes: row.bytes,
  bytesRead: row.bytes_read,
  changes: row.changes,
  changeCount: row.change_count,
  withdrawn: row.withdrawn,
  startedAt: row.started_at.toISOString(),
  finishedAt: row.finished_at.toISOString(),
})
