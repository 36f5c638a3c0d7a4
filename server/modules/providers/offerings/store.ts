import { type Kysely, sql } from 'kysely'
import type { OfferingProbe, OfferingUse, SyncOutcome } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import type { SaidBySource } from './said.ts'

export type OfferingRow = SaidBySource & {
  id: string
  provider: string
  model: string
  unlisted: boolean
  name: string | null
  family: string | null
  input_price: number | null
  output_price: number | null
  context: number | null
  modalities: string[]
  status: string | null
  search: string
  probe: OfferingProbe | null
  created_at: Date
  updated_at: Date
}

type Json = 'bundled' | 'catalog' | 'listed' | 'override' | 'probe'
type Tables = {
  offering: Omit<OfferingRow, Json> & Record<Json, unknown>
  offering_seen: { offering_id: string; credential_id: string; visible: boolean; at: Date }
  provider_info: { provider: string; title: string; docs: string | null; api: string | null; source: string; at: Date }
  provider_sync: { provider: string; credential_id: string; at: Date; outcome: unknown }
  provider_catalog: { source: string; version: string; offerings: number; problems: number; at: Date }
}
export type ProviderInfoRow = Tables['provider_info']

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

const toRow = (row: Tables['offering']): OfferingRow =>
  ({ ...row, context: row.context === null ? null : Number(row.context) }) as OfferingRow

export type OfferingKey = { provider: string; model: string }
export const keyOf = ({ provider, model }: OfferingKey): string => `${provider}/${model}`

/** The rows of these offerings by `keyOf`, kept from other writers until the transaction ends. */
export async function lockOfferingRows(trx: Trx, keys: readonly OfferingKey[]): Promise<Map<string, OfferingRow>> {
  const named = keys.map(({ provider, model }) => ({ provider, model }))
  // In one order: two who lock many rows must not wait for each other.
  const { rows } = await sql<Tables['offering']>`
    select o.* from offering o
    join jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as k (provider text, model text)
      on o.provider = k.provider and o.model = k.model
    order by o.provider, o.model for update of o
  `.execute(trx)
  return new Map(rows.map((row) => [keyOf(row), toRow(row)]))
}

/** Writes whole rows in one statement, new and old ones; `created_at` and the probe of an old one stay. */
export async function writeOfferingRows(trx: Trx, rows: readonly OfferingRow[]): Promise<void> {
  await sql`
    insert into offering (id, provider, model, unlisted, bundled, catalog, listed, override, name, family, input_price,
      output_price, context, modalities, status, search, created_at, updated_at)
    select id, provider, model, unlisted, nullif(bundled, 'null'::jsonb), nullif(catalog, 'null'::jsonb),
      nullif(listed, 'null'::jsonb), override, name, family, input_price, output_price, context,
      array(select jsonb_array_elements_text(modalities)), status, search, created_at, updated_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (id text, provider text, model text, unlisted boolean, bundled jsonb, catalog jsonb, listed jsonb, override jsonb,
        name text, family text, input_price double precision, output_price double precision, context bigint, modalities jsonb,
        status text, search text, created_at timestamptz, updated_at timestamptz)
    on conflict (provider, model) do update set unlisted = excluded.unlisted, bundled = excluded.bundled,
      catalog = excluded.catalog, listed = excluded.listed, override = excluded.override, name = excluded.name,
      family = excluded.family, input_price = excluded.input_price, output_price = excluded.output_price,
      context = excluded.context, modalities = excluded.modalities, status = excluded.status, search = excluded.search,
      updated_at = excluded.updated_at
  `.execute(trx)
}

export async function deleteOfferingRows(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tables(trx).deleteFrom('offering').where('id', 'in', ids).execute()
}

export async function findOffering(db: Db | Trx, id: string): Promise<OfferingRow | undefined> {
  const row = await tables(db).selectFrom('offering').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? undefined : toRow(row)
}

/** The rows of these offerings, as they are. */
export async function findOfferingRows(db: Db | Trx, keys: readonly OfferingKey[]): Promise<OfferingRow[]> {
  const named = keys.map(({ provider, model }) => ({ provider, model }))
  const { rows } = await sql<Tables['offering']>`
    select o.* from offering o
    where (o.provider, o.model) in (
      select k.provider, k.model from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as k (provider text, model text)
    )
  `.execute(db)
  return rows.map(toRow)
}

