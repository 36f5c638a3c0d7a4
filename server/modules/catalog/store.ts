import { type Kysely, sql } from 'kysely'
import type { LifecycleState, StateReason } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { ModelListRow, ModelRow, NamedVersionRow, VersionPatch, VersionRow } from './rows.ts'

type JsonColumn =
  | 'state_reason'
  | 'step_dates'
  | 'source'
  | 'license'
  | 'metadata'
  | 'hosted'
  | 'engine_reason'
  | 'onboarding'
type VersionTable = Omit<VersionRow, JsonColumn> & Record<JsonColumn, unknown>

export type CatalogTables = {
  model: ModelRow
  model_version: VersionTable
  project: { id: string; name: string }
  auth_user: { id: string; name: string }
}

export const tables = (db: Db | Trx): Kysely<CatalogTables> => db.withTables<CatalogTables>() as Kysely<CatalogTables>

const jsonColumns: readonly string[] = [
  'state_reason',
  'step_dates',
  'source',
  'license',
  'metadata',
  'hosted',
  'engine_reason',
  'onboarding',
] satisfies JsonColumn[]

/** Values for insert and update: objects of JSON columns become jsonb. */
function toColumns<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      jsonColumns.includes(key) && value !== null ? sql`${JSON.stringify(value)}::jsonb` : value,
    ]),
  ) as T
}

/** What the column of version numbers holds. */
const maxNumber = 2 ** 31 - 1

const isId = (text: string, prefix: string) => text.startsWith(`${prefix}_`) && !text.includes('/')

/** False when a model of that name came first, also one of a transaction that ran beside this one. */
export async function insertModel(trx: Trx, row: ModelRow): Promise<boolean> {
  const result = await tables(trx)
    .insertInto('model')
    .values(row)
    .onConflict((oc) => oc.column('name_key').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) === 1
}

export function lockModelByName(trx: Trx, name: string): Promise<ModelRow | undefined> {
  return tables(trx)
    .selectFrom('model')
    .selectAll()
    .where('name_key', '=', name.toLowerCase())
    .forUpdate()
    .executeTakeFirst()
}

/** By id or name, ignoring case. */
export function findModelRow(db: Db | Trx, idOrName: string): Promise<ModelRow | undefined> {
  return tables(db)
    .selectFrom('model')
    .selectAll()
    .where((eb) =>
      isId(idOrName, 'mdl')
        ? eb.or([eb('id', '=', idOrName), eb('name_key', '=', idOrName.toLowerCase())])
        : eb('name_key', '=', idOrName.toLowerCase()),
    )
    .executeTakeFirst()
}

