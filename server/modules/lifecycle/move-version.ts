import { channels, type LifecycleState, type StateReason } from '../../../contract/index.ts'
import { conflict } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import type { Trx } from '../../platform/db/index.ts'
import { moveState, type NamedVersionRow, refreshModel } from '../catalog/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { mayMove, sourcesOf } from './transitions.ts'

export type Move = {
  version: Pick<NamedVersionRow, 'id' | 'model_id' | 'model_name' | 'number' | 'project_id' | 'state'>
  to: LifecycleState
  actor: Actor
  /** Verb of the audit event, such as `version.publish`. */
  action: string
  /** In whose words, why. */
  reason?: string
  /** Why the version is where it is, shown on its page; null when there is nothing to say. */
  stateReason?: StateReason | null
  evidence?: Record<string, unknown>
}

/**
 * The only way a version changes its state: checks the table, moves it, keeps the model's default in step, tells the gateways when a
 * published version is touched, and writes the audit event as the last statement. Throws `conflict` when the table refuses, or when
 * somebody else moved the version since it was read: what was decided on the old state does not hold for the new one.
 */
export async function moveVersion(deps: LifecycleDeps, trx: Trx, move: Move): Promise<void> {
  const { version, to } = move
  const now = deps.clock.date()
  if (!mayMove(version.state, to)) throw transitionRefused(version.state, to)
  const moved = await moveState(trx, version.id, [version.state], to, move.stateReason ?? null, now)
  if (!moved) {
    throw conflict(
      'state_changed',
      `The version is not ${words(version.state)} any more: somebody else changed it at the same time.`,
      'Look at it again, then decide.',
    )
  }
  await refreshModel(trx, version.model_id, now)
  if (to === 'published' || version.state === 'published') {
    await deps.database.notify(trx, channels.serving, move.action)
  }
  await deps.audit(trx, {
    actor: move.actor,
    action: move.action,
    object: { type: 'version', id: version.id, name: `${version.model_name}@${version.number}` },
    projectId: version.project_id,
    ...(move.reason === undefined ? {} : { reason: move.reason }),
    before: { state: version.state },
    after: { state: to, ...(move.stateReason ? { stateReason: move.stateReason } : {}) },
    ...(move.evidence === undefined ? {} : { evidence: move.evidence }),
  })
}

/** The refusal of a move that the table does not have. */
export function transitionRefused(from: LifecycleState, to: LifecycleState) {
  return conflict(
    'transition_refused',
    `A version that ${stateWords(from)} cannot become ${words(to)}.`,
    `It can become ${words(to)} from: ${sourcesOf(to).map(words).join(', ') || 'nowhere'}.`,
    { details: { from, to } },
  )
}

/** A state as the verb of a sentence: "is verified", "needs attention". */
export const stateWords = (state: LifecycleState) =>
  state === 'needs_attention' ? 'needs attention' : `is ${words(state)}`

const words = (state: LifecycleState) => state.replaceAll('_', ' ')
