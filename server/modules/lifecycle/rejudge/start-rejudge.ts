import { conflict } from '../../../../kernel/index.ts'
import { rulesetVersion, scannerVersion } from '../../../../scanner/index.ts'
import type { Job } from '../../../jobs/index.ts'
import { type Actor, systemActor } from '../../../platform/actor.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { resolveProject } from '../../projects/index.ts'
import type { StartDeps } from '../deps.ts'
import { countScannedVersions, lockStart, openRejudges, readRulesetState, saveRulesetState } from './rejudge-store.ts'

const kind = 'rejudge'
const rules = { ruleset: rulesetVersion, scanner: scannerVersion }

/** Starts judging all versions again. Throws `conflict` `job_running` while that runs by the same rules. */
export async function startRejudge(deps: StartDeps, actor: Actor): Promise<Job> {
  return await deps.database.transaction(async (trx) => {
    await lockStart(trx, kind)
    const [running] = await openRejudges(trx, rules)
    if (running !== undefined) {
      throw conflict('job_running', 'All versions are being judged again.', 'Wait for it, or cancel it.', {
        details: { jobId: running },
      })
    }
    const job = await enqueue(deps, trx, actor)
    await deps.audit(trx, {
      actor,
      action: 'catalog.rejudge_start',
      object: { type: 'job', id: job.id },
      projectId: job.projectId,
      evidence: rules,
    })
    return job
  })
}

/**
 * Starts judging all versions again when the rules or the scanner are others than the last time; null when they are not, when it is
 * started already, or when there is nothing to judge. Called at every start.
 */
export async function rejudgeWhenRulesChanged(deps: StartDeps): Promise<Job | null> {
  const known = await readRulesetState(deps.database.db)
  if (known?.ruleset === rules.ruleset && known.scanner === rules.scanner) return null
  const scanned = await countScannedVersions(deps.database.db)
  return await deps.database.transaction(async (trx) => {
    await lockStart(trx, kind)
    if (scanned === 0) {
      await saveRulesetState(trx, { ...rules, at: deps.clock.date() })
      return null
    }
    const running = await openRejudges(trx, rules)
    return running.length > 0 ? null : await enqueue(deps, trx, systemActor)
  })
}

async function enqueue(deps: StartDeps, trx: Trx, { type, id, name }: Actor): Promise<Job> {
  const project = await resolveProject(trx, undefined)
  return await deps.jobs.enqueue(trx, { kind, input: rules, projectId: project.id, actor: { type, id, name } })
}
