import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineLoaded } from '../../../../engine/index.ts'
import { conflict, HubError, upstream } from '../../../../kernel/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { engineFit } from './engine-spec.ts'

/** An endpoint to measure on: loaded, answering, in no snapshot. */
export type MeasuringEndpoint = {
  deploymentId: string
  loaded: EngineLoaded
  /** Whether the engine, or its host, has ended and begun anew since the endpoint was opened: what was measured is then not of one engine. */
  wasInterrupted: () => Promise<boolean>
  /** Unloads the engine when nobody else uses the deployment. */
  release: () => Promise<void>
}

/** Deployments that measurements use are named after their job, so that two runs on a version do not end each other; no gateway learns these names. */
export const measuringId = (jobId: string) => `measure_${jobId}`

/**
 * Loads a version on a private deployment of the engine host. Throws `conflict` with the engine's reason when the version cannot run
 * here, `upstream` when the host is away.
 */
export async function openMeasuringEndpoint(
  deps: LifecycleDeps,
  run: { versionId: string; jobId: string },
  signal?: AbortSignal,
): Promise<MeasuringEndpoint> {
  if (deps.engine === null) {
    throw upstream('engine_absent', 'This process has no engine host.', 'Run the measurement on a hub with an engine.')
  }
  const { engine } = deps
  const version = await getVersion(deps.database.db, run.versionId)
  const fit = await engineFit(deps, deps.database.db, version.id)
  if (!fit.fit) throw conflict(fit.reason.code, fit.reason.message, fit.reason.remedy)
  const deploymentId = measuringId(run.jobId)
  const load = () =>
    untilReachable(async () => {
      await engine.put({ ...fit.spec, deploymentId }, signal)
      return await engine.load(deploymentId, signal)
    }, signal)
  // An engine can also be ended from outside; a model that breaks it breaks it again.
  const loaded = await load().catch((error: unknown) => {
    if (!(error instanceof HubError) || error.code !== 'engine_crashed') throw error
    deps.log.warn({ err: error, deploymentId }, 'the engine ended while it loaded a model; it is tried once more')
    return load()
  })
  const { pid } = await engine.get(deploymentId, signal)
  return {
    deploymentId,
    loaded,
    wasInterrupted: () =>
      engine.get(deploymentId, signal).then(
        (now) => now.pid !== pid,
        (error: unknown) => {
          signal?.throwIfAborted()
          if (error instanceof HubError) return true
          throw error
        },
      ),
    release: async () => {
      await engine.remove(deploymentId).catch((error: unknown) => {
        deps.log.warn({ err: error, deploymentId }, 'could not remove a measuring deployment')
      })
    },
  }
}

/** The engine host starts beside this process and again after a crash; work that goes on at once must not fail for that. */
const hostPatienceMs = 15_000
const askAgainMs = 200

async function untilReachable<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = performance.now() + hostPatienceMs
  for (;;) {
    try {
      return await call()
    } catch (error) {
      // A host that has just come back knows no deployments.
      const codes = ['engine_host_unreachable', 'unknown_deployment']
      const away = error instanceof HubError && codes.includes(error.code)
      if (!away || performance.now() > deadline) throw error
    }
    await sleep(askAgainMs, undefined, signal === undefined ? {} : { signal })
  }
}
