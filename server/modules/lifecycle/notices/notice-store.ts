import { sql } from 'kysely'
import type { Db, Trx } from '../../../platform/db/index.ts'

export type NoticeKind = 'needs_attention' | 'findings_rose' | 'findings_cleared' | 'quarantined' | 'license_worse'

/** Something that the owner of a version should hear of. */
export type NoticeRow = {
  id: string
  project_id: string
  version_id: string
  owner_id: string | null
  kind: NoticeKind
  message: string
  remedy: string | null
  details: Record<string, unknown>
  at: Date
}

/** Keeps what owners should hear of, in the transaction of what happened. */
export async function insertNotices(trx: Trx, rows: readonly NoticeRow[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into owner_event (id, project_id, version_id, owner_id, kind, message, remedy, details, at)
    select id, project_id, version_id, owner_id, kind, message, remedy, details, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as p (id text, project_id text, version_id text, owner_id text, kind text, message text, remedy text, details jsonb,
        at timestamptz)
  `.execute(trx)
}

export type ListedNotice = NoticeRow & {
  model_name: string
  number: number
  owner_name: string | null
  delivered_at: Date | null
}

/** Newest first, `limit + 1` of them, before the id `before`. */
export async function pageNotices(
  db: Db,
  input: { limit: number; before?: string; versionId?: string },
): Promise<ListedNotice[]> {
  const { limit, before = null, versionId = null } = input
  const { rows } = await sql<ListedNotice>`
    select e.*, m.name as model_name, v.number, u.name as owner_name
    from owner_event e join model_version v on v.id = e.version_id join model m on m.id = v.model_id
      left join auth_user u on u.id = e.owner_id
    where (${before}::text is null or e.id < ${before}) and (${versionId}::text is null or e.version_id = ${versionId})
    order by e.id desc limit ${limit + 1}
  `.execute(db)
  return rows
}
