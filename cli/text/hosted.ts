import type { components } from '../../sdk/index.ts'
import type { ModelVersion } from '../api-types.ts'

type Schemas = components['schemas']

/** What a hosted version is, as label and value. */
export function hostedPairs(hosted: NonNullable<ModelVersion['hosted']>): [string, string | null][] {
  return [
    ['hosted by', `${hosted.providerTitle} (${hosted.provider}), there are no files here`],
    ['provider id', hosted.model],
    ['region', hosted.region],
    [
      'linked',
      hosted.date === null ? 'not yet' : `answers since ${hosted.date} at ${hosted.api ?? 'an unknown address'}`,
    ],
    ['credential', hosted.credentialId],
    ['gateway', hosted.gateway.reason ?? 'speaks its dialect'],
  ]
}

/** A sentence for each thing that users must know. */
export const noticeLines = (notices: readonly Schemas['Notice'][]): string[] =>
  notices.map(
    ({ date, replacement, source }) =>
      `deprecated${date === null ? ', no date is said' : `, ends on ${date}`}${replacement === null ? '' : `; instead: ${replacement}`} (${source})`,
  )

/** What a check says of a model that a provider hosts. */
export function hostedCheckPairs(hosted: NonNullable<Schemas['SourceCheck']['hosted']>): [string, string | null][] {
  const { offering, credential } = hosted
  const price = offering?.price
  const fact = (field: string) => {
    const said = offering?.facts[field]
    return said === undefined ? '' : `  (${said.source}, ${said.at.slice(0, 10)})`
  }
  const deprecation = offering?.deprecation
  return [
    ['hosted by', `${hosted.providerTitle} (${hosted.provider})`],
    ['provider id', `${hosted.model}${hosted.unlisted ? '  (unlisted)' : ''}`],
    ['region', hosted.region],
    ['credential', credentialText(credential)],
    ['context', offering?.context == null ? 'unknown' : `${offering.context} tokens${fact('context')}`],
    ['price', `${dollars(price?.input)} in, ${dollars(price?.output)} out, per million tokens${fact('inputPrice')}`],
    ['takes', offering?.inputModalities?.join(', ') ?? 'unknown'],
    ['gives', offering?.outputModalities?.join(', ') ?? 'unknown'],
    ['regions', offering?.regions?.join(', ') ?? null],
    [
      'deprecated',
      deprecation == null
        ? null
        : (noticeLines([{ kind: 'deprecation', ...deprecation, source: 'see modelhub offerings show' }])[0] ?? null),
    ],
    ['gateway', hosted.gateway.reason ?? 'speaks its dialect'],
  ]
}

const dollars = (value: number | null | undefined) => (value == null ? 'unknown' : `$${value}`)

function credentialText({ needed, id, name, test }: Schemas['HostedCheck']['credential']): string {
  if (id === null) return needed ? 'needed, none given' : 'not needed'
  const held = test === null ? 'not tested' : test.ok ? 'holds' : test.code
  return `${name ?? id}: ${held}`
}
