import type { EvidenceSummary, Model, ModelPage, ModelVersion } from '../../../../contract/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { newestBenchmarks } from '../../benchmarks/index.ts'
import {
  countFacets,
  findVersionRows,
  getModel,
  getVersion,
  listVersionRows,
  type NamedVersionRow,
  noEvidence,
  presentModel,
  presentVersion,
  readPulls,
  type SearchInput,
  searchModels,
} from '../../catalog/index.ts'
import { newestEvaluations } from '../../evaluations/index.ts'
import { hostedPresenter } from '../hosted/present-hosted.ts'

/** A page of models with the evidence of their default versions. */
export async function listModels(db: Db, input: SearchInput & { facets?: boolean | undefined }): Promise<ModelPage> {
  const started = performance.now()
  const { rows, nextCursor, total } = await searchModels(db, input)
  const versions = await findVersionRows(
    db,
    rows.flatMap((row) => row.default_version_id ?? []),
  )
  const evidence = await readEvidence(db, [...versions.keys()])
  const hosted = await hostedPresenter(db, [...versions.values()])
  const items = rows.flatMap((row) => {
    const version = versions.get(row.default_version_id ?? '')
    return version === undefined ? [] : [presentModel(row, present(version, evidence, hosted))]
  })
  const facets = input.facets === true ? await countFacets(db, input) : undefined
  return {
    items,
    nextCursor,
    total,
    tookMs: Math.round((performance.now() - started) * 10) / 10,
    ...(facets === undefined ? {} : { facets }),
  }
}

export async function readModel(db: Db, idOrName: string): Promise<Model> {
  const row = await getModel(db, idOrName)
  return presentModel(row, await readVersion(db, row.default_version_id ?? ''))
}

export async function readVersion(db: Db, reference: string): Promise<ModelVersion> {
  const row = await getVersion(db, reference)
  const beside = await hostedPresenter(db, [row])
  return { ...present(row, await readEvidence(db, [row.id]), beside), pulls: await readPulls(db, row.id) }
}

/** Versions of a model, newest first. */
export async function listVersions(
  db: Db,
  idOrName: string,
  input: { limit: number; cursor?: string },
): Promise<Page<ModelVersion>> {
  const model = await getModel(db, idOrName)
  const before = input.cursor === undefined ? undefined : decodeCursor(input.cursor, ['integer'])[0]
  const rows = await listVersionRows(db, model.id, input.limit, before)
  const evidence = await readEvidence(
    db,
    rows.map((row) => row.id),
  )
  const hosted = await hostedPresenter(db, rows)
  return toPage(
    rows,
    input.limit,
    (row) => present(row, evidence, hosted),
    (row) => [row.number],
  )
}

const present = (
  row: NamedVersionRow,
  evidence: ReadonlyMap<string, EvidenceSummary>,
  beside: Awaited<ReturnType<typeof hostedPresenter>>,
): ModelVersion => ({ ...presentVersion(row, evidence.get(row.id) ?? noEvidence), ...beside(row) })

/** The newest measured figures of some versions. */
async function readEvidence(db: Db, versionIds: readonly string[]): Promise<Map<string, EvidenceSummary>> {
  const summaries = new Map<string, EvidenceSummary>(versionIds.map((id) => [id, { ...noEvidence }]))
  for (const row of await newestEvaluations(db, versionIds)) {
    const summary = summaries.get(row.version_id)
    if (summary === undefined || row.score === null || row.standard_error === null) continue
    summary.quality = {
      value: row.score,
      standardError: row.standard_error,
      task: row.task,
      runId: row.id,
      at: (row.finished_at ?? row.created_at).toISOString(),
    }
  }
  for (const row of await newestBenchmarks(db, versionIds, 'ok')) {
    const summary = summaries.get(row.version_id)
    if (summary === undefined || row.result === null) continue
    summary.speed = {
      ttftP50Ms: row.result.ttftMs.p50,
      ttftP95Ms: row.result.ttftMs.p95,
      tpotP50Ms: row.result.tpotMs.p50,
      outputTokensPerSecond: row.result.outputTokensPerSecond,
      concurrency: row.spec.concurrency,
      runId: row.id,
      at: (row.finished_at ?? row.created_at).toISOString(),
    }
  }
  for (const row of await newestBenchmarks(db, versionIds, 'invalid-client')) {
    const summary = summaries.get(row.version_id)
    const at = (row.finished_at ?? row.created_at).toISOString()
    if (summary !== undefined && (summary.speed === null || summary.speed.at < at)) {
      summary.invalidRun = { runId: row.id, at }
    }
  }
  return summaries
}
