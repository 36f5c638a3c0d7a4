import { type Kysely, sql } from 'kysely'
import type { UsageRecord } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type DeploymentRow = {
  id: string
  version_id: string
  project_id: string
  engine: string
  private: boolean
  created_at: Date
}

export type RouteRow = {
  id: string
  project_id: string
  model_id: string
  name: string
  name_key: string
  created_at: Date
}

export type TargetRow = {
  route_id: string
  deployment_id: string
  weight: number
  version_id: string
  engine: string
}

export type UsageRow = {
  epoch: string
  seq: number
  at: Date
  request_id: string
  decision_id: string
  key_id: string | null
  project_id: string | null
  route_id: string | null
  route: string | null
  target_id: string | null
  version_id: string | null
  endpoint: string
  stream: boolean
  status: number
  outcome: string
  prompt_tokens: number | null
  completion_tokens: number | null
  ttft_ms: number | null
  duration_ms: number
}

type Tables = {
  deployment: DeploymentRow
  route: RouteRow
  route_target: { route_id: string; deployment_id: string; weight: number }
  usage_record: UsageRow
}

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

/** The deployment of that version, engine and privacy; made when missing. */
export async function ensureDeployment(trx: Trx, row: DeploymentRow): Promise<DeploymentRow> {
  await tables(trx)
    .insertInto('deployment')
    .values(row)
    .onConflict((oc) => oc.columns(['version_id', 'engine', 'private']).doNothing())
    .execute()
  return tables(trx)
    .selectFrom('deployment')
    .select(['id', 'version_id', 'project_id', 'engine', 'private', 'created_at'])
    .where('version_id', '=', row.version_id)
    .where('engine', '=', row.engine)
    .where('private', '=', row.private)
    .executeTakeFirstOrThrow()
}

/** Newest first, `limit + 1` of them, older than the id `before`. */
export function listDeploymentRows(
  db: Db | Trx,
  filter: { versionId?: string | undefined; limit: number; before?: string | undefined },
): Promise<DeploymentRow[]> {
  let query = tables(db)
    .selectFrom('deployment')
    .select(['id', 'version_id', 'project_id', 'engine', 'private', 'created_at'])
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.versionId !== undefined) query = query.where('version_id', '=', filter.versionId)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return query.execute()
}

export async function ensureRoute(trx: Trx, row: RouteRow): Promise<RouteRow> {
  await tables(trx)
    .insertInto('route')
    .values(row)
    .onConflict((oc) => oc.column('name_key').doNothing())
    .execute()
  return tables(trx).selectFrom('route').selectAll().where('name_key', '=', row.name_key).executeTakeFirstOrThrow()
}

export async function ensureTarget(trx: Trx, routeId: string, deploymentId: string): Promise<void> {
  await tables(trx)
    .insertInto('route_target')
    .values({ route_id: routeId, deployment_id: deploymentId, weight: 100 })
    .onConflict((oc) => oc.doNothing())
    .execute()
}

export function listRouteRows(db: Db | Trx, limit: number, after?: string): Promise<RouteRow[]> {
  let query = tables(db)
    .selectFrom('route')
    .selectAll()
    .orderBy('name_key')
    .limit(limit + 1)
  if (after !== undefined) query = query.where('name_key', '>', after)
  return query.execute()
}

export function targetsOf(db: Db | Trx, routeIds: readonly string[]): Promise<TargetRow[]> {
  if (routeIds.length === 0) return Promise.resolve([])
  return tables(db)
    .selectFrom('route_target')
    .innerJoin('deployment', 'deployment.id', 'route_target.deployment_id')
    .select([
      'route_target.route_id',
      'route_target.deployment_id',
      'route_target.weight',
      'deployment.version_id',
      'deployment.engine',
    ])
    .where('route_target.route_id', 'in', [...routeIds])
    .execute()
}

/** The last call of a deployment. */
export type LastUse = { at: Date /** The provider did not accept the credential. */; refused: boolean }

/** The last call of each of these deployments that has had one. */
export async function lastUses(db: Db, deploymentIds: readonly string[]): Promise<Map<string, LastUse>> {
  if (deploymentIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; at: Date; outcome: string }>`
    select d.id, u.at, u.outcome from deployment d
    cross join lateral (
      select r.at, r.outcome from usage_record r where r.version_id = d.version_id and r.target_id = d.id
      order by r.at desc limit 1
    ) u
    where d.id in (select jsonb_array_elements_text(${JSON.stringify(deploymentIds)}::jsonb))
  `.execute(db)
  return new Map(rows.map(({ id, at, outcome }) => [id, { at, refused: outcome === 'credential_refused' }]))
}

