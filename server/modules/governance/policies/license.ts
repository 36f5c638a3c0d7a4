import type { PolicyDefinition } from '../policy.ts'

export const licensePolicy: PolicyDefinition = {
  kind: 'license',
  title: 'License is known',
  gate: 'publish',
  expression: 'license.status in ["declared", "text"]',
  mode: 'warn',
  whoCanWaive: null,
  passes: 'The card or a license file names the license.',
  message: ({ facts }) =>
    facts.hosted.provider !== null
      ? 'The terms of the provider apply; the hub has not read them.'
      : facts.license.status === 'contradiction'
        ? 'The license file contradicts the card.'
        : 'Neither the card nor a license file names a license.',
  fact: (facts) => `license.status = ${facts.license.status}, license.tag = ${facts.license.tag ?? 'null'}`,
  remedy: ({ facts }) =>
    facts.hosted.provider !== null
      ? 'Read the terms of the provider. This is a warning and does not block.'
      : 'Add a license tag to the card or a LICENSE file, and register the files as a new version. This is a warning and does not block.',
  incomplete: (facts) => facts.license.status === 'unknown',
  action: 'view_license',
}
