import type { PolicyDefinition } from '../policy.ts'

export const evidencePolicy: PolicyDefinition = {
  kind: 'evidence',
  title: 'Measured before it is used',
  gate: 'publish',
  expression: 'evidence.benchmarks > 0 || evidence.evaluations > 0 || evidence.noEvidenceBecause != null',
  mode: 'warn',
  whoCanWaive: 'whoever publishes, by recording why there is no evidence',
  passes: 'A benchmark or an evaluation was run here.',
  passesFor: ({ evidence }) =>
    evidence.benchmarks > 0 || evidence.evaluations > 0
      ? 'A benchmark or an evaluation was run here.'
      : `It is recorded why nothing was measured: ${evidence.noEvidenceBecause ?? ''}`,
  message: () => 'No benchmark and no evaluation was run on this version.',
  fact: (facts) =>
    `evidence.benchmarks = ${facts.evidence.benchmarks}, evidence.evaluations = ${facts.evidence.evaluations}`,
  remedy: ({ facts }) =>
    facts.hosted.provider !== null
      ? 'Publish with the reason why there is none; what a provider hosts is not measured here.'
      : 'Run an evaluation or a benchmark; each takes a minute or two on a small model.',
  incomplete: () => true,
  action: 'run_evaluation',
  actionFor: ({ hosted }) => (hosted.provider === null ? 'run_evaluation' : null),
}
