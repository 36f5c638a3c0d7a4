import type { PolicyDefinition } from '../policy.ts'

export const ownerPolicy: PolicyDefinition = {
  kind: 'owner',
  title: 'Somebody owns the model',
  gate: 'publish',
  expression: 'model.owner != null',
  mode: 'warn',
  whoCanWaive: null,
  passes: 'The model has an owner.',
  message: () => 'The model has no owner.',
  fact: (facts) => `model.owner = ${facts.model.owner ?? 'null'}`,
  remedy: () => 'Set an owner, so that questions and findings reach somebody. This is a warning and does not block.',
  action: 'set_owner',
}
