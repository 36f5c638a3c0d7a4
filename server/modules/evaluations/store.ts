import { type Kysely, sql } from 'kysely'
import type { StateReason } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type EvaluationRow = {
  id: string
  version_id: string
  project_id: string
  task: string
  task_version: string
  task_hash: string
  seed: number
  state: 'running' | 'finished' | 'failed' | 'aborted'
  items_total: number
  score: number | null
  standard_error: number | null
  interval_low: number | null
  interval_high: number | null
  conditions: Record<string, unknown>
  error: StateReason | null
  job_id: string | null
  created_by: string
  created_at: Date
  finished_at: Date | null
}

export type ItemRow = {
  evaluation_id: string
  ordinal: number
  item_group: string
  prompt: string
  expected: string
  answer: string | null
  score: number | null
  error: string | null
  seed: number
}

type Tables = {
  evaluation: Omit<EvaluationRow, 'conditions' | 'error'> & { conditions: unknown; error: unknown }
  evaluation_item: ItemRow
}

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

const json = (value: unknown) => (value === null ? null : sql`${JSON.stringify(value)}::jsonb`)

/** Does nothing when the run is there already: a repeated step finds its own. */
export async function insertEvaluation(trx: Trx, row: EvaluationRow): Promise<void> {
  await tables(trx)
    .insertInto('evaluation')
    .values({ ...row, conditions: json(row.conditions), error: json(row.error) })
    .onConflict((oc) => oc.column('id').doNothing())
    .execute()
}

export async function updateEvaluation(
  db: Db | Trx,
  id: string,
  patch: Partial<Omit<EvaluationRow, 'id' | 'version_id'>>,
  onlyIn?: EvaluationRow['state'],
): Promise<void> {
  const { conditions, error, ...rest } = patch
  let query = tables(db)
    .updateTable('evaluation')
    .set({
      ...rest,
      ...(conditions === undefined ? {} : { conditions: json(conditions) }),
      ...(error === undefined ? {} : { error: json(error) }),
    })
    .where('id', '=', id)
  if (onlyIn !== undefined) query = query.where('state', '=', onlyIn)
  await query.execute()
}

export async function findEvaluation(db: Db | Trx, id: string): Promise<EvaluationRow | undefined> {
  return (await tables(db).selectFrom('evaluation').selectAll().where('id', '=', id).executeTakeFirst()) as
    | EvaluationRow
    | undefined
}

/** Newest first, `limit + 1` of them, older than the id `before`. */
export async function listEvaluationRows(
  db: Db | Trx,
  filter: { versionId?: string | undefined; limit: number; before?: string | undefined },
): Promise<EvaluationRow[]> {
  let query = tables(db)
    .selectFrom('evaluation')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.versionId !== undefined) query = query.where('version_id', '=', filter.versionId)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return (await query.execute()) as EvaluationRow[]
}

/** The newest finished evaluation of each version. */
export async function newestEvaluations(db: Db | Trx, versionIds: readonly string[]): Promise<EvaluationRow[]> {
  if (versionIds.length === 0) return []
  return (await tables(db)
    .selectFrom('evaluation')
    .selectAll()
    .distinctOn('version_id')
    .where('version_id', 'in', [...versionIds])
    .where('state', '=', 'finished')
    .orderBy('version_id')
    .orderBy('created_at', 'desc')
    .execute()) as EvaluationRow[]
}

export async function countFinished(db: Db | Trx, versionId: string): Promise<{ n: number; best: number | null }> {
  const row = await tables(db)
    .selectFrom('evaluation')
    .select((eb) => [eb.fn.countAll<number>().as('n'), eb.fn.max<number | null>('score').as('best')])
    .where('version_id', '=', versionId)
    .where('state', '=', 'finished')
    .executeTakeFirstOrThrow()
  return { n: Number(row.n), best: row.best }
}

export async function saveItem(trx: Trx, row: ItemRow): Promise<void> {
  await tables(trx)
    .insertInto('evaluation_item')
    .values(row)
    .onConflict((oc) => oc.columns(['evaluation_id', 'ordinal']).doNothing())
    .execute()
}

/** Ordinals that are scored already. */
export async function scoredOrdinals(db: Db | Trx, evaluationId: string): Promise<Set<number>> {
  const rows = await tables(db)
    .selectFrom('evaluation_item')
    .select('ordinal')
    .where('evaluation_id', '=', evaluationId)
    .execute()
  return new Set(rows.map((row) => row.ordinal))
}

export async function countItems(db: Db | Trx, evaluationIds: readonly string[]): Promise<Map<string, number>> {
  if (evaluationIds.length === 0) return new Map()
  const rows = await tables(db)
    .selectFrom('evaluation_item')
    .select('evaluation_id')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('evaluation_id', 'in', [...evaluationIds])
    .groupBy('evaluation_id')
    .execute()
  return new Map(rows.map((row) => [row.evaluation_id, Number(row.n)]))
}

export async function itemScores(db: Db | Trx, evaluationId: string): Promise<number[]> {
  const rows = await tables(db)
    .selectFrom('evaluation_item')
    .select('score')
    .where('evaluation_id', '=', evaluationId)
    .orderBy('ordinal')
    .execute()
  return rows.flatMap((row) => (row.score === null ? [] : [row.score]))
}

/** Items in their order after the ordinal `after`, `limit + 1` of them. */
export function listItemRows(
  db: Db,
  evaluationId: string,
  filter: { wrong: boolean; after: number; limit: number },
): Promise<ItemRow[]> {
  let query = tables(db)
    .selectFrom('evaluation_item')
    .selectAll()
    .where('evaluation_id', '=', evaluationId)
    .where('ordinal', '>', filter.after)
    .orderBy('ordinal')
    .limit(filter.limit + 1)
  if (filter.wrong) query = query.where((eb) => eb.or([eb('score', '<', 1), eb('score', 'is', null)]))
  return query.execute()
}
