import type { PolicyDefinition } from '../policy.ts'

/** Reads the state: a version that the engine could not load stays in needs attention with that reason. */
export const lifecyclePolicy: PolicyDefinition = {
  kind: 'lifecycle',
  title: 'Ingest has finished well',
  gate: 'publish',
  expression: 'version.state in ["verified", "evaluated", "published"]',
  mode: 'enforce',
  whoCanWaive: null,
  passes: 'The version went through ingest, scan and license.',
  message: ({ facts, stateReason }) =>
    stateReason?.message ??
    `The version is ${facts.version.state.replaceAll('_', ' ')}; only a verified version is published.`,
  fact: (facts) => `version.state = ${facts.version.state}`,
  remedy: ({ facts, stateReason }) =>
    stateReason?.remedy ??
    (facts.version.state === 'archived' ? 'Restore it as a new version.' : 'Finish its ingest first.'),
  action: 'retry',
}
