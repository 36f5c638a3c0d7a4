import type { EndpointKind, Metadata, Modality } from '../../../../../contract/index.ts'
import { markers } from '../detect/index.ts'
import { checkCard } from './check-card.ts'
import { checkQuantization } from './check-quantization.ts'
import { checkWeights } from './check-weights.ts'
import { countParameters } from './count-parameters.ts'
import type { Folder } from './folder.ts'
import type { Fact, Seen, Structure, Trait, Weights } from './marker.ts'
import { cacheBytesOf } from './memory.ts'
import { usesOf } from './uses.ts'

export type Described = {
  metadata: Metadata
  modality: Modality | null
  tasks: string[]
  endpoints: EndpointKind[]
  inputs: Modality[]
  /** What the files say against each other, one sentence each. */
  contradictions: string[]
}

const maxSentences = 20

/**
 * What a model is, from its files alone: heads of weights first, then configurations, then the card; each value with where it was
 * read. What nothing says stays out: unknown is no value.
 */
export async function describeFolder(folder: Folder, at: string, signal?: AbortSignal): Promise<Described> {
  const seen: Seen[] = []
  for (const marker of markers.all) {
    signal?.throwIfAborted()
    const files = folder.files.filter(marker.reads).slice(0, marker.atMost)
    if (files.length > 0) seen.push(await marker.look(files, folder))
  }
  const traits = new Set(seen.flatMap((one) => one.traits ?? []))
  const structure = mergeStructure(seen)
  const claimed = structure.card?.task ?? null
  const uses = usesOf(traits, claimed)
  const proven = { ...uses, tasks: uses.tasks.filter((task) => task !== claimed) }
  const againstCard = checkCard(structure.card, structure.config?.architecture, traits, proven)
  const contradictions = [
    ...seen.flatMap((one) => one.contradictions ?? []),
    ...checkWeights(structure),
    ...checkQuantization(structure),
    ...(againstCard === null ? [] : [againstCard]),
  ]
  const metadata = metadataOf(
    [
      ...weightFacts(structure),
      ...seen.flatMap((one) => one.facts ?? []),
      ...memoryFacts(structure, traits),
      ...useFacts(uses.inputs, uses.outputs, structure),
      { key: 'doubts', value: listed(seen.flatMap((one) => one.doubts ?? [])), source: 'files' },
      { key: 'contradictions', value: listed(contradictions), source: 'files' },
    ],
    at,
  )
  const { modality, tasks, endpoints, inputs } = uses
  return { metadata, modality, tasks, endpoints, inputs, contradictions: contradictions.slice(0, maxSentences) }
}

const listed = (sentences: readonly string[]) => (sentences.length === 0 ? undefined : sentences.slice(0, maxSentences))

/** The first that states a part counts; weights are of one format. */
function mergeStructure(seen: readonly Seen[]): Partial<Structure> {
  let merged: Partial<Structure> = {}
  for (const { structure } of seen) merged = { ...structure, ...merged }
  return merged
}

/** The first of two facts of one key counts. */
function metadataOf(facts: readonly Fact[], at: string): Metadata {
  const metadata: Metadata = {}
  for (const { key, value, source, origin = 'derived' } of facts) {
    if (value === undefined || value === '' || key in metadata) continue
    if (typeof value === 'number' && !Number.isFinite(value)) continue
    metadata[key] = { value, origin, source, at }
  }
  return metadata
}

function weightFacts({ weights = [], quantization }: Partial<Structure>): Fact[] {
  const [first] = weights
  if (first === undefined) return []
  const source = weights.length === 1 ? first.path : `${weights.length} weight files`
  const dtypes = weights.flatMap((file) => Object.entries(file.dtypes))
  const bytes = dtypes.reduce((sum, [, dtype]) => sum + dtype.bytes, 0)
  return [
    { key: 'parameters', value: countParameters(weights, quantization), source },
    { key: 'weightsBytes', value: bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined, source },
    { key: 'dtype', value: mainDtype(weights), source: first.path },
  ]
}

/** The dtype that holds most parameters. */
function mainDtype(weights: readonly Weights[]): string | undefined {
  const parameters = new Map<string, number>()
  for (const { dtypes } of weights) {
    for (const [name, dtype] of Object.entries(dtypes)) {
      parameters.set(name, (parameters.get(name) ?? 0) + dtype.parameters)
    }
  }
  return [...parameters].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** What a sequence takes, for models that generate; for a cache of 16-bit numbers unless the model is of 32-bit ones. */
function memoryFacts({ config }: Partial<Structure>, traits: ReadonlySet<Trait>): Fact[] {
  const cache = config === undefined || !traits.has('causal-lm') ? undefined : cacheBytesOf(config.shape)
  if (config === undefined || cache === undefined) return []
  const source = config.path
  return [
    { key: 'kvBytesPerToken', value: cache.perToken, source },
    {
      key: 'kvBytesPerTokenBeyondWindow',
      value: cache.window === null ? undefined : cache.perTokenBeyondWindow,
      source,
    },
    { key: 'stateBytesPerSequence', value: cache.perSequence || undefined, source },
  ]
}

function useFacts(inputs: readonly Modality[], outputs: readonly Modality[], structure: Partial<Structure>): Fact[] {
  const source = structure.config?.path ?? structure.weights?.[0]?.path ?? 'files'
  return [
    { key: 'inputModalities', value: inputs.length > 0 ? [...inputs] : undefined, source },
    { key: 'outputModalities', value: outputs.length > 0 ? [...outputs] : undefined, source },
  ]
}
