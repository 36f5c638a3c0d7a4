import type { Project } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { listProjectRows } from './store.ts'

/** Projects by name. */
export async function listProjects(db: Db, input: { limit: number; cursor?: string }): Promise<Page<Project>> {
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const rows = await listProjectRows(db, input.limit, after)
  return toPage(
    rows,
    input.limit,
    (row) => ({ id: row.id, name: row.name, visibility: row.visibility, createdAt: row.created_at.toISOString() }),
    (row) => [row.name_key],
  )
}
