import { sql } from 'kysely'
import type { Db, Trx } from '../../platform/db/index.ts'

/**
 * The versions that names of base models mean here: a model of that name, else one that was fetched from the repository of that name;
 * its default version. By name as given; names that mean nothing here are left out.
 */
export async function findBases(db: Db | Trx, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const keys = names.map((name) => name.toLowerCase())
  const { rows } = await sql<{ key: string; version_id: string }>`
    select name_key as key, default_version_id as version_id, 0 as place from model
    where name_key = any(${keys}::text[]) and default_version_id is not null
    union all
    select lower(v.source ->> 'repo') as key, v.id as version_id, 1 as place from model_version v
    where v.source_type = 'huggingface' and lower(v.source ->> 'repo') = any(${keys}::text[])
    order by place desc, version_id
    limit ${names.length * 100}
  `.execute(db)
  const found = new Map(rows.map((row) => [row.key, row.version_id]))
  return new Map(
    names.flatMap((name) => (found.has(name.toLowerCase()) ? [[name, found.get(name.toLowerCase()) ?? '']] : [])),
  )
}
