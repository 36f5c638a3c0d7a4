import type { PolicyDefinition } from '../policy.ts'

export const signaturePolicy: PolicyDefinition = {
  kind: 'signature',
  title: 'Publisher signed the files',
  gate: 'publish',
  expression: 'hosted.provider != null || signature.verified',
  notApplicable: ({ hosted }) =>
    hosted.provider === null ? null : 'Not applicable: hosted. There are no files here to sign.',
  mode: 'warn',
  whoCanWaive: null,
  passes: 'A signature over the manifest was verified.',
  message: () => 'The files carry no signature that was verified.',
  fact: (facts) => `signature.signed = ${facts.signature.signed}, signature.verified = ${facts.signature.verified}`,
  remedy: () => 'Ask the publisher for signed files. This is a warning and does not block.',
  incomplete: (facts) => !facts.signature.signed,
  action: null,
}