/** The same, kept from other writers until the transaction ends. */
export async function lockOffering(trx: Trx, id: string): Promise<OfferingRow | undefined> {
  const row = await tables(trx).selectFrom('offering').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  return row === undefined ? undefined : toRow(row)
}

export async function writeProbe(db: Db | Trx, id: string, probe: OfferingProbe, at: Date): Promise<void> {
  await tables(db)
    .updateTable('offering')
    .set({ probe: sql`${JSON.stringify(probe)}::jsonb`, updated_at: at })
    .where('id', '=', id)
    .execute()
}

/** The keys of all offerings that a catalog describes. */
export async function readCatalogKeys(db: Db): Promise<OfferingKey[]> {
  return tables(db).selectFrom('offering').select(['provider', 'model']).where('catalog', 'is not', null).execute()
}

export type OfferingFilter = {
  limit: number
  after?: OfferingKey
  provider?: string
  /** Lower-case words that must all occur. */
  words?: readonly string[]
  modality?: string
  status?: string
  source?: 'human' | 'provider' | 'catalog' | 'bundled'
  maxPrice?: number
}

/** By provider and model, `limit + 1` of them. */
export async function listOfferingRows(db: Db, { after, limit, ...filter }: OfferingFilter): Promise<OfferingRow[]> {
  let query = matching(db, filter)
    .selectAll()
    .orderBy('provider')
    .orderBy('model')
    .limit(limit + 1)
  if (after !== undefined) {
    query = query.where(sql<boolean>`(provider, model) > (${after.provider}, ${after.model})`)
  }
  return (await query.execute()).map(toRow)
}

