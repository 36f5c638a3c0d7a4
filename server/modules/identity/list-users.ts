import type { User } from '../../../contract/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { listUserRows, rolesOf } from './store.ts'

/** People of this hub, in the order of their ids. */
export async function listUsers(
  deps: { database: Database },
  input: { limit: number; cursor?: string },
): Promise<Page<User>> {
  const after = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['text'])[0]
  const rows = await listUserRows(deps.database.db, input.limit, after)
  const roles = new Map<string, string[]>()
  for (const row of rows) roles.set(row.id, await rolesOf(deps.database.db, row.id))
  return toPage(
    rows,
    input.limit,
    (row) => ({
      id: row.id,
      name: row.name,
      email: row.email,
      roles: roles.get(row.id) ?? [],
      createdAt: row.createdAt.toISOString(),
    }),
    (row) => [row.id],
  )
}
