import {
  channels,
  type LifecycleState,
  type PolicyMode,
  type StateReason,
  type VersionFacts,
} from '../../../../contract/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { isWorse, type Reassessed } from '../../license/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { insertNotices, type NoticeKind, type NoticeRow } from '../notices/notice-store.ts'
import { moveToAttention, refreshModels } from '../rejudge/rejudge-store.ts'
import { licenseReason } from '../steps/decide.ts'

export type OutcomeRun = {
  jobId: string
  actor: Actor
  /** Of the license gate: `enforce` takes out of service what the declared use no longer allows; else its owner hears of it. */
  mode: PolicyMode
}

const served: readonly LifecycleState[] = ['verified', 'evaluated', 'published']

/**
 * What follows from licenses that were judged again. A text that is no longer known, or contradicts the card, takes a version out of its
 * state, as it would at its ingest; a use that is no longer allowed does where the license gate enforces. Of everything that became
 * worse the owner hears. The audit events come last.
 */
export async function recordOutcomes(
  deps: LifecycleDeps,
  trx: Trx,
  changed: readonly Reassessed[],
  run: OutcomeRun,
): Promise<{ moved: number; worse: number }> {
  const at = deps.clock.date()
  const worse = changed.filter(
    ({ version, before, after }) =>
      served.includes(version.state) && after.decision !== 'approved' && isWorse(before, after),
  )
  const leaving = worse.flatMap((one) => {
    const reason = leavesFor(one, run.mode)
    return reason === null ? [] : [{ one, reason }]
  })
  const ids =
    leaving.length === 0
      ? new Set<string>()
      : await moveToAttention(
          trx,
          leaving.map(({ one, reason }) => ({ id: one.version.id, from: one.version.state, reason })),
          at,
        )
  const moved = leaving.filter(({ one }) => ids.has(one.version.id))
  if (moved.length > 0) {
    await refreshModels(trx, [...new Set(moved.map(({ one }) => one.version.model_id))], at)
    if (moved.some(({ one }) => one.version.state === 'published'))
      await deps.database.notify(trx, channels.serving, 'version.needs_attention')
  }
  const stayed = worse.filter(({ version }) => !ids.has(version.id))
  await insertNotices(trx, [
    ...moved.map(({ one, reason }) => notice(deps, one, 'needs_attention', reason, at)),
    ...stayed.map((one) => notice(deps, one, 'license_worse', worseReason(one), at)),
  ])
  for (const { one, reason } of moved) {
    await deps.audit(trx, {
      actor: run.actor,
      action: 'version.needs_attention',
      object: { type: 'version', id: one.version.id, name: labelOf(one) },
      projectId: one.version.project_id,
      reason: reason.message,
      before: { state: one.version.state },
      after: { state: 'needs_attention', stateReason: reason },
      evidence: { jobId: run.jobId, because: 'license', from: outcome(one.before), to: outcome(one.after) },
    })
  }
  return { moved: moved.length, worse: worse.length }
}

function leavesFor({ before, after, sentence }: Reassessed, mode: PolicyMode): StateReason | null {
  const ofText = licenseReason(after)
  if (ofText !== null && ofText.code !== licenseReason(before)?.code) return ofText
  if (mode !== 'enforce' || after.suitability !== 'not_allowed') return null
  return { code: 'license_not_allowed', message: sentence, remedy }
}

const remedy =
  'Look at the license: correct the organization profile or an answer where it is wrong, or record a license decision, then retry.'

const worseReason = ({ sentence }: Reassessed): StateReason => ({ code: 'license_worse', message: sentence, remedy })

const labelOf = ({ version }: Reassessed) => `${version.model_name}@${version.number}`

const outcome = ({ id, class: licenseClass, suitability, text }: VersionFacts['license']) => ({
  licenseId: id,
  class: licenseClass,
  suitability,
  text,
})

const notice = (deps: LifecycleDeps, one: Reassessed, kind: NoticeKind, reason: StateReason, at: Date): NoticeRow => ({
  id: deps.newId('notice'),
  project_id: one.version.project_id,
  version_id: one.version.id,
  owner_id: one.version.owner_id,
  kind,
  message: `${labelOf(one)}: ${reason.message}`,
  remedy: reason.remedy ?? null,
  details: {
    because: 'license',
    from: { state: one.version.state, ...outcome(one.before) },
    to: outcome(one.after),
  },
  at,
})
