import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { amcheck } from '@electric-sql/pglite/contrib/amcheck'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/**
 * PostgreSQL's own checks of a closed database: every B-tree against its table, every row of every table and catalog, TOAST and
 * page checksums included. Throws what they find.
 * @returns how many tables and indexes were checked
 */
export async function checkPages(dataFolder: string): Promise<{ tables: number; indexes: number }> {
  const database = await PGlite.create({ fs: new NodeFS(join(dataFolder, 'db')), extensions: { amcheck } })
  try {
    await database.exec('create extension if not exists amcheck')
    const { rows: indexes } = await database.query<{ name: string }>(`
      select indexrelid::regclass::text as name, bt_index_parent_check(indexrelid, true)
      from pg_index join pg_class c on c.oid = indexrelid join pg_am on pg_am.oid = c.relam
      where amname = 'btree' and indisvalid`)
    const { rows: tables } = await database.query<{ name: string; found: string | null }>(`
      select c.oid::regclass::text as name,
        (select string_agg(msg, '; ') from verify_heapam(c.oid, check_toast => true)) as found
      from pg_class c where relkind in ('r', 't', 'm')`)
    const bad = tables.filter(({ found }) => found !== null)
    if (bad.length > 0) throw new Error(`damaged: ${bad.map(({ name, found }) => `${name}: ${found}`).join(', ')}`)
    return { tables: tables.length, indexes: indexes.length }
  } finally {
    await database.close()
  }
}
