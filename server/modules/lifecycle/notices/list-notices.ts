import type { OwnerEvent } from '../../../../contract/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { getVersion } from '../../catalog/index.ts'
import { type ListedNotice, pageNotices } from './notice-store.ts'

/** What owners of versions should hear of, newest first. Throws `not_found` for a version that is not there. */
export async function listNotices(
  db: Db,
  input: { limit: number; cursor?: string; version?: string | undefined },
): Promise<Page<OwnerEvent>> {
  const { limit, cursor, version } = input
  const rows = await pageNotices(db, {
    limit,
    ...(cursor === undefined ? {} : { before: decodeCursor(cursor, ['text'])[0] }),
    ...(version === undefined ? {} : { versionId: (await getVersion(db, version)).id }),
  })
  return toPage(rows, limit, present, ({ id }) => [id])
}

const present = (row: ListedNotice): OwnerEvent => ({
  id: row.id,
  versionId: row.version_id,
  modelName: row.model_name,
  number: row.number,
  projectId: row.project_id,
  owner: row.owner_name,
  kind: row.kind,
  message: row.message,
  remedy: row.remedy,
  details: row.details,
  at: row.at.toISOString(),
  deliveredAt: row.delivered_at?.toISOString() ?? null,
})
