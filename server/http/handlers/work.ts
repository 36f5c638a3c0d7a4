import { BenchmarkSpecInput } from '../../../contract/index.ts'
import { notFound } from '../../../kernel/index.ts'
import { startBackup } from '../../backup/index.ts'
import { findBenchmark, listBenchmarkRows, listRecords, presentBenchmark } from '../../modules/benchmarks/index.ts'
import { findVersionRows, getVersion } from '../../modules/catalog/index.ts'
import {
  countItems,
  findEvaluation,
  listEvaluationRows,
  listItemRows,
  listTasks,
  presentEvaluation,
  presentItem,
} from '../../modules/evaluations/index.ts'
import {
  checkSource,
  expandSources,
  startBenchmark,
  startEvaluation,
  startScrub,
} from '../../modules/lifecycle/index.ts'
import { localSource } from '../../modules/sources/index.ts'
import { decodeCursor, toPage } from '../../platform/page.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'
import { presentJob, presentJobs } from './present-job.ts'

type Ids =
  | 'checkSource'
  | 'browseDisk'
  | 'expandSources'
  | 'listJobs'
  | 'getJob'
  | 'streamJobEvents'
  | 'cancelJob'
  | 'startScrub'
  | 'startBackup'
  | 'createBenchmark'
  | 'listBenchmarks'
  | 'getBenchmark'
  | 'listBenchmarkRecords'
  | 'listTasks'
  | 'createEvaluation'
  | 'listEvaluations'
  | 'getEvaluation'
  | 'listEvaluationItems'

/** Jobs whose existence needs no question to the database any more. */
const mostKnownJobs = 10_000

export function workHandlers(deps: HandlerDeps): Pick<Handlers, Ids> {
  const { lifecycle } = deps
  const { jobs } = lifecycle
  const { db } = lifecycle.database
  const known = new Set<string>()
  jobs.onChange(({ jobId }) => {
    known.add(jobId)
    for (const oldest of known) {
      if (known.size <= mostKnownJobs) break
      known.delete(oldest)
    }
  })

  const readBenchmark = async (id: string) => {
    const row = await findBenchmark(db, id)
    if (row === undefined)
      throw notFound('benchmark_not_found', `There is no benchmark ${id}.`, 'List them with `modelhub bench ls`.')
    return row
  }
  const readEvaluation = async (id: string) => {
    const row = await findEvaluation(db, id)
    if (row === undefined)
      throw notFound('evaluation_not_found', `There is no evaluation ${id}.`, 'List them with `modelhub eval ls`.')
    return row
  }
  const nameOf = async (ids: readonly string[]) => {
    const versions = await findVersionRows(db, [...new Set(ids)])
    return (id: string) => ({ modelName: versions.get(id)?.model_name ?? '', number: versions.get(id)?.number ?? 0 })
  }

  return {
    checkSource: ({ body }, { signal }) => checkSource(lifecycle, body.source, { modality: body.modality }, signal),
    expandSources: ({ body }) => expandSources(lifecycle, body),
    browseDisk: async ({ query }) => {
      const { browse } = localSource('disk')
      if (browse === undefined) throw notFound('no_browser', 'Disk sources cannot be browsed here.')
      return browse(query.path, lifecycle.sources)
    },
    listJobs: async ({ query }) => {
      const page = await jobs.list(withCursor(query))
      return { items: await presentJobs(db, page.items), nextCursor: page.nextCursor }
    },
    getJob: async ({ params }) => presentJob(db, await jobs.get(params.id)),
    streamJobEvents: async ({ params, query }, { headers, signal }) => {
      // A long query holds the embedded database for everyone: the stream of a job that is known opens all the same.
      if (!known.has(params.id)) await jobs.get(params.id)
      const last = Number(headers.get('last-event-id') ?? query.after ?? 0)
      return jobs.events(params.id, { afterSeq: Number.isSafeInteger(last) && last >= 0 ? last : 0, signal })
    },
    cancelJob: async ({ params }, { actor }) => {
      const job = await jobs.cancel(params.id, { type: actor.type, id: actor.id, name: actor.name })
      return presentJob(db, job)
    },
    startScrub: async (_input, { actor }) => presentJob(db, await startScrub(lifecycle, actor)),
    startBackup: async ({ body }, { actor }) => presentJob(db, await startBackup(lifecycle, actor, body)),
    createBenchmark: async ({ body }, { actor, once }) => {
      const spec = body.spec ?? BenchmarkSpecInput.parse({})
      const { benchmarkId, job } = await once(lifecycle, (deps) => startBenchmark(deps, actor, body.version, spec))
      const row = await readBenchmark(benchmarkId)
      const name = await nameOf([row.version_id])
      return { benchmark: presentBenchmark(row, name(row.version_id)), job: await presentJob(db, job) }
    },
    listBenchmarks: async ({ query }) => {
      const versionId = query.version === undefined ? undefined : (await getVersion(db, query.version)).id
      const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor, ['text'])[0]
      const rows = await listBenchmarkRows(db, { versionId, limit: query.limit, before })
      const name = await nameOf(rows.map((row) => row.version_id))
      return toPage(
        rows,
        query.limit,
        (row) => presentBenchmark(row, name(row.version_id)),
        (row) => [row.id],
      )
    },
    getBenchmark: async ({ params }) => {
      const row = await readBenchmark(params.id)
      const name = await nameOf([row.version_id])
      return presentBenchmark(row, name(row.version_id))
    },
    listBenchmarkRecords: async ({ params, query }) => {
      const row = await readBenchmark(params.id)
      const after = query.cursor === undefined ? -1 : decodeCursor(query.cursor, ['integer'])[0]
      const records = await listRecords(db, row.id, { after, limit: query.limit })
      return toPage(
        records,
        query.limit,
        ({ record }) => record,
        ({ ordinal }) => [ordinal],
      )
    },
    listTasks: () => Promise.resolve(listTasks()),
    createEvaluation: async ({ body }, { actor, once }) => {
      const input = { task: body.task, seed: body.seed }
      const { evaluationId, job } = await once(lifecycle, (deps) => startEvaluation(deps, actor, body.version, input))
      const row = await readEvaluation(evaluationId)
      const name = await nameOf([row.version_id])
      return { evaluation: presentEvaluation(row, name(row.version_id), 0), job: await presentJob(db, job) }
    },
    listEvaluations: async ({ query }) => {
      const versionId = query.version === undefined ? undefined : (await getVersion(db, query.version)).id
      const before = query.cursor === undefined ? undefined : decodeCursor(query.cursor, ['text'])[0]
      const rows = await listEvaluationRows(db, { versionId, limit: query.limit, before })
      const name = await nameOf(rows.map((row) => row.version_id))
      const done = await countItems(
        db,
        rows.map((row) => row.id),
      )
      return toPage(
        rows,
        query.limit,
        (row) => presentEvaluation(row, name(row.version_id), done.get(row.id) ?? 0),
        (row) => [row.id],
      )
    },
    getEvaluation: async ({ params }) => {
      const row = await readEvaluation(params.id)
      const name = await nameOf([row.version_id])
      return presentEvaluation(row, name(row.version_id), (await countItems(db, [row.id])).get(row.id) ?? 0)
    },
    listEvaluationItems: async ({ params, query }) => {
      const row = await readEvaluation(params.id)
      const after = query.cursor === undefined ? -1 : decodeCursor(query.cursor, ['integer'])[0]
      const items = await listItemRows(db, row.id, { wrong: query.wrong ?? false, after, limit: query.limit })
      return toPage(items, query.limit, presentItem, (item) => [item.ordinal])
    },
  }
}
