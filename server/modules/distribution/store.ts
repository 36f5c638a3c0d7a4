import { sql } from 'kysely'
import type { LicenseSummary, LifecycleState, Metadata, SourceType } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { commitDomain } from './commit-id.ts'

/** What the door needs of a model and one of its versions. */
export type RepoRow = {
  model_id: string
  model_name: string
  description: string
  model_tags: string[]
  visibility: 'private' | 'projects' | 'organization'
  /** Null: the model has no such version. */
  id: string | null
  project_id: string
  number: number
  state: LifecycleState
  digest: string | null
  license: LicenseSummary | null
  tasks: string[]
  metadata: Metadata
  source_type: SourceType
  file_count: number
  total_bytes: number
  step_dates: Record<string, string>
  model_created_at: Date
  created_at: Date
}

export type RevisionKey = { is: 'default' } | { is: 'number'; number: number } | { is: 'commit'; commit: string }

const columns = sql.raw(`m.id as model_id, m.name as model_name, m.description, m.tags as model_tags, p.visibility,
  m.project_id, m.created_at as model_created_at, v.id, v.number, v.state, v.digest, v.license, v.tasks, v.metadata,
  v.source_type, v.file_count, v.total_bytes, v.step_dates, v.created_at`)

const commit = sql`left(encode(sha256(convert_to(${sql.lit(commitDomain)} || chr(10) || v.id || chr(10) || v.digest, 'UTF8')), 'hex'), 40)`

const condition = (key: RevisionKey) => {
  if (key.is === 'default') return sql`v.id = m.default_version_id`
  return key.is === 'number' ? sql`v.number = ${key.number}` : sql`${commit} = ${key.commit}`
}

const numbers = (row: RepoRow): RepoRow => ({ ...row, total_bytes: Number(row.total_bytes) })

/** The first model of these names, ignoring case, with the version that the revision means. */
export async function findRepo(db: Db, names: readonly string[], key: RevisionKey): Promise<RepoRow | undefined> {
  const keys = names.map((name) => name.toLowerCase())
  const { rows } = await sql<RepoRow>`
    select ${columns} from model m join project p on p.id = m.project_id
    left join model_version v on v.model_id = m.id and ${condition(key)}
    where m.name_key in (${sql.join(keys)})
    order by array_position(${sql.val(keys)}::text[], m.name_key) limit 1
  `.execute(db)
  return rows[0] === undefined ? undefined : numbers(rows[0])
}

/** Sealed versions of a model below a number, newest first; all states or the published ones. */
export async function listSealed(
  db: Db,
  modelId: string,
  input: { all: boolean; below: number; limit: number },
): Promise<(RepoRow & { id: string })[]> {
  const { rows } = await sql<RepoRow & { id: string }>`
    select ${columns} from model m join project p on p.id = m.project_id join model_version v on v.model_id = m.id
    where m.id = ${modelId} and v.digest is not null and v.number < ${input.below}
      and (${input.all} or v.state = 'published')
    order by v.number desc limit ${input.limit}
  `.execute(db)
  return rows
}

export type ListInput = {
  all: boolean
  search: readonly string[]
  author: string | undefined
  tags: readonly string[]
  task: string | undefined
  sort: 'lastModified' | 'createdAt' | 'id'
  ascending: boolean
  limit: number
  after: { value: Date | string; id: string } | undefined
}

const sortColumns = { lastModified: 'm.updated_at', createdAt: 'm.created_at', id: 'm.name_key' } as const

export type ListedRow = RepoRow & { id: string; digest: string; sort_value: Date | string }

/** Models whose default version may be pulled, a page of them, `limit + 1`. */
export async function listRepos(db: Db, input: ListInput): Promise<ListedRow[]> {
  const like = (text: string) => text.replace(/[\\%_]/g, (char) => `\\${char}`)
  const column = sql.raw(sortColumns[input.sort])
  const direction = sql.raw(input.ascending ? 'asc' : 'desc')
  const where = [sql`v.digest is not null`, sql`(${input.all} or v.state = 'published')`]
  for (const term of input.search) where.push(sql`m.name_key like ${`%${like(term.toLowerCase())}%`}`)
  if (input.author === 'models') where.push(sql`strpos(m.name_key, '/') = 0`)
  else if (input.author !== undefined) where.push(sql`m.name_key like ${`${like(input.author.toLowerCase())}/%`}`)
  if (input.tags.length > 0) where.push(sql`(m.tags || v.tasks) @> ${sql.val([...input.tags])}::text[]`)
  if (input.task !== undefined) where.push(sql`${input.task} = any (v.tasks)`)
  if (input.after !== undefined) {
    const { value, id } = input.after
    const typed = value instanceof Date ? sql`${value.toISOString()}::timestamptz` : sql`${value}`
    const operator = sql.raw(input.ascending ? '>' : '<')
    where.push(sql`(${column}, m.id) ${operator} (${typed}, ${id})`)
  }
  const { rows } = await sql<ListedRow>`
    select ${columns}, ${column} as sort_value from model m join project p on p.id = m.project_id
    join model_version v on v.id = m.default_version_id
    where ${sql.join(where, sql` and `)}
    order by ${column} ${direction}, m.id ${direction} limit ${input.limit + 1}
  `.execute(db)
  return rows.map((row) => numbers(row) as ListedRow)
}

/** The git names that are known of these bytes, by SHA-256. */
export async function findGitBlobs(db: Db, digests: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ sha256: string; sha1: string }>`
    select sha256, sha1 from git_blob where sha256 = any (${sql.val([...digests])}::text[])
  `.execute(db)
  return new Map(rows.map((row) => [row.sha256, row.sha1]))
}

export async function insertGitBlobs(db: Db, found: readonly { sha256: string; sha1: string }[]): Promise<void> {
  await sql`
    insert into git_blob (sha256, sha1)
    select sha256, sha1 from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as r (sha256 text, sha1 text)
    on conflict do nothing
  `.execute(db)
}

/** Versions whose files come from one of these folders. */
export async function versionsOfFolders(
  db: Db,
  folders: readonly string[],
): Promise<{ path: string; state: LifecycleState; active_job_id: string | null }[]> {
  const { rows } = await sql<{ path: string; state: LifecycleState; active_job_id: string | null }>`
    select source ->> 'path' as path, state, active_job_id from model_version
    where source_type = 'disk' and source ->> 'path' = any (${sql.val([...folders])}::text[])
  `.execute(db)
  return rows
}
