import type { Severity } from '../../kernel/index.ts'
import type { FileFacts, Observation } from '../types.ts'

export type RuleContext = {
  /** Path of the file in its repository, `/`-separated, or '' when unknown. */
  path: string
}

/**
 * An opinion on facts. Pure: the same facts and path always give the same findings, without bytes.
 * A rule answers to observations (`on`, narrowed by `when`), or derives its own from the facts (`check`), or both.
 */
export type Rule = {
  /** `<FORMAT>-<TOPIC>-<nnn>`: stable, never reused for another meaning. */
  id: string
  /** The finding's message begins with this; one clause without a full stop. */
  title: string
  severity: Severity
  /** Such as `CWE-125`. */
  cwe: string
  /** Why it matters, for the rule's page. */
  explanation: string
  /** What a platform engineer should do. */
  remedy: string
  /** Codes of observations. */
  on?: readonly string[]
  when?: (observation: Observation, facts: FileFacts, context: RuleContext) => boolean
  check?: (facts: FileFacts, context: RuleContext) => Omit<Observation, 'code'>[]
}

export function defineRule(rule: Rule): Rule {
  return rule
}
