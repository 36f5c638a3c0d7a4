import type { EngineLoaded } from '../../../../engine/index.ts'
import { conflict, HubError, upstream } from '../../../../kernel/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { engineFit } from './engine-spec.ts'
import { untilReachable } from './until-reachable.ts'
import { wasInterrupted } from './was-interrupted.ts'

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
  const loadOnce = async () => {
    await engine.put({ ...fit.spec, deploymentId }, signal)
    return await engine.load(deploymentId, signal)
  }
  // A host that has just come back knows no deployments.
  const load = () => untilReachable(loadOnce, ['engine_host_unreachable', 'unknown_deployment'], signal)
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
    wasInterrupted: () => wasInterrupted(engine, deploymentId, pid, signal),
    release: async () => {
      await engine.remove(deploymentId).catch((error: unknown) => {
        deps.log.warn({ err: error, deploymentId }, 'could not remove a measuring deployment')
      })
    },
  }
}
