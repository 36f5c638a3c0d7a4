import { sql } from 'kysely'
import type { LifecycleState, StateReason } from '../../../../contract/index.ts'
import type { Verdict } from '../../../../kernel/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'

/** What was judged of the catalog so far. */
export type RejudgeCounts = {
  versions: number
  /** The rules came to the same. */
  confirmed: number
  /** A new scan was recorded. */
  changed: number
  /** Left their state, and service, for needs attention. */
  moved: number
  /** What rose, where the gate does not enforce. */
  warned: number
  /** Wait for their bytes to be read again. */
  stale: number
}

export type RejudgeCursor = { ruleset: string; scanner: string; after_version: string; counts: RejudgeCounts }

export type JudgedBefore = {
  id: string
  model_id: string
  model_name: string
  number: number
  project_id: string
  owner_id: string | null
  state: LifecycleState
  digest: string | null
  file_count: number
}

/** Versions that have a scan, in the order of their ids, after the id `after`. */
export async function pageScannedVersions(db: Db, after: string, limit: number): Promise<JudgedBefore[]> {
  const { rows } = await sql<JudgedBefore>`
    select v.id, v.model_id, m.name as model_name, v.number, v.project_id, m.owner_id, v.state, v.digest, v.file_count
    from model_version v join model m on m.id = v.model_id
    where v.id > ${after} and v.state <> 'draft' and exists (select 1 from scan s where s.version_id = v.id)
    order by v.id limit ${limit}
  `.execute(db)
  return rows
}

export type ScannedFile = {
  version_id: string
  path: string
  size: number
  sha256: string | null
  format: string | null
  verdict: Verdict | null
  finding_count: number
}

export async function filesOfVersions(db: Db, versionIds: readonly string[]): Promise<ScannedFile[]> {
  if (versionIds.length === 0) return []
  const { rows } = await sql<ScannedFile>`
    select version_id, path, size, sha256, format, verdict, finding_count from version_file
    where version_id in (${sql.join(versionIds)}) order by version_id, ordinal
  `.execute(db)
  return rows.map((row) => ({ ...row, size: Number(row.size) }))
}

export async function countScannedVersions(db: Db): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from model_version v
    where v.state <> 'draft' and exists (select 1 from scan s where s.version_id = v.id)
  `.execute(db)
  return Number(rows[0]?.n ?? 0)
}

export type VerdictPatch = {
  version_id: string
  path: string
  format: string
  format_title: string
  verdict: Verdict
  finding_count: number
}

/** Records verdicts of files and versions, and of models whose default they are, in few statements. */
export async function recordVerdicts(
  trx: Trx,
  files: readonly VerdictPatch[],
  versions: readonly { id: string; verdict: Verdict }[],
  at: Date,
): Promise<void> {
  for (let i = 0; i < files.length; i += 1_000) {
    await sql`
      update version_file f
      set format = p.format, format_title = p.format_title, verdict = p.verdict, finding_count = p.finding_count
      from jsonb_to_recordset(${JSON.stringify(files.slice(i, i + 1_000))}::jsonb)
        as p (version_id text, path text, format text, format_title text, verdict text, finding_count integer)
      where f.version_id = p.version_id and f.path = p.path
    `.execute(trx)
  }
  if (versions.length === 0) return
  const rows = JSON.stringify(versions)
  await sql`
    update model_version v set verdict = p.verdict, updated_at = ${at}
    from jsonb_to_recordset(${rows}::jsonb) as p (id text, verdict text) where v.id = p.id
  `.execute(trx)
  await sql`
    update model m set verdict = p.verdict, updated_at = ${at}
    from jsonb_to_recordset(${rows}::jsonb) as p (id text, verdict text) where m.default_version_id = p.id
  `.execute(trx)
}

/** Moves versions to needs attention that are still in the state they were read in; gives the ids of those that moved. */
export async function moveToAttention(
  trx: Trx,
  moves: readonly { id: string; from: LifecycleState; reason: StateReason }[],
  at: Date,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    update model_version v
    set state = 'needs_attention', state_reason = p.reason, state_since = ${at}, updated_at = ${at},
      step_dates = v.step_dates || jsonb_build_object('needs_attention', ${at.toISOString()}::text)
    from jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as p (id text, "from" text, reason jsonb)
    where v.id = p.id and v.state = p."from" returning v.id
  `.execute(trx)
  return new Set(rows.map(({ id }) => id))
}

