import { escapeText } from './evidence.ts'
import { withoutSecret } from './text/without-secret.ts'
import type { Observation } from './types.ts'

export type ObservationLog = {
  add: (observation: Observation) => void
  /** A log on trial: its observations count only once committed. */
  begin: () => { add: (observation: Observation) => void; commit: () => void }
  finish: () => Observation[]
}

/** Many tensors can be wrong in the same way; ten of a kind tell the story. */
const maxPerCode = 10
const maxInAll = 200

/** Collects observations, bounded in number and in length of text. What is dropped is counted, never silent. */
export function createObservationLog(): ObservationLog {
  const kept: Observation[] = []
  const counts = new Map<string, number>()

  function add(observation: Observation): void {
    const count = (counts.get(observation.code) ?? 0) + 1
    counts.set(observation.code, count)
    // The first of a code is always kept, so that no kind of trouble is crowded out by another.
    if (count > maxPerCode || (kept.length >= maxInAll && count > 1)) return
    kept.push({
      ...observation,
      ...(observation.member === undefined ? {} : { member: withoutSecret(escapeText(observation.member)) }),
      ...(observation.evidence === undefined ? {} : { evidence: withoutSecret(escapeText(observation.evidence)) }),
      ...(observation.detail === undefined ? {} : { detail: withoutSecret(observation.detail.slice(0, 300)) }),
    })
  }

  function finish(): Observation[] {
    for (const [code, count] of counts) {
      if (count <= maxPerCode) continue
      const last = kept.findLast((observation) => observation.code === code)
      if (last !== undefined) last.data = { ...last.data, alsoSeen: count - maxPerCode }
    }
    return kept
  }

  return {
    add,
    begin: () => {
      const trial: Observation[] = []
      const codes = new Set<string>()
      return {
        add: (observation) => {
          // A new kind of trouble is kept however much there was of others.
          if (trial.length < 10_000 || !codes.has(observation.code)) trial.push(observation)
          codes.add(observation.code)
        },
        commit: () => {
          for (const observation of trial) add(observation)
        },
      }
    },
    finish,
  }
}
