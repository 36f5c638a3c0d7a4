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
  passesFor: ({ signature }) =>
    `A signature over the manifest was verified, by ${signature.signer ?? 'somebody trusted'}.`,
  message: ({ facts }) => facts.signature.message ?? 'The files carry no signature that was verified.',
  fact: ({ signature }) =>
    `signature.signed = ${signature.signed}, signature.verified = ${signature.verified}${signature.status === null ? '' : `, signature.status = ${signature.status}`}`,
  remedy: ({ facts }) =>
    facts.signature.signed
      ? 'See the signatures of the version for what to do. This is a warning and does not block.'
      : 'Ask the publisher for signed files. This is a warning and does not block.',
  incomplete: (facts) => !facts.signature.signed,
  action: null,
}
