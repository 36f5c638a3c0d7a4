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
  await untilReachable(() => engine.put({ ...fit.spec, deploymentId }, signal), signal)
  const loaded = await engine.load(deploymentId, signal)
  return {
    deploymentId,
    loaded,
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

async function untilReachable(call: () => Promise<unknown>, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + hostPatienceMs
  for (;;) {
    try {
      await call()
      return
    } catch (error) {
      const away = error instanceof HubError && error.code === 'engine_host_unreachable'
      if (!away || performance.now() > deadline) throw error
    }
    await sleep(askAgainMs, undefined, signal === undefined ? {} : { signal })
  }
}
