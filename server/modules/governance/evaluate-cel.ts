import { parse } from '@marcbachmann/cel-js'
import type { VersionFacts } from '../../../contract/index.ts'
import { internal } from '../../../kernel/index.ts'

const maxLength = 4_000
const compiled = new Map<string, (facts: Record<string, unknown>) => unknown>()

/**
 * Evaluates a CEL expression over the facts. Throws `internal` when the expression is broken or does not answer true or false:
 * a gate that cannot be evaluated is a closed gate, and the caller treats it so.
 */
export function evaluateCel(expression: string, facts: VersionFacts): boolean {
  let program = compiled.get(expression)
  if (program === undefined) {
    if (expression.length > maxLength)
      throw internal('policy_too_long', `The expression is longer than ${maxLength} characters.`)
    program = parse(expression) as (facts: Record<string, unknown>) => unknown
    compiled.set(expression, program)
  }
  const answer = program(facts as unknown as Record<string, unknown>)
  if (typeof answer !== 'boolean')
    throw internal('policy_not_boolean', `The expression does not answer true or false: ${expression}`)
  return answer
}
