import type { PolicyDefinition } from '../policy.ts'

export const integrityPolicy: PolicyDefinition = {
  kind: 'integrity',
  title: 'Every byte is accounted for',
  gate: 'publish',
  expression: 'hosted.provider != null || (integrity.complete && integrity.intact)',
  notApplicable: ({ hosted }) =>
    hosted.provider === null ? null : 'Not applicable: hosted. There are no files here that could change.',
  mode: 'enforce',
  whoCanWaive: null,
  passes: 'Every file has a SHA-256 and the manifest is sealed.',
  message: ({ facts }) =>
    facts.integrity.complete
      ? 'A file no longer matches what was registered.'
      : 'The file manifest is not complete: not every file has a digest.',
  fact: (facts) => `integrity.complete = ${facts.integrity.complete}, integrity.intact = ${facts.integrity.intact}`,
  remedy: ({ facts }) =>
    facts.integrity.complete
      ? 'Put the original file back, or register the changed files as a new version.'
      : 'Ingest the version again with Retry.',
  incomplete: (facts) => !facts.integrity.complete,
  action: 'retry',
}
