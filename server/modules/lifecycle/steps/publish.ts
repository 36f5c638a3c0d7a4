import { HubError } from '../../../../kernel/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { publish } from '../publish.ts'

/** Publishes at the end of an onboarding that asked for it. A closed gate is an answer, not a failure: the version keeps its state. */
export async function publishStep(deps: LifecycleJobDeps, ctx: OnboardContext): Promise<unknown> {
  const version = await getVersion(deps.database.db, ctx.versionId)
  if (version.state === 'published') return { published: true }
  if (version.state !== 'verified' && version.state !== 'evaluated') return { skipped: 'not verified' }
  // Only while this process owns the job: one that slept meanwhile must not publish again what a person has withdrawn since.
  const fenced = { ...deps, database: { ...deps.database, transaction: ctx.tx } }
  try {
    await publish(fenced, ctx.versionId, {
      actor: ctx.actor,
      reason: 'Asked for at onboarding.',
      serve: (trx, { id }) => deps.serve(trx, id),
    })
    return { published: true }
  } catch (error) {
    if (error instanceof HubError && error.code === 'publish_refused') {
      ctx.log('warn', error.message)
      return { published: false, reason: error.message }
    }
    throw error
  }
}
