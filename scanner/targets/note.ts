import { escapeText } from '../evidence.ts'
import type { Observation } from '../types.ts'
import { gradeTarget } from './classify.ts'

/** Notes a name that a config makes a loader import and call, unless it is known to be harmless. */
export function noteTarget(
  name: string,
  where: { offset: number; member: string },
  observe: (observation: Observation) => void,
): void {
  const grade = gradeTarget(name)
  if (grade === 'allowed') return
  const code = grade === 'dangerous' ? 'target.dangerous' : grade === 'library' ? 'target.library' : 'target.unknown'
  observe({ code, offset: where.offset, member: where.member, evidence: name, detail: escapeText(name, 120) })
}
