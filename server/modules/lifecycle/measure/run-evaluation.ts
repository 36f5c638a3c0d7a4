import { buffer } from 'node:stream/consumers'
import * as z from 'zod'
import type { EngineClient } from '../../../../engine/index.ts'
import { upstream } from '../../../../kernel/index.ts'
import { machineConditions } from '../../benchmarks/index.ts'
import { getVersion } from '../../catalog/index.ts'
import {
  type Ask,
  finishEvaluation,
  insertEvaluation,
  runItems,
  saveItem,
  scoredOrdinals,
  taskHash,
  tasks,
  updateEvaluation,
} from '../../evaluations/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { openMeasuringEndpoint } from './measuring-endpoint.ts'
import { recordEvidence } from './record-evidence.ts'

export const defaultTask = 'sequence-200'

/** Registers an evaluation run; the items are frozen by their hash before the first answer. */
export async function createEvaluationRow(
  deps: Pick<LifecycleDeps, 'clock' | 'newId'>,
  trx: Parameters<typeof insertEvaluation>[0],
  input: {
    id?: string
    versionId: string
    projectId: string
    task: string
    seed: number
    jobId: string | null
    createdBy: string
  },
): Promise<string> {
  const task = tasks.get(input.task)
  const id = input.id ?? deps.newId('evaluation')
  await insertEvaluation(trx, {
    id,
    version_id: input.versionId,
    project_id: input.projectId,
    task: task.kind,
    task_version: task.version,
    task_hash: taskHash(task),
    seed: input.seed,
    state: 'running',
    items_total: task.items().length,
    score: null,
    standard_error: null,
    interval_low: null,
    interval_high: null,
    conditions: {},
    error: null,
    job_id: input.jobId,
    created_by: input.createdBy,
    created_at: deps.clock.date(),
    finished_at: null,
  })
  return id
}

/** Asks every item that has no score yet and aggregates; a killed run goes on where it stopped. */
export async function runEvaluation(
  deps: LifecycleDeps,
  ctx: OnboardContext,
  evaluationId: string,
  input: { task: string; seed: number },
): Promise<{ evaluationId: string }> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const task = tasks.get(input.task)
  const total = task.items().length
  const endpoint = await openMeasuringEndpoint(deps, ctx, ctx.signal)
  try {
    const done = await scoredOrdinals(deps.database.db, evaluationId)
    let count = done.size
    await runItems(
      {
        evaluationId,
        task,
        taskHash: taskHash(task),
        seed: input.seed,
        done,
        concurrency: endpoint.loaded.parallel,
        ask: askEngine(deps.engine, endpoint.deploymentId),
        save: async (row) => {
          await ctx.tx((trx) => saveItem(trx, row))
          count += 1
          ctx.progress({ done: count, total, message: task.title })
        },
      },
      ctx.signal,
    )
    await ctx.tx(async (trx) => {
      await updateEvaluation(trx, evaluationId, {
        conditions: {
          ...machineConditions(),
          engine: endpoint.loaded.engine,
          engineVersion: endpoint.loaded.engineVersion,
          sampler: task.sampler,
          digest: version.digest,
        },
      })
      await finishEvaluation(trx, evaluationId, total, deps.clock.date())
      await recordEvidence(deps, trx, {
        versionId: version.id,
        actor: ctx.actor,
        kind: 'evaluation',
        runId: evaluationId,
        summary: `Evaluation on ${task.title} (${total} items) finished.`,
      })
    })
    return { evaluationId }
  } finally {
    await endpoint.release()
  }
}

const Answer = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullable() }) })).min(1),
})

/** One chat answer of the deployment, not streamed. */
function askEngine(engine: EngineClient | null, deploymentId: string): Ask {
  return async ({ prompt, seed, temperature, maxTokens }, signal) => {
    if (engine === null) throw upstream('engine_absent', 'This process has no engine host.')
    const answer = await engine.request(
      deploymentId,
      {
        path: '/v1/chat/completions',
        body: {
          model: deploymentId,
          messages: [{ role: 'user', content: prompt }],
          seed,
          temperature,
          max_tokens: maxTokens,
        },
      },
      signal,
    )
    const text = (await buffer(answer)).toString('utf8')
    if (answer.statusCode !== 200) {
      throw upstream('engine_refused', `The engine answered with status ${answer.statusCode}: ${text.slice(0, 200)}`)
    }
    return Answer.parse(JSON.parse(text)).choices[0]?.message.content ?? ''
  }
}
