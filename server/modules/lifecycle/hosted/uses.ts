import type { EndpointKind, Metadata, Modality, Offering } from '../../../../contract/index.ts'
import { EndpointKind as Endpoints, Modality as Modalities } from '../../../../contract/index.ts'

/** What an offering is for, as far as anybody says. */
export type HostedUses = {
  modality: Modality | null
  tasks: string[]
  endpoints: EndpointKind[]
  inputs: Modality[]
}

const tasksOf: Partial<Record<EndpointKind, readonly string[]>> = {
  'chat.completions': ['chat', 'text-generation'],
  completions: ['text-generation'],
  responses: ['text-generation'],
  embeddings: ['embedding'],
  rerank: ['text-ranking'],
  'audio.transcriptions': ['automatic-speech-recognition'],
  'audio.speech': ['text-to-speech'],
  'images.generations': ['text-to-image'],
}

/** Modality, tasks and endpoints of an offering; `answered` is the endpoint that a probe has shown, null when none has. */
export function usesOfOffering(
  offering: Pick<Offering, 'endpoints' | 'inputModalities' | 'outputModalities'> | null,
  answered: EndpointKind | null,
): HostedUses {
  const said = (offering?.endpoints ?? []).flatMap((one) => Endpoints.safeParse(one).data ?? [])
  const endpoints = said.length > 0 ? said : answered === null ? [] : [answered]
  const kinds = (list: readonly string[] | null | undefined) =>
    (list ?? []).flatMap((one) => Modalities.safeParse(one).data ?? [])
  const inputs = kinds(offering?.inputModalities)
  const outputs = kinds(offering?.outputModalities)
  const tasks = [...new Set(endpoints.flatMap((endpoint) => tasksOf[endpoint] ?? []))]
  if (endpoints.includes('chat.completions') && inputs.includes('image')) tasks.push('image-text-to-text')
  return { modality: modalityOf(endpoints, outputs), tasks, endpoints, inputs }
}

function modalityOf(endpoints: readonly EndpointKind[], outputs: readonly Modality[]): Modality | null {
  if (outputs.includes('embedding') || (endpoints.includes('embeddings') && !endpoints.includes('chat.completions'))) {
    return 'embedding'
  }
  if (outputs.includes('text')) return 'text'
  if (outputs[0] !== undefined) return outputs[0]
  const [first] = endpoints
  if (first === undefined) return null
  if (first === 'images.generations') return 'image'
  return first.startsWith('audio.') ? 'audio' : 'text'
}

/** The key of the metadata that each fact of an offering becomes; the others are on the offering's own page. */
const metadataKeys = {
  context: 'contextLength',
  outputLimit: 'outputLimit',
  inputPrice: 'inputPrice',
  outputPrice: 'outputPrice',
  cacheReadPrice: 'cacheReadPrice',
  cacheWritePrice: 'cacheWritePrice',
  inputModalities: 'inputModalities',
  outputModalities: 'outputModalities',
  tools: 'tools',
  json: 'json',
  reasoning: 'reasoning',
  openWeights: 'openWeights',
  regions: 'regions',
  retention: 'retention',
  released: 'released',
  family: 'family',
} as const

const origins = { human: 'human', provider: 'provider_reported', catalog: 'imported' } as const

/** The facts of an offering as they are now, each with its origin, source and date. Prices are US$ per million tokens. */
export function metadataOfOffering(offering: Pick<Offering, 'facts'>): Metadata {
  return Object.fromEntries(
    Object.entries(metadataKeys).flatMap(([field, key]) => {
      const fact = offering.facts[field]
      if (fact === undefined) return []
      return [[key, { value: fact.value, origin: origins[fact.origin], source: fact.source, at: fact.at }]]
    }),
  )
}