/** Who answers for these models, by model id: the name of the owner. */
export async function ownersOf(db: Db, modelIds: readonly string[]): Promise<Map<string, string>> {
  if (modelIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select m.id, u.name from model m join auth_user u on u.id = m.owner_id
    where m.id in (select jsonb_array_elements_text(${JSON.stringify(modelIds)}::jsonb))
  `.execute(db)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

/** The next snapshot number; never repeats, also over restarts. */
export async function nextSnapshotVersion(db: Db): Promise<number> {
  const result = await sql<{ n: number }>`select nextval('snapshot_version')::int as n`.execute(db)
  return Number(result.rows[0]?.n ?? 0)
}

/** A count that an upstream made up must not stop the batch it came in. */
const toColumn = (count: number | null) => (count === null ? null : Math.min(Math.max(count, 0), 2_147_483_647))

/** Stores the records that are new; those already there do nothing. */
export async function insertUsage(trx: Trx, records: readonly UsageRecord[]): Promise<void> {
  await tables(trx)
    .insertInto('usage_record')
    .values(
      records.map((record) => ({
        epoch: record.epoch,
        seq: record.seq,
        at: new Date(record.at),
        request_id: record.requestId,
        decision_id: record.decisionId,
        key_id: record.keyId,
        project_id: record.projectId,
        route_id: record.routeId,
        route: record.route,
        target_id: record.targetId,
        version_id: record.versionId,
        endpoint: record.endpoint,
        stream: record.stream,
        status: record.status,
        outcome: record.outcome,
        prompt_tokens: toColumn(record.promptTokens),
        completion_tokens: toColumn(record.completionTokens),
        ttft_ms: record.ttftMs,
        duration_ms: record.durationMs,
      })),
    )
    .onConflict((oc) => oc.columns(['epoch', 'seq']).doNothing())
    .execute()
}

/** Usage records newest first, `limit + 1` of them. */
export function listUsageRows(
  db: Db,
  filter: { route?: string | undefined; limit: number; before?: { at: Date; epoch: string; seq: number } | undefined },
): Promise<UsageRow[]> {
  let query = tables(db)
    .selectFrom('usage_record')
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('epoch', 'desc')
    .orderBy('seq', 'desc')
    .limit(filter.limit + 1)
  if (filter.route !== undefined) query = query.where('route', '=', filter.route)
  const before = filter.before
  if (before !== undefined) {
    query = query.where(sql<boolean>`(at, epoch, seq) < (${before.at}, ${before.epoch}, ${before.seq})`)
  }
  return query.execute()
}

export type UsageSum = {
  route: string
  version_id: string
  day: string
  requests: number
  failed: number
  prompt_tokens: number
  completion_tokens: number
}

/** Sums by route, version and UTC day, newest day first, `limit + 1` of them from `offset`. */
export async function sumUsage(
  db: Db,
  filter: { versionId?: string | undefined; limit: number; offset: number },
): Promise<UsageSum[]> {
  let query = tables(db)
    .selectFrom('usage_record')
    .select([
      sql<string>`coalesce(route, '')`.as('route'),
      sql<string>`coalesce(version_id, '')`.as('version_id'),
      sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD')`.as('day'),
      sql<number>`count(*)::int`.as('requests'),
      sql<number>`(count(*) filter (where outcome <> 'ok'))::int`.as('failed'),
      sql<number>`coalesce(sum(prompt_tokens), 0)::bigint`.as('prompt_tokens'),
      sql<number>`coalesce(sum(completion_tokens), 0)::bigint`.as('completion_tokens'),
    ])
    .where('route_id', 'is not', null)
    .groupBy([sql`1`, sql`2`, sql`3`])
    .orderBy(sql`3`, 'desc')
    .orderBy(sql`1`)
    .orderBy(sql`2`)
    .limit(filter.limit + 1)
    .offset(filter.offset)
  if (filter.versionId !== undefined) query = query.where('version_id', '=', filter.versionId)
  return query.execute()
}
