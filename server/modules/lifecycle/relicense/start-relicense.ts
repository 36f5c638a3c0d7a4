import type { PutLicenseProfile, StoredLicenseProfile } from '../../../../contract/index.ts'
import { type Actor, systemActor } from '../../../platform/actor.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import { countStaleLicenses, judgedBy, readProfile, saveProfile } from '../../license/index.ts'
import { resolveProject } from '../../projects/index.ts'
import type { StartDeps } from '../deps.ts'
import { lockStart } from '../rejudge/rejudge-store.ts'
import { holdWaitingRelicense, openRelicense } from './relicense-store.ts'

const kind = 'relicense'

/** The organization profile, and the job that judges by it when one is open. */
export async function showLicenseProfile(db: Db): Promise<StoredLicenseProfile> {
  return { ...(await readProfile(db)), jobId: await openRelicense(db) }
}

/** Replaces the organization profile; a job, which the answer names, judges every license by it. */
export async function changeLicenseProfile(
  deps: StartDeps,
  actor: Actor,
  input: PutLicenseProfile,
): Promise<StoredLicenseProfile> {
  return await deps.database.transaction(async (trx) => {
    await lockStart(trx, kind)
    const jobId = await enqueue(deps, trx, actor)
    await saveProfile(deps, trx, actor, input, { jobId })
    return { ...(await readProfile(trx)), jobId }
  })
}

/** Starts judging licenses again when some were judged by other rules or another profile. Called at every start. */
export async function relicenseWhenStale(deps: StartDeps): Promise<string | null> {
  if ((await countStaleLicenses(deps)) === 0) return null
  return await deps.database.transaction(async (trx) => {
    await lockStart(trx, kind)
    return (await openRelicense(trx)) ?? (await enqueue(deps, trx, systemActor))
  })
}

/** One that has not begun judges by what is stored when it does; one that runs may have passed versions already. */
async function enqueue(deps: StartDeps, trx: Trx, { type, id, name }: Actor): Promise<string> {
  const waiting = await holdWaitingRelicense(trx)
  if (waiting !== null) return waiting
  const project = await resolveProject(trx, undefined)
  const job = await deps.jobs.enqueue(trx, {
    kind,
    input: await judgedBy(trx),
    projectId: project.id,
    actor: { type, id, name },
  })
  return job.id
}
