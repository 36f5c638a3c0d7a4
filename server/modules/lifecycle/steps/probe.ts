import type { StateReason } from '../../../../contract/index.ts'
import { HubError } from '../../../../kernel/index.ts'
import { isDatabaseAway } from '../../../platform/db/index.ts'
import { getVersion, patchVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { engineFit } from '../measure/engine-spec.ts'
import { openMeasuringEndpoint } from '../measure/measuring-endpoint.ts'
import type { OnboardContext } from '../onboard-context.ts'

/** What to do about a model that breaks the engine; these codes mean the model and not the machine, so the version needs attention. */
const remedies: Record<string, string> = {
  broken_model: 'Download or convert the weights again, and register them as a new version.',
  engine_crashed: 'The weights end the engine process. Convert them again with a current converter.',
  nan_logits: 'The weights hold values that are no numbers. Convert or quantize them again.',
  fingerprint_changed: 'Put the original file back, or register the changed files as a new version.',
  timeout: 'The engine did not get ready in time. Try again when the machine is less busy, or use a smaller variant.',
}

export type ProbeOutput = {
  engine: 'ran' | 'not_applicable' | 'unsafe' | 'broken' | 'unavailable'
  message?: string
  code?: string
}

/**
 * Loads the weights in the engine and asks for one token: proof that they run. Skipped for versions whose scan stands open (nothing
 * that may be unsafe is loaded) and for formats no engine here runs. A model that breaks the engine is recorded with its reason.
 */
export async function probe(deps: LifecycleDeps, ctx: OnboardContext, scanIsOpen: boolean): Promise<ProbeOutput> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  const save = (reason: StateReason | null) =>
    ctx.tx((trx) => patchVersion(trx, version.id, { engine_reason: reason }, deps.clock.date()))
  if (scanIsOpen) return { engine: 'unsafe', message: 'The scan stands open; nothing was loaded.' }
  const fit = await engineFit(deps, deps.database.db, version.id)
  if (!fit.fit) {
    await save(fit.reason)
    return { engine: 'not_applicable', message: fit.reason.message }
  }
  ctx.progress({ message: 'Loading the model in the engine' })
  try {
    const endpoint = await openMeasuringEndpoint(deps, ctx, ctx.signal)
    await save(null)
    if (!ctx.onboarding.benchmark && !ctx.onboarding.evaluate) await endpoint.release()
    return { engine: 'ran', message: `${endpoint.loaded.engine} ${endpoint.loaded.engineVersion}` }
  } catch (error) {
    // A database that is away says nothing of the engine, nor of the model.
    if (!(error instanceof HubError) || isDatabaseAway(error)) throw error
    if (error.code === 'engine_host_unreachable' || error.code === 'engine_absent') throw error
    const remedy = remedies[error.code] ?? error.remedy
    const reason = { code: error.code, message: error.message, ...(remedy === undefined ? {} : { remedy }) }
    await save(reason)
    ctx.log('warn', error.message)
    return { engine: error.code in remedies ? 'broken' : 'unavailable', message: error.message, code: error.code }
  }
}
