import type { VersionFacts } from '../../../../contract/index.ts'
import type { PolicyContext, PolicyDefinition } from '../policy.ts'

/** Reads the state: a version that the engine could not load stays in needs attention with that reason. */
export const lifecyclePolicy: PolicyDefinition = {
  kind: 'lifecycle',
  title: 'Ingest has finished well',
  gate: 'publish',
  expression: 'version.state in ["verified", "evaluated", "published"]',
  mode: 'enforce',
  whoCanWaive: null,
  passes: 'The version went through its onboarding.',
  message: ({ facts, stateReason }) =>
    ownReason(stateReason)?.message ??
    `The version ${stateWords(facts.version.state)}; only a verified version is published.`,
  fact: (facts) => `version.state = ${facts.version.state}`,
  remedy: ({ facts, stateReason }) =>
    ownReason(stateReason)?.remedy ?? remedies[facts.version.state] ?? 'Finish its ingest first.',
  action: 'retry',
}

const stateWords = (state: string) => (state === 'needs_attention' ? 'needs attention' : `is ${state}`)

const remedies: Partial<Record<VersionFacts['version']['state'], string>> = {
  archived: 'Register the files as a new version.',
  needs_attention: 'Clear what the security scan says first.',
}

/** The reason of the state, unless it is the scan's: that gate says it in full already. */
function ownReason(reason: PolicyContext['stateReason']): PolicyContext['stateReason'] {
  return reason === null || reason.code === 'findings_open' || reason.code === 'scan_incomplete' ? null : reason
}
