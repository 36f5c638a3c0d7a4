import type { ReadinessCheck } from '../../../contract/index.ts'
import { messageOf } from '../../../kernel/index.ts'
import { evaluateCel } from './evaluate-cel.ts'
import { policies } from './policies/index.ts'
import type { PolicyContext, PolicyDefinition } from './policy.ts'

/** Every policy of a gate, judged over the facts; the checklist, the refusal and the dry run are this one list. */
export function checkGate(gate: PolicyDefinition['gate'], context: PolicyContext): ReadinessCheck[] {
  return policies.all
    .filter((policy) => policy.gate === gate && (policy.concerns?.(context.facts) ?? true))
    .map((policy) => checkPolicy(policy, context))
}

function checkPolicy(policy: PolicyDefinition, context: PolicyContext): ReadinessCheck {
  const base = {
    id: policy.kind,
    policy: policy.kind,
    title: policy.title,
    mode: policy.mode,
    fact: policy.fact(context.facts),
  }
  let passes: boolean
  try {
    passes = evaluateCel(policy.expression, context.facts)
  } catch (error) {
    return {
      ...base,
      status: 'fail',
      blocks: true,
      message: `The policy could not be evaluated: ${messageOf(error)}`,
      remedy: 'Repair the expression of the policy.',
      whoCanWaive: null,
      action: null,
    }
  }
  const notApplicable = policy.notApplicable?.(context.facts) ?? null
  if (notApplicable !== null) {
    return {
      ...base,
      status: 'not_applicable',
      blocks: false,
      message: notApplicable,
      remedy: null,
      whoCanWaive: null,
      action: null,
    }
  }
  if (passes) {
    return {
      ...base,
      status: 'pass',
      blocks: false,
      message: policy.passesFor?.(context.facts) ?? policy.passes,
      remedy: null,
      whoCanWaive: null,
      action: null,
    }
  }
  const blocks = policy.mode === 'enforce'
  const unknown = policy.incomplete?.(context.facts) ?? false
  return {
    ...base,
    status: unknown ? 'incomplete' : blocks ? 'fail' : 'warn',
    blocks,
    message: policy.message(context),
    remedy: policy.remedy(context),
    whoCanWaive: policy.whoCanWaive,
    action: policy.actionFor === undefined ? policy.action : policy.actionFor(context.facts),
  }
}