/** The model that the hub generated itself. */
export function findStarter(db: Db | Trx): Promise<ModelRow | undefined> {
  return tables(db)
    .selectFrom('model')
    .selectAll()
    .where('starter', '=', true)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** The same with the names of project and owner. */
export async function findModelListRow(db: Db | Trx, idOrName: string): Promise<ModelListRow | undefined> {
  const model = await findModelRow(db, idOrName)
  if (model === undefined) return undefined
  return tables(db)
    .selectFrom('model')
    .innerJoin('project', 'project.id', 'model.project_id')
    .leftJoin('auth_user', 'auth_user.id', 'model.owner_id')
    .selectAll('model')
    .select(['project.name as project_name', 'auth_user.name as owner_name'])
    .where('model.id', '=', model.id)
    .executeTakeFirst()
}

export async function updateModelRow(
  trx: Trx,
  id: string,
  patch: Partial<Pick<ModelRow, 'description' | 'tags' | 'owner_id' | 'modality' | 'updated_at'>>,
): Promise<void> {
  await tables(trx).updateTable('model').set(patch).where('id', '=', id).execute()
}

export async function deleteModelRow(trx: Trx, id: string): Promise<void> {
  await tables(trx).deleteFrom('model').where('id', '=', id).execute()
}

export async function insertVersion(trx: Trx, row: VersionRow): Promise<void> {
  await tables(trx).insertInto('model_version').values(toColumns(row)).execute()
}

const named = (db: Db | Trx) =>
  tables(db)
    .selectFrom('model_version')
    .innerJoin('model', 'model.id', 'model_version.model_id')
    .selectAll('model_version')
    .select(['model.name as model_name', 'model.owner_id', 'model.tags'])

/** By id, or by `name@number`; the default version for a bare model name or id. */
export async function findVersionRow(db: Db | Trx, reference: string): Promise<NamedVersionRow | undefined> {
  if (isId(reference, 'ver')) {
    const row = await named(db).where('model_version.id', '=', reference).executeTakeFirst()
    if (row !== undefined) return row as NamedVersionRow
  }
  const at = reference.lastIndexOf('@')
  const model = await findModelRow(db, at > 0 ? reference.slice(0, at) : reference)
  if (model === undefined) return undefined
  if (at > 0) {
    const number = Number(reference.slice(at + 1))
    if (!Number.isInteger(number) || Math.abs(number) > maxNumber) return undefined
    return (await named(db)
      .where('model_version.model_id', '=', model.id)
      .where('model_version.number', '=', number)
      .executeTakeFirst()) as NamedVersionRow | undefined
  }
  if (model.default_version_id === null) return undefined
  return (await named(db).where('model_version.id', '=', model.default_version_id).executeTakeFirst()) as
    | NamedVersionRow
    | undefined
}

export async function findVersionRows(db: Db | Trx, ids: readonly string[]): Promise<Map<string, NamedVersionRow>> {
  if (ids.length === 0) return new Map()
  const rows = (await named(db)
    .where('model_version.id', 'in', [...ids])
    .execute()) as NamedVersionRow[]
  return new Map(rows.map((row) => [row.id, row]))
}

/** Versions of a model, newest first, `limit + 1` of them, below the number `before`. */
export async function listVersionRows(
  db: Db | Trx,
  modelId: string,
  limit: number,
  before?: number,
): Promise<NamedVersionRow[]> {
  let query = named(db)
    .where('model_version.model_id', '=', modelId)
    .orderBy('model_version.number', 'desc')
    .limit(limit + 1)
  if (before !== undefined) query = query.where('model_version.number', '<', before)
  return (await query.execute()) as NamedVersionRow[]
}

/** Versions in one of the states, over all models, in the order of their ids. */
export async function versionsInState(db: Db | Trx, states: readonly LifecycleState[]): Promise<NamedVersionRow[]> {
  return (await named(db)
    .where('model_version.state', 'in', [...states])
    .orderBy('model_version.id')
    .execute()) as NamedVersionRow[]
}

export async function maxVersionNumber(trx: Trx, modelId: string): Promise<number> {
  const row = await tables(trx)
    .selectFrom('model_version')
    .select((eb) => eb.fn.max<number | null>('number').as('n'))
    .where('model_id', '=', modelId)
    .executeTakeFirst()
  return Number(row?.n ?? 0)
}

/** Moves a version from one of `from` to `to`; false when it was in none of them. */
export async function moveState(
  trx: Trx,
  id: string,
  from: readonly LifecycleState[],
  to: LifecycleState,
  reason: StateReason | null,
  at: Date,
): Promise<boolean> {
  if (from.length === 0) return false
  const result = await tables(trx)
    .updateTable('model_version')
    .set({
      state: to,
      state_since: at,
      updated_at: at,
      state_reason: reason === null ? null : sql`${JSON.stringify(reason)}::jsonb`,
      step_dates: sql`step_dates || jsonb_build_object(${to}::text, ${at.toISOString()}::text)`,
    })
    .where('id', '=', id)
    .where('state', 'in', [...from])
    .executeTakeFirst()
  return Number(result.numUpdatedRows) === 1
}

export async function patchVersion(trx: Trx, id: string, patch: VersionPatch, at: Date): Promise<void> {
  await tables(trx)
    .updateTable('model_version')
    .set(toColumns({ ...patch, updated_at: at }))
    .where('id', '=', id)
    .execute()
}

type StoredLicense = { status: string; label: string } | null

/** The license as catalog filters know it; null is what nobody knows. */
const labelOf = (license: StoredLicense): string | null =>
  license === null || license.status === 'unknown' ? null : license.label

/** Recomputes the default version of a model and what lists show of it. */
export async function refreshModel(trx: Trx, modelId: string, at: Date): Promise<void> {
  const rows = await tables(trx)
    .selectFrom('model_version')
    .select(['id', 'state', 'source_type', 'verdict', 'license', 'total_bytes', 'number', 'modality'])
    .where('model_id', '=', modelId)
    .orderBy('number', 'desc')
    .execute()
  const chosen =
    rows.find((row) => row.state === 'published') ?? rows.find((row) => row.state !== 'archived') ?? rows[0]
  if (chosen === undefined) return
  await tables(trx)
    .updateTable('model')
    .set((eb) => ({
      default_version_id: chosen.id,
      state: chosen.state,
      source_type: chosen.source_type,
      verdict: chosen.verdict,
      license_label: labelOf(chosen.license as StoredLicense),
      total_bytes: chosen.total_bytes,
      version_count: rows.length,
      modality: eb.fn.coalesce('modality', sql<ModelRow['modality']>`${chosen.modality}`),
      updated_at: at,
    }))
    .where('id', '=', modelId)
    .execute()
}
