import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { systemClock } from '../../../kernel/index.ts'
import { auditHash, genesisHash } from '../../../server/modules/governance/audit-hash.ts'
import type { AuditSeal } from '../../../server/modules/governance/index.ts'
import { type Database, type Db, openDatabase, readMigrations } from '../../../server/platform/db/index.ts'
import { quietLog } from '../../support/index.ts'

export type Location = { url?: string; dataFolder: string; fsync: boolean }
export type Rows = Record<string, Record<string, unknown>[]>

/** Opens a database with the migrations up to `schema` only, as the hub of that time did; it must be empty or of that schema. */
export const openAt = (location: Location, schema: number): Promise<Database> =>
  openDatabase({
    ...location,
    log: quietLog(),
    clock: systemClock,
    hubVersion: `0.0.${schema}`,
    migrations: readMigrations().filter(({ version }) => version <= schema),
  })

/** Empties a database entirely, so that it may be given an older schema. */
export async function emptyDatabase(database: Database, location: Location): Promise<void> {
  await sql`drop schema public cascade`.execute(database.db)
  await sql`create schema public`.execute(database.db)
  await database.close()
  rmSync(join(location.dataFolder, 'VERSION.json'), { force: true })
}

const digest = (letter: string) => letter.repeat(64)
const job = (id: string, state: string, more = '') => `
  insert into job (id, kind, title, state, input, subject, project_id, actor, run_after, created_at, attempt, owner, lease_until)
  values ('${id}', 'journal', 'Journal', '${state}', '{"n": 1}', 'ver_1', 'prj_1', '{"type":"user","id":"usr_1","name":"Ada"}',
    '2026-01-01', '2026-01-01', 1, ${state === 'running' ? "'hub-gone', '2026-01-02'" : 'null, null'});
  insert into job_event (job_id, seq, type, data, at) values ('${id}', 1, 'state', '{"state":"queued"}', '2026-01-01');
  update job set event_seq = 1 where id = '${id}'; ${more}`

