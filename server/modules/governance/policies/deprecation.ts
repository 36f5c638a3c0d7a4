import type { PolicyDefinition } from '../policy.ts'

/** A provider may end what it hosts; files that are here stay. */
export const deprecationPolicy: PolicyDefinition = {
  kind: 'deprecation',
  title: 'Offered for now',
  gate: 'publish',
  expression: '!hosted.deprecated',
  mode: 'warn',
  whoCanWaive: null,
  concerns: ({ hosted }) => hosted.provider !== null,
  passes: 'Nobody says that the provider ends it.',
  message: ({ facts: { hosted } }) =>
    `It is deprecated${hosted.ends === null ? '' : ` and ends on ${hosted.ends}`}${hosted.replacement === null ? '' : `; ${hosted.replacement} comes instead`}.`,
  fact: ({ hosted }) => `hosted.deprecated = ${hosted.deprecated}, hosted.ends = ${hosted.ends ?? 'null'}`,
  remedy: ({ facts: { hosted } }) =>
    `Plan to move to ${hosted.replacement ?? 'another model'}. This is a warning and does not block.`,
  action: null,
}
