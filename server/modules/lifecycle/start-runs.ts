import type { BenchmarkSpec } from '../../../contract/index.ts'
import { conflict } from '../../../kernel/index.ts'
import type { Job } from '../../jobs/index.ts'
import type { Actor } from '../../platform/actor.ts'
import { updateBenchmark } from '../benchmarks/index.ts'
import { getVersion, type NamedVersionRow } from '../catalog/index.ts'
import { tasks, updateEvaluation } from '../evaluations/index.ts'
import { resolveProject } from '../projects/index.ts'
import { newestScan } from '../verification/index.ts'
import type { StartDeps } from './deps.ts'
import { cloudSourceOf } from './hosted/source.ts'
import { createBenchmarkRow } from './measure/run-benchmark.ts'
import { createEvaluationRow } from './measure/run-evaluation.ts'
import { stateWords } from './move-version.ts'
import { enqueueFor } from './onboard.ts'

/** Starts a benchmark of a verified, evaluated or published version. Throws `conflict` where nothing here can run it. */
export async function startBenchmark(
  deps: StartDeps,
  actor: Actor,
  reference: string,
  spec: BenchmarkSpec,
): Promise<{ benchmarkId: string; job: Job }> {
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    assertMeasurable(version)
    const benchmarkId = await createBenchmarkRow(deps, trx, {
      versionId: version.id,
      projectId: version.project_id,
      spec,
      jobId: null,
      createdBy: actor.name,
    })
    const job = await enqueueFor(deps, trx, actor, version, 'benchmark', { benchmarkId, spec })
    await updateBenchmark(trx, benchmarkId, { job_id: job.id })
    await deps.audit(trx, {
      actor,
      action: 'benchmark.start',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      evidence: { benchmark: benchmarkId, jobId: job.id },
      after: { spec },
    })
    return { benchmarkId, job }
  })
}

/** Starts an evaluation of a verified, evaluated or published version on a task. */
export async function startEvaluation(
  deps: StartDeps,
  actor: Actor,
  reference: string,
  input: { task: string; seed: number },
): Promise<{ evaluationId: string; job: Job }> {
  const task = tasks.get(input.task)
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    assertMeasurable(version)
    const evaluationId = await createEvaluationRow(deps, trx, {
      versionId: version.id,
      projectId: version.project_id,
      task: task.kind,
      seed: input.seed,
      jobId: null,
      createdBy: actor.name,
    })
    const job = await enqueueFor(deps, trx, actor, version, 'evaluation', { evaluationId, ...input })
    await updateEvaluation(trx, evaluationId, { job_id: job.id })
    await deps.audit(trx, {
      actor,
      action: 'evaluation.start',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      evidence: { evaluation: evaluationId, jobId: job.id },
      after: input,
    })
    return { evaluationId, job }
  })
}

/** Inspects the files of a version again. Throws `conflict` `nothing_to_rescan` where no files were hashed yet, and for what is hosted. */
export async function rescan(deps: StartDeps, actor: Actor, reference: string): Promise<Job> {
  const version = await getVersion(deps.database.db, reference)
  if (cloudSourceOf(version) !== null) {
    throw conflict(
      'nothing_to_rescan',
      `${version.model_name}@${version.number} is hosted: there are no files here to scan.`,
      'To ask the provider again, retry a version that needs attention.',
    )
  }
  const label = `${version.model_name}@${version.number}`
  if (!['needs_attention', 'verified', 'evaluated', 'published'].includes(version.state)) {
    throw conflict(
      'nothing_to_rescan',
      `${label} ${stateWords(version.state)}; there is no scan to repeat.`,
      'Ingest it first.',
    )
  }
  if ((await newestScan(deps.database.db, version.id)) === undefined) {
    throw conflict('nothing_to_rescan', `${label} was never scanned: its ingest did not get that far.`, 'Retry it.')
  }
  return deps.database.transaction(async (trx) =>
    enqueueFor(deps, trx, actor, await getVersion(trx, version.id), 'rescan', {}),
  )
}

/** Reads every file of a version again, whatever its state; a version that has none yet is refused. */
export async function startReverify(deps: StartDeps, actor: Actor, reference: string): Promise<Job> {
  return deps.database.transaction(async (trx) => {
    const version = await getVersion(trx, reference)
    if (version.digest === null || cloudSourceOf(version) !== null) {
      throw conflict(
        'nothing_to_read',
        `${version.model_name}@${version.number} has no files here that were hashed.`,
        'Ingest it first; of a hosted model there is nothing to read.',
      )
    }
    const job = await enqueueFor(deps, trx, actor, version, 'reverify', {})
    await deps.audit(trx, {
      actor,
      action: 'version.reverify',
      object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
      projectId: version.project_id,
      evidence: { jobId: job.id },
    })
    return job
  })
}

/** Starts a check of every stored file; one runs at a time. */
export async function startScrub(deps: StartDeps, actor: Actor): Promise<Job> {
  return deps.database.transaction(async (trx) => {
    const project = await resolveProject(trx, undefined)
    const job = await deps.jobs.enqueue(trx, {
      kind: 'scrub',
      input: {},
      projectId: project.id,
      actor: { type: actor.type, id: actor.id, name: actor.name },
    })
    await deps.audit(trx, {
      actor,
      action: 'storage.scrub',
      object: { type: 'job', id: job.id },
      projectId: project.id,
    })
    return job
  })
}

function assertMeasurable(version: NamedVersionRow): void {
  const label = `${version.model_name}@${version.number}`
  if (!['verified', 'evaluated', 'published'].includes(version.state)) {
    throw conflict(
      'not_measurable',
      `${label} ${stateWords(version.state)}; only a verified version is measured.`,
      'Finish its ingest first.',
    )
  }
  if (version.engine_reason !== null) {
    throw conflict(version.engine_reason.code, version.engine_reason.message, version.engine_reason.remedy)
  }
}