/** What each migration's tables held in a hub of its time. */
const content: Record<number, string> = {
  1: [
    job('job_queued', 'queued'),
    job(
      'job_running',
      'running',
      `insert into step (job_id, name, position, state, output, starts, started_at, finished_at) values
        ('job_running', 'a', 0, 'done', '{"place":"run a"}', 1, '2026-01-01', '2026-01-01'),
        ('job_running', 'b', 1, 'running', null, 1, '2026-01-01', null);`,
    ),
    job('job_done', 'succeeded'),
  ].join(''),
  2: `insert into blob (sha256, size, created_at, unreferenced_since) values
      ('${digest('a')}', 10, '2026-01-01', null), ('${digest('b')}', null, '2026-01-01', '2026-01-02');
    insert into blob_ref values ('${digest('a')}', 'version:ver_1', '2026-01-01');`,
  3: `insert into project values ('prj_1', 'Default', 'default', 'organization', '2026-01-01');
    insert into auth_user values ('usr_1', 'Ada', 'ada@example.org', true, null, '2026-01-01', '2026-01-01');
    insert into auth_session values ('ses_1', '2026-02-01', 'session', '2026-01-01', '2026-01-01', null, null, 'usr_1');
    insert into auth_account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
      values ('acc_1', 'usr_1', 'credential', 'usr_1', 'hash', '2026-01-01', '2026-01-01');
    insert into user_role values ('usr_1', null, 'admin', '2026-01-01');
    insert into access_token values ('tok_1', 'usr_1', 'CI', 'hf_ab', 'hash-1', '{admin}', 'Ada', '2026-01-01', null, null, null);
    insert into gateway_key values ('key_1', 'prj_1', 'App', 'mhk_a', 'hash-2', null, false, 'Ada', '2026-01-01', null, null, null),
      ('key_2', 'prj_1', 'Old', 'mhk_b', 'hash-3', '{a/b}', false, 'Ada', '2026-01-01', null, '2026-01-02', null);
    insert into setup_link values ('hash-4', '2026-01-01', null);
    insert into auth_verification values ('vfy_1', 'state', 'x', '2026-01-02', '2026-01-01', '2026-01-01');
    insert into idempotency_key values ('usr_1', 'k', 'createModel', 'h', 202, '{"id":"mdl_1"}', '2026-01-01');`,
  4: `insert into model (id, project_id, name, name_key, owner_id, default_version_id, state, created_at, updated_at, tags)
      values ('mdl_1', 'prj_1', 'Team/Chat', 'team/chat', 'usr_1', 'ver_1', 'published', '2026-01-01', '2026-01-01', '{x,y}');
    insert into model_version (id, model_id, project_id, number, state, state_since, source, source_type, source_address, digest, created_by,
        created_by_name, created_at, updated_at, active_job_id)
      values ('ver_1', 'mdl_1', 'prj_1', 1, 'published', '2026-01-01', '{"type":"disk","path":"/m","mode":"copy"}', 'disk', '/m',
        '${digest('d')}', 'usr_1', 'Ada', '2026-01-01', '2026-01-01', null),
      ('ver_2', 'mdl_1', 'prj_1', 2, 'ingesting', '2026-01-01', '{"type":"disk","path":"/m","mode":"in_place"}', 'disk', '/m',
        null, 'usr_1', 'Ada', '2026-01-01', '2026-01-01', 'job_running');
    insert into version_file (version_id, path, ordinal, size, sha256, stored) values
      ('ver_1', 'a.gguf', 0, 10, '${digest('a')}', 'blob'), ('ver_2', 'b.gguf', 0, 5, null, 'pending');`,
  5: `insert into file_facts values ('${digest('a')}', '1', '{"format":"gguf"}', '{}', true, '2026-01-01');
    insert into scan values ('scn_1', 'ver_1', 'prj_1', 'r1', 's1', 'pass', '{}', 1, 1, 10, 10, '{}', '2026-01-01');
    insert into finding values ('fnd_1', 'scn_1', 'ver_1', 'X-1', 'low', null, 'm', 'r', 'a.gguf', null, null, null, 0);
    insert into license_assessment values ('ver_1', 'declared', 'mit', 'card', null, null, 'mit', null, '2026-01-01');
    insert into benchmark values ('bmk_1', 'ver_1', 'prj_1', 'succeeded', 'pass', '{}', '{"requests":3}', '{}', null, null, 'Ada',
      '2026-01-01', '2026-01-01');
    insert into benchmark_record values ('bmk_1', 0, '{"ttftMs":1.5}');
    insert into evaluation (id, version_id, project_id, task, task_version, task_hash, seed, state, items_total, score, created_by,
      created_at) values ('evl_1', 'ver_1', 'prj_1', 'sequence-200', '1', 'h', 1, 'succeeded', 1, 1, 'Ada', '2026-01-01');
    insert into evaluation_item values ('evl_1', 0, 'g', 'abc', 'def', 'def', 1, null, 1);`,
  6: `insert into approval values ('apr_1', 'ver_1', 'prj_1', 'publish', 'approved', 'fine', '${digest('d')}', '{}', 'Ada', 'usr_1', 'Bob',
      'usr_2', '2027-01-01', '2026-01-01', '2026-01-01');`,
  7: `insert into deployment values ('dep_1', 'ver_1', 'prj_1', 'embedded', false, '{}', '2026-01-01');
    insert into route values ('rte_1', 'prj_1', 'mdl_1', 'Team/Chat', 'team/chat', '2026-01-01');
    insert into route_target values ('rte_1', 'dep_1', 100);
    insert into revoked_key values ('hash-3', '2026-01-02');
    insert into usage_record (epoch, seq, at, request_id, decision_id, endpoint, stream, status, outcome, duration_ms)
      values ('e', 1, '2026-01-01', 'r', 'd', 'chat.completions', false, 200, 'ok', 12.5);
    select nextval('snapshot_version');`,
  10: `insert into version_source values ('ver_1', 'prj_1', '{"size":10}', '\\x4d4853'::bytea, '2026-01-02', '2026-01-02');`,
  11: `insert into credential (id, project_id, kind, name, sealed, created_by, created_at, updated_at)
      values ('crd_1', 'prj_1', 'openai', 'OpenAI', '\\x4d4853'::bytea, 'usr_1', '2026-01-01', '2026-01-01');
    insert into provider_info values ('acme', 'Acme', null, null, 'models.dev', '2026-01-01');
    insert into provider_catalog values ('models.dev', '${digest('c')}', 1, 0, '2026-01-01');
    insert into offering (id, provider, model, search, created_at, updated_at)
      values ('off_1', 'openai', 'gpt-1', 'openai gpt-1', '2026-01-01', '2026-01-01');
    insert into offering_seen values ('off_1', 'crd_1', true, '2026-01-01');
    insert into provider_sync values ('openai', 'crd_1', '2026-01-01', '{}');`,
  12: `insert into version_pull values ('ver_1', 'prj_1', '2026-01-01', 1, 10, '2026-01-01');
    insert into version_puller values ('2026-01-01', 'ver_1', 'prj_1', 'usr_1');
    insert into git_blob values ('${digest('a')}', '${'b'.repeat(40)}');`,
  13: `insert into upload (id, project_id, list_digest, file_count, total_bytes, created_by, created_by_name, created_at, updated_at, expires_at)
      values ('upl_1', 'prj_1', '${digest('e')}', 1, 10, 'usr_1', 'Ada', '2026-01-01', '2026-01-01', '2027-01-01');
    insert into upload_file (upload_id, ordinal, path, size, received) values ('upl_1', 0, 'a.gguf', 10, 5);
    insert into reverification (id, version_id, project_id, trigger, outcome, file_count, bytes, bytes_read, started_at, finished_at)
      values ('rev_1', 'ver_1', 'prj_1', 'schedule', 'intact', 1, 10, 10, '2026-01-01', '2026-01-01');
    insert into reverification_cursor (version_id, run, project_id, ordinal, bytes_read, started_at)
      values ('ver_1', 'schedule', 'prj_1', 0, 10, '2026-01-01');`,
  15: `insert into stale_scan values ('ver_2', 'prj_1', 'facts', '2026-01-01');
    insert into ruleset_state values (true, 'r1', 's1', '2026-01-01');
    insert into rejudge_cursor values ('job_done', 'r1', 's1', 'ver_1', '{"judged":1}');
    insert into owner_event values ('oev_1', 'prj_1', 'ver_1', 'usr_1', 'findings_rose', 'm', 'r', '{"from":"pass"}', '2026-01-01', null);
    insert into imported_scan values ('ver_1', 'prj_1', 'huggingface/av', 'safe', 'fine', '[]', 1, 'hub', '2026-01-01');`,
  16: `insert into trusted_signer values ('sgn_1', 'prj_1', 'Build', 'key', 'pem', 'ab', null, null, '{disk:*}', '2027-01-01', 'ours', 'Ada',
      'usr_1', '2026-01-01', null);
    insert into version_signature values ('sig_1', 'ver_1', 'prj_1', 'hub', null, '${digest('d')}', '{}', 'valid', 'm', null, 'key', '{}', 1,
      '2026-01-01', '2026-01-01');`,
  17: `insert into license_profile values ('organization', '{"country":"DE"}', 1, 'Ada', '2026-01-01');
    insert into license_file values ('lfl_1', 'ver_1', 'prj_1', 'text', 'LICENSE', null, '${digest('f')}', 'terms', 'found', 'Ada', '2026-01-01',
      null, null, null);
    insert into license_decision values ('ldc_1', 'ver_1', 'prj_1', 'approved', 'MIT', '${digest('f')}', 'commercial', null, 'fine', null, 'Ada',
      'usr_1', '2026-01-01');
    insert into license_acceptance values ('lac_1', 'ver_1', 'prj_1', 'MIT', '${digest('f')}', 'Ada', 'usr_1', '2026-01-01');`,
  18: `insert into license_answer values ('lan_1', 'ver_1', 'prj_1', 'commercial_use', 'yes', 'unclear', 'MIT', '${digest('f')}', 'asked', 'Ada',
      'usr_1', '2026-01-01', null, null, null);`,
  19: `insert into antivirus_result values ('${digest('f')}', 'clamav', 'ClamAV 1.4.2', '27500', '2026-01-01', 'clean', null, null, '2026-01-01');`,
}

