import type { LifecycleState } from '../../../contract/index.ts'

/**
 * The lifecycle, whole: from each state, where a version may go and why. Everything that is not here is refused.
 * archived is final; restoring is a new version of the same digest.
 */
export const transitions = {
  draft: { ingesting: 'ingest starts' },
  ingesting: {
    verified: 'every file examined, nothing stands open',
    needs_attention: 'a finding, a failed or an incomplete step',
    draft: 'cancelled',
  },
  needs_attention: {
    ingesting: 'retry',
    verified: 'every blocking finding waived or approved',
    archived: 'given up',
  },
  verified: {
    evaluated: 'evidence finished, imported, or its absence explained',
    needs_attention: 'a rule, integrity or a lapsed waiver',
    archived: 'withdrawn',
  },
  evaluated: {
    published: 'every gate open',
    needs_attention: 'a rule, integrity or a lapsed waiver',
    archived: 'withdrawn',
  },
  published: {
    evaluated: 'unpublished',
    needs_attention: 'a rule, integrity or a lapsed waiver',
    archived: 'withdrawn',
  },
  archived: {},
} as const satisfies Record<LifecycleState, Partial<Record<LifecycleState, string>>>

export function mayMove(from: LifecycleState, to: LifecycleState): boolean {
  return to in transitions[from]
}

/** The states from which `to` may be entered. */
export function sourcesOf(to: LifecycleState): LifecycleState[] {
  return (Object.keys(transitions) as LifecycleState[]).filter((from) => mayMove(from, to))
}
