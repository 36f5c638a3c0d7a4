import type { Attributed, EndpointKind, Metadata, Modality, Origin } from '../../../../contract/index.ts'
import type { FileFacts } from '../../../../scanner/index.ts'
import type { Card } from './read-card.ts'

export type DescribedFile = { path: string; facts: FileFacts }

export type Described = {
  metadata: Metadata
  modality: Modality | null
  tasks: string[]
  endpoints: EndpointKind[]
}

/** Header fields of weights that describe the model; the same names for GGUF and safetensors where both have them. */
type WeightsHeader = {
  kind?: string
  type?: string
  architecture?: string
  parameterCount?: number
  quantization?: string
  contextLength?: number
  embeddingLength?: number
  blockCount?: number
  headCount?: number
  headCountKv?: number
  vocabSize?: number
  tokenizerModel?: string
  poolingType?: number
  chatTemplates?: readonly unknown[]
  dtypes?: Record<string, { parameters?: number; tensors?: number }>
}

type ModelConfig = Record<string, unknown>

/**
 * What the version is, read from headers first, then config, then card; each value with where it was read. What nothing says stays
 * out: unknown is no value.
 */
export function deriveMetadata(
  files: readonly DescribedFile[],
  config: { path: string; value: ModelConfig } | null,
  card: { path: string; value: Card } | null,
  at: string,
): Described {
  const weights = files.filter(({ facts }) => facts.format === 'gguf' || facts.format === 'safetensors')
  const headers = weights.map(({ path, facts }) => ({ path, header: (facts.header ?? {}) as WeightsHeader }))
  const metadata: Metadata = {}
  const set = (key: string, value: Attributed['value'] | undefined | null, origin: Origin, source: string) => {
    if (value === undefined || value === null || value === '' || key in metadata) return
    if (typeof value === 'number' && !Number.isFinite(value)) return
    metadata[key] = { value, origin, source, at }
  }
  const first = headers.find(({ header }) => header.architecture !== undefined) ?? headers[0]
  if (first !== undefined) {
    const { header, path } = first
    set('architecture', header.architecture, 'derived', path)
    set('contextLength', header.contextLength, 'derived', path)
    set('embeddingLength', header.embeddingLength, 'derived', path)
    set('layers', header.blockCount, 'derived', path)
    set('heads', header.headCount, 'derived', path)
    set('headsKv', header.headCountKv, 'derived', path)
    set('vocabulary', header.vocabSize, 'derived', path)
    set('tokenizer', header.tokenizerModel, 'derived', path)
    set('quantization', header.quantization, 'derived', path)
    const parameters = headers.reduce((sum, one) => sum + (one.header.parameterCount ?? 0), 0)
    if (parameters > 0)
      set('parameters', parameters, 'derived', headers.length === 1 ? path : `${headers.length} weight files`)
    set('dtype', mainDtype(headers.map((one) => one.header)), 'derived', path)
    set('format', weights[0]?.facts.format, 'derived', path)
  }
  if (config !== null) readConfig(config.value, (key, value) => set(key, value, 'derived', config.path))
  if (card !== null) {
    set('task', card.value.task, 'card', card.path)
    if (card.value.languages.length > 0) set('languages', card.value.languages, 'card', card.path)
    if (card.value.baseModels.length > 0) set('baseModels', card.value.baseModels, 'card', card.path)
    set('baseRelation', card.value.baseRelation, 'card', card.path)
    set('cardSummary', card.value.summary, 'card', card.path)
  }
  return {
    metadata,
    ...usesOf(
      headers.map((one) => one.header),
      config?.value ?? null,
      card?.value ?? null,
    ),
  }
}

function mainDtype(headers: readonly WeightsHeader[]): string | undefined {
  const parameters = new Map<string, number>()
  for (const { dtypes } of headers) {
    for (const [name, dtype] of Object.entries(dtypes ?? {})) {
      parameters.set(name, (parameters.get(name) ?? 0) + (dtype.parameters ?? dtype.tensors ?? 0))
    }
  }
  return [...parameters].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** The keys of a transformers config.json that describe a model. */
function readConfig(config: ModelConfig, set: (key: string, value: Attributed['value'] | undefined) => void): void {
  const number = (key: string) => (typeof config[key] === 'number' ? config[key] : undefined)
  const text = (key: string) => (typeof config[key] === 'string' ? config[key].slice(0, 200) : undefined)
  set('architecture', architectures(config)[0] ?? text('model_type'))
  set('contextLength', number('max_position_embeddings') ?? number('n_positions'))
  set('embeddingLength', number('hidden_size') ?? number('n_embd'))
  set('layers', number('num_hidden_layers') ?? number('n_layer'))
  set('heads', number('num_attention_heads') ?? number('n_head'))
  set('headsKv', number('num_key_value_heads'))
  set('vocabulary', number('vocab_size'))
  set('dtype', text('torch_dtype') ?? text('dtype'))
}

const architectures = (config: ModelConfig | null): string[] =>
  Array.isArray(config?.['architectures'])
    ? config['architectures'].filter((name): name is string => typeof name === 'string').slice(0, 10)
    : []

/** Tasks, modality and endpoints that the files themselves prove; a card's claim counts only for the task. */
function usesOf(headers: readonly WeightsHeader[], config: ModelConfig | null, card: Card | null) {
  const gguf = headers.filter((header) => header.kind === 'gguf')
  const names = architectures(config)
  const embedding =
    gguf.some((header) => header.poolingType !== undefined && header.poolingType !== 0) ||
    card?.task === 'feature-extraction' ||
    card?.task === 'sentence-similarity'
  const chat = gguf.some((header) => (header.chatTemplates?.length ?? 0) > 0)
  const generates =
    gguf.some((header) => (header.type ?? 'model') === 'model') || names.some((name) => name.endsWith('ForCausalLM'))
  const tasks: string[] = []
  const endpoints: EndpointKind[] = []
  if (embedding) {
    tasks.push('embedding')
    endpoints.push('embeddings')
  } else if (generates) {
    if (chat) tasks.push('chat')
    tasks.push('text-generation')
    endpoints.push(...((chat ? ['chat.completions', 'completions'] : ['completions']) as EndpointKind[]))
  }
  if (card?.task != null && !tasks.includes(card.task)) tasks.push(card.task)
  const modality: Modality | null = embedding ? 'embedding' : generates ? 'text' : null
  return { tasks, endpoints, modality }
}