/** Fills a database of an older schema with what a hub of that time would have written, its audit trail included. */
export async function fillAt(db: Db, schema: number, seal: AuditSeal): Promise<void> {
  for (let version = 1; version <= schema; version++) {
    for (const statement of (content[version] ?? '').split(/;\s*(?=insert|update|select|$)/)) {
      if (statement.trim() !== '') await sql.raw(statement).execute(db)
    }
  }
  if (schema >= 6) await writeEvents(db, schema >= 8 ? seal : undefined)
}

async function writeEvents(db: Db, seal: AuditSeal | undefined): Promise<void> {
  let previous = genesisHash
  for (let seq = 1; seq <= 4; seq++) {
    const row = {
      seq,
      id: `evt_${seq}`,
      at: new Date(Date.UTC(2026, 0, seq)),
      actor_type: 'user' as const,
      actor_id: 'usr_1',
      actor_name: 'Ada',
      action: 'version.publish',
      object_type: 'version',
      object_id: 'ver_1',
      object_name: 'Team/Chat@1',
      project_id: 'prj_1',
      outcome: 'done' as const,
      reason: seq === 2 ? 'because' : null,
      before: { state: 'evaluated' },
      after: { state: 'published', at: '2026-01-01' },
      evidence: null,
      request_id: null,
      previous_hash: previous,
    }
    const hash = auditHash(row)
    const whole = { ...row, hash, ...(seal === undefined ? {} : { seal: seal.of(hash) }) }
    const columns = Object.keys(whole).map((name) => sql.ref(name))
    const values = Object.values(whole).map((value) => (isObject(value) ? JSON.stringify(value) : value))
    await sql`insert into audit_event (${sql.join(columns)}) values (${sql.join(values)})`.execute(db)
    await sql`update audit_head set seq = ${seq}, hash = ${hash}`.execute(db)
    previous = hash
  }
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !(value instanceof Date)

/** Every row of every table, as JSON, in a settled order. */
export async function allRows(db: Db): Promise<Rows> {
  const { rows: tables } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
  `.execute(db)
  const found: Rows = {}
  for (const { name } of tables) {
    const { rows } = await sql<{ row: Record<string, unknown> }>`
      select to_jsonb(t) as row from ${sql.table(name)} t order by to_jsonb(t)::text
    `.execute(db)
    found[name] = rows.map(({ row }) => row)
  }
  return found
}