/** As `refreshModel` of the catalog, for many models at once. */
export async function refreshModels(trx: Trx, modelIds: readonly string[], at: Date): Promise<void> {
  if (modelIds.length === 0) return
  await sql`
    update model m
    set default_version_id = c.id, state = c.state, source_type = c.source_type, verdict = c.verdict,
      license_label = case when c.license is null or c.license ->> 'status' = 'unknown' then null else c.license ->> 'label' end,
      total_bytes = c.total_bytes, updated_at = ${at}
    from (
      select distinct on (model_id) model_id, id, state, source_type, verdict, license, total_bytes
      from model_version where model_id in (${sql.join(modelIds)})
      order by model_id, (state = 'published') desc, (state <> 'archived') desc, number desc
    ) c
    where c.model_id = m.id
  `.execute(trx)
}

/** What approvals in force cover, by version: `ruleId path` lines. */
export async function approvedFindings(
  db: Db | Trx,
  versions: readonly { id: string; digest: string | null }[],
  at: Date,
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>()
  if (versions.length === 0) return found
  const { rows } = await sql<{ version_id: string; findings: string[] }>`
    select a.version_id, a.findings from approval a
    join jsonb_to_recordset(${JSON.stringify(versions.map(({ id, digest }) => ({ id, digest })))}::jsonb) as p (id text, digest text)
      on p.id = a.version_id and a.digest is not distinct from p.digest
    where a.subject = 'findings' and a.state = 'approved' and (a.expires_at is null or a.expires_at > ${at})
  `.execute(db)
  for (const row of rows) {
    const of = found.get(row.version_id) ?? new Set<string>()
    for (const one of row.findings) of.add(one)
    found.set(row.version_id, of)
  }
  return found
}

export async function readRejudgeCursor(db: Db, jobId: string): Promise<RejudgeCursor | undefined> {
  const { rows } = await sql<RejudgeCursor>`select * from rejudge_cursor where job_id = ${jobId}`.execute(db)
  return rows[0]
}

export async function saveRejudgeCursor(trx: Trx, jobId: string, cursor: RejudgeCursor): Promise<void> {
  await sql`
    insert into rejudge_cursor (job_id, ruleset, scanner, after_version, counts)
    values (${jobId}, ${cursor.ruleset}, ${cursor.scanner}, ${cursor.after_version}, ${JSON.stringify(cursor.counts)}::jsonb)
    on conflict (job_id) do update set ruleset = excluded.ruleset, scanner = excluded.scanner,
      after_version = excluded.after_version, counts = excluded.counts
  `.execute(trx)
}

export async function deleteRejudgeCursor(trx: Trx, jobId: string): Promise<void> {
  await sql`delete from rejudge_cursor where job_id = ${jobId}`.execute(trx)
}

export type RulesetState = { ruleset: string; scanner: string; at: Date }

/** The rules by which all versions were judged last. */
export async function readRulesetState(db: Db | Trx): Promise<RulesetState | undefined> {
  const { rows } = await sql<RulesetState>`select ruleset, scanner, at from ruleset_state`.execute(db)
  return rows[0]
}

export async function saveRulesetState(trx: Trx, state: RulesetState): Promise<void> {
  await sql`
    insert into ruleset_state (one, ruleset, scanner, at) values (true, ${state.ruleset}, ${state.scanner}, ${state.at})
    on conflict (one) do update set ruleset = excluded.ruleset, scanner = excluded.scanner, at = excluded.at
  `.execute(trx)
}

/** Ids of jobs that judge all versions by these rules and have not ended. */
export async function openRejudges(trx: Trx, by: { ruleset: string; scanner: string }): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from job where kind = 'rejudge' and state in ('queued', 'running') and input ->> 'ruleset' = ${by.ruleset}
      and input ->> 'scanner' = ${by.scanner} order by id limit 1
  `.execute(trx)
  return rows.map(({ id }) => id)
}

/** Keeps others from starting the same job at the same time, until the transaction ends. */
export async function lockStart(trx: Trx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext(${name}))`.execute(trx)
}

/**
 * The next version whose bytes must be read again, after this id, that no other job works on, or that this job was at; null when there is
 * none.
 */
export async function nextStale(db: Db, after: string, jobId: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select s.version_id as id from stale_scan s join model_version v on v.id = s.version_id
    where s.version_id > ${after} and (v.active_job_id is null or v.active_job_id = ${jobId})
      and v.state in ('needs_attention', 'verified', 'evaluated', 'published')
    order by s.version_id limit 1
  `.execute(db)
  return rows[0]?.id ?? null
}

/** Takes a version for a job; false when another job has it. */
export async function takeVersion(trx: Trx, versionId: string, jobId: string): Promise<boolean> {
  const { rows } = await sql`
    update model_version set active_job_id = ${jobId}
    where id = ${versionId} and (active_job_id is null or active_job_id = ${jobId}) returning id
  `.execute(trx)
  return rows.length === 1
}

/** Gives back whatever this job had taken. */
export async function releaseVersions(trx: Trx, jobId: string): Promise<void> {
  await sql`update model_version set active_job_id = null where active_job_id = ${jobId}`.execute(trx)
}
