import { messageOf } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { getVersion, patchVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import type { OnboardContext } from '../onboard-context.ts'
import { inspect } from '../steps/inspect.ts'
import { redecide } from '../steps/redecide.ts'
import { nextStale, takeVersion } from './rejudge-store.ts'

type Run = {
  jobId: string
  actor: Actor
  tx: <T>(fn: (trx: Trx) => Promise<T>) => Promise<T>
  log: OnboardContext['log']
  /** Called with the number of versions that were looked at and the name of the one that is. */
  onProgress: (done: number, name: string) => void
  signal: AbortSignal
}

/**
 * Inspects the files of every version again whose facts are not those of this scanner, one version at a time. One that cannot be read
 * keeps its mark: it is not taken for examined.
 */
export async function rescanStale(deps: LifecycleDeps, run: Run): Promise<{ rescanned: number; failed: number }> {
  const done = { rescanned: 0, failed: 0 }
  let after = ''
  for (;;) {
    run.signal.throwIfAborted()
    const id = await nextStale(deps.database.db, after, run.jobId)
    if (id === null) return done
    after = id
    if (!(await run.tx((trx) => takeVersion(trx, id, run.jobId)))) continue
    try {
      await rescanOne(deps, run, id, done.rescanned + done.failed)
      done.rescanned += 1
    } catch (error) {
      run.signal.throwIfAborted()
      done.failed += 1
      run.log('warn', `${id} could not be inspected again: ${messageOf(error)}`)
      await run.tx((trx) => patchVersion(trx, id, { active_job_id: null }, deps.clock.date()))
    }
  }
}

async function rescanOne(deps: LifecycleDeps, run: Run, versionId: string, done: number): Promise<void> {
  const version = await getVersion(deps.database.db, versionId)
  run.onProgress(done, `${version.model_name}@${version.number}`)
  const context: OnboardContext = {
    jobId: run.jobId,
    versionId,
    projectId: version.project_id,
    onboarding: version.onboarding,
    actor: run.actor,
    signal: run.signal,
    progress: () => undefined,
    log: run.log,
    tx: run.tx,
  }
  await inspect(deps, context)
  await run.tx(async (trx) => {
    await patchVersion(trx, versionId, { active_job_id: null }, deps.clock.date())
    await redecide(deps, context, trx)
  })
}