/** How many offerings match. */
export async function countMatchingOfferings(db: Db, filter: Omit<OfferingFilter, 'after' | 'limit'>): Promise<number> {
  const row = await matching(db, filter)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

function matching(db: Db, filter: Omit<OfferingFilter, 'after' | 'limit'>) {
  let query = tables(db).selectFrom('offering')
  const { provider, modality, status, maxPrice } = filter
  if (provider !== undefined) query = query.where('provider', '=', provider)
  for (const word of filter.words ?? []) query = query.where(sql<boolean>`position(${word} in search) > 0`)
  if (modality !== undefined) query = query.where(sql<boolean>`modalities @> array[${modality}]`)
  if (status !== undefined) query = query.where('status', '=', status)
  if (maxPrice !== undefined) query = query.where('input_price', '<=', maxPrice)
  switch (filter.source) {
    case 'human':
      query = query.where(sql<boolean>`override <> '{}'::jsonb`)
      break
    case 'provider':
      query = query.where('listed', 'is not', null)
      break
    case 'catalog':
      query = query.where('catalog', 'is not', null)
      break
    case 'bundled':
      query = query.where('bundled', 'is not', null)
      break
    case undefined:
      break
  }
  return query
}

export async function countOfferings(db: Db): Promise<Map<string, number>> {
  const rows = await tables(db)
    .selectFrom('offering')
    .select((eb) => ['provider', eb.fn.countAll<number>().as('n')])
    .groupBy('provider')
    .execute()
  return new Map(rows.map((row) => [row.provider, Number(row.n)]))
}

/** Versions whose source is one of these offerings and that are not archived, by `keyOf`; the first `limit` of each. */
export async function usersOfOfferings(
  db: Db | Trx,
  keys: readonly OfferingKey[],
  limit: number,
): Promise<Map<string, OfferingUse[]>> {
  const found = new Map<string, OfferingUse[]>()
  if (keys.length === 0) return found
  const { rows } = await sql<OfferingKey & OfferingUse>`
    select provider, model, "versionId", name, state from (
      select k.provider, k.model, v.id as "versionId", m.name || '@' || v.number as name, v.state,
        row_number() over (partition by k.provider, k.model order by v.id desc) as place
      from jsonb_to_recordset(${JSON.stringify(keys.map(({ provider, model }) => ({ provider, model })))}::jsonb)
        as k (provider text, model text)
      join model_version v on v.source_type = 'cloud' and v.source ->> 'provider' = k.provider and v.source ->> 'model' = k.model
      join model m on m.id = v.model_id
      where v.state <> 'archived'
    ) u where place <= ${limit} order by "versionId" desc
  `.execute(db)
  for (const { provider, model, ...use } of rows) {
    const key = keyOf({ provider, model })
    found.set(key, [...(found.get(key) ?? []), use])
  }
  return found
}

/** Whether any credential's list showed these last; offerings that no list had are not in it. */
export async function readVisible(db: Db | Trx, ids: readonly string[]): Promise<Map<string, boolean>> {
  if (ids.length === 0) return new Map()
  const rows = await tables(db)
    .selectFrom('offering_seen')
    .select((eb) => ['offering_id', eb.fn.agg<boolean>('bool_or', ['visible']).as('visible')])
    .where('offering_id', 'in', ids)
    .groupBy('offering_id')
    .execute()
  return new Map(rows.map((row) => [row.offering_id, row.visible]))
}

/** Records what a credential's list showed; answers with the models that it showed before and not now. */
export async function recordSeen(
  trx: Trx,
  input: { provider: string; credentialId: string; models: readonly string[]; at: Date },
): Promise<string[]> {
  const { provider, credentialId, models, at } = input
  const listed = JSON.stringify(models)
  await sql`
    insert into offering_seen (offering_id, credential_id, visible, at)
    select o.id, ${credentialId}, true, ${at} from offering o
    where o.provider = ${provider} and o.model in (select jsonb_array_elements_text(${listed}::jsonb))
    on conflict (offering_id, credential_id) do update set visible = true, at = excluded.at
  `.execute(trx)
  const { rows } = await sql<{ model: string }>`
    update offering_seen s set visible = false, at = ${at} from offering o
    where o.id = s.offering_id and s.credential_id = ${credentialId} and s.visible
      and o.model not in (select jsonb_array_elements_text(${listed}::jsonb))
    returning o.model
  `.execute(trx)
  return rows.map(({ model }) => model).sort()
}

export async function writeSync(trx: Trx, provider: string, outcome: SyncOutcome): Promise<void> {
  const row = {
    provider,
    credential_id: outcome.credentialId,
    at: new Date(outcome.at),
    outcome: sql`${JSON.stringify(outcome)}::jsonb`,
  }
  await tables(trx)
    .insertInto('provider_sync')
    .values(row)
    .onConflict((oc) => oc.columns(['provider', 'credential_id']).doUpdateSet({ at: row.at, outcome: row.outcome }))
    .execute()
}

/** The latest sync of each provider. */
export async function readSyncs(db: Db): Promise<Map<string, SyncOutcome>> {
  const rows = await tables(db).selectFrom('provider_sync').select(['provider', 'outcome']).orderBy('at').execute()
  return new Map(rows.map((row) => [row.provider, row.outcome as SyncOutcome]))
}

export async function countCredentials(db: Db): Promise<Map<string, number>> {
  const { rows } = await sql<{
    kind: string
    n: string
  }>`select kind, count(*) as n from credential group by kind`.execute(db)
  return new Map(rows.map((row) => [row.kind, Number(row.n)]))
}

export async function readProviderInfo(db: Db | Trx): Promise<ProviderInfoRow[]> {
  return tables(db).selectFrom('provider_info').selectAll().orderBy('provider').execute()
}

export async function writeProviderInfo(trx: Trx, rows: readonly ProviderInfoRow[]): Promise<void> {
  await sql`
    insert into provider_info (provider, title, docs, api, source, at)
    select provider, title, docs, api, source, at
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r (provider text, title text, docs text, api text, source text, at timestamptz)
    on conflict (provider) do update set title = excluded.title, docs = excluded.docs, api = excluded.api,
      source = excluded.source, at = excluded.at
  `.execute(trx)
}

/** Which state of a catalog was taken in last; undefined: none. */
export async function readCatalogVersion(db: Db, source: string): Promise<string | undefined> {
  const row = await tables(db)
    .selectFrom('provider_catalog')
    .select('version')
    .where('source', '=', source)
    .executeTakeFirst()
  return row?.version
}

export async function writeCatalogVersion(trx: Trx, row: Tables['provider_catalog']): Promise<void> {
  await tables(trx)
    .insertInto('provider_catalog')
    .values(row)
    .onConflict((oc) => oc.column('source').doUpdateSet(row))
    .execute()
}
