import { type Kysely, sql } from 'kysely'
import type { BenchmarkResult, BenchmarkSpec, StateReason } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type BenchmarkRow = {
  id: string
  version_id: string
  project_id: string
  state: 'running' | 'finished' | 'failed' | 'aborted'
  verdict: 'ok' | 'invalid-client' | 'failed' | null
  spec: BenchmarkSpec
  result: BenchmarkResult | null
  conditions: Record<string, unknown>
  error: StateReason | null
  job_id: string | null
  created_by: string
  created_at: Date
  finished_at: Date | null
}

type JsonColumn = 'spec' | 'result' | 'conditions' | 'error'
type Tables = {
  benchmark: Omit<BenchmarkRow, JsonColumn> & Record<JsonColumn, unknown>
  benchmark_record: { benchmark_id: string; ordinal: number; record: unknown }
}

const tables = (db: Db | Trx): Kysely<Tables> => db.withTables<Tables>() as Kysely<Tables>

const jsonColumns: readonly string[] = ['spec', 'result', 'conditions', 'error'] satisfies JsonColumn[]

function toColumns<T extends object>(values: T): T {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      jsonColumns.includes(key) && value !== null ? sql`${JSON.stringify(value)}::jsonb` : value,
    ]),
  ) as T
}

/** Does nothing when the run is there already: a repeated step finds its own. */
export async function insertBenchmark(trx: Trx, row: BenchmarkRow): Promise<void> {
  await tables(trx)
    .insertInto('benchmark')
    .values(toColumns(row))
    .onConflict((oc) => oc.column('id').doNothing())
    .execute()
}

export async function updateBenchmark(
  db: Db | Trx,
  id: string,
  patch: Partial<Omit<BenchmarkRow, 'id' | 'version_id'>>,
  onlyIn?: BenchmarkRow['state'],
): Promise<void> {
  let query = tables(db).updateTable('benchmark').set(toColumns(patch)).where('id', '=', id)
  if (onlyIn !== undefined) query = query.where('state', '=', onlyIn)
  await query.execute()
}

export async function findBenchmark(db: Db | Trx, id: string): Promise<BenchmarkRow | undefined> {
  return (await tables(db).selectFrom('benchmark').selectAll().where('id', '=', id).executeTakeFirst()) as
    | BenchmarkRow
    | undefined
}

/** Newest first, `limit + 1` of them, older than the id `before`. */
export async function listBenchmarkRows(
  db: Db | Trx,
  filter: { versionId?: string | undefined; limit: number; before?: string | undefined },
): Promise<BenchmarkRow[]> {
  let query = tables(db)
    .selectFrom('benchmark')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.versionId !== undefined) query = query.where('version_id', '=', filter.versionId)
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return (await query.execute()) as BenchmarkRow[]
}

/** The newest finished benchmark of each version with that verdict. */
export async function newestBenchmarks(
  db: Db | Trx,
  versionIds: readonly string[],
  verdict: 'ok' | 'invalid-client',
): Promise<BenchmarkRow[]> {
  if (versionIds.length === 0) return []
  return (await tables(db)
    .selectFrom('benchmark')
    .selectAll()
    .distinctOn('version_id')
    .where('version_id', 'in', [...versionIds])
    .where('state', '=', 'finished')
    .where('verdict', '=', verdict)
    .orderBy('version_id')
    .orderBy('created_at', 'desc')
    .execute()) as BenchmarkRow[]
}

/** How many valid results a version has; a run with a bad client is no result. */
export async function countFinished(db: Db | Trx, versionId: string): Promise<number> {
  const row = await tables(db)
    .selectFrom('benchmark')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('version_id', '=', versionId)
    .where('state', '=', 'finished')
    .where('verdict', '=', 'ok')
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Replaces the raw records of a run. */
export async function saveRecords(trx: Trx, benchmarkId: string, records: readonly unknown[]): Promise<void> {
  await tables(trx).deleteFrom('benchmark_record').where('benchmark_id', '=', benchmarkId).execute()
  for (let i = 0; i < records.length; i += 200) {
    await tables(trx)
      .insertInto('benchmark_record')
      .values(
        records.slice(i, i + 200).map((record, at) => ({
          benchmark_id: benchmarkId,
          ordinal: i + at,
          record: sql`${JSON.stringify(record)}::jsonb`,
        })),
      )
      .execute()
  }
}

export async function listRecords(
  db: Db,
  benchmarkId: string,
  filter: { after: number; limit: number },
): Promise<{ ordinal: number; record: Record<string, unknown> }[]> {
  return (await tables(db)
    .selectFrom('benchmark_record')
    .select(['ordinal', 'record'])
    .where('benchmark_id', '=', benchmarkId)
    .where('ordinal', '>', filter.after)
    .orderBy('ordinal')
    .limit(filter.limit + 1)
    .execute()) as { ordinal: number; record: Record<string, unknown> }[]
}
