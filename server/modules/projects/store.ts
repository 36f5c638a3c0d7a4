import type { Db, Trx } from '../../platform/db/index.ts'

export type ProjectRow = {
  id: string
  name: string
  name_key: string
  visibility: 'private' | 'projects' | 'organization'
  created_at: Date
}

const tables = (db: Db | Trx) => db.withTables<{ project: ProjectRow }>()

export async function insertProject(trx: Trx, row: ProjectRow): Promise<void> {
  await tables(trx)
    .insertInto('project')
    .values(row)
    .onConflict((oc) => oc.column('name_key').doNothing())
    .execute()
}

/** By id or name, ignoring case. */
export function findProject(db: Db | Trx, idOrName: string): Promise<ProjectRow | undefined> {
  return tables(db)
    .selectFrom('project')
    .selectAll()
    .where((eb) => eb.or([eb('id', '=', idOrName), eb('name_key', '=', idOrName.toLowerCase())]))
    .executeTakeFirst()
}

/** Projects by name, `limit + 1` of them, after the name key `after`. */
export function listProjectRows(db: Db, limit: number, after?: string): Promise<ProjectRow[]> {
  let query = tables(db)
    .selectFrom('project')
    .selectAll()
    .orderBy('name_key')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('name_key', '>', after)
  return query.execute()
}
