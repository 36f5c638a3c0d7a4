import type { EndpointKind, Modality } from '../../../../../contract/index.ts'
import type { Trait } from './marker.ts'

/** What a model is for. Inputs and outputs are kinds of data; empty: unknown. */
export type Uses = {
  modality: Modality | null
  tasks: string[]
  endpoints: EndpointKind[]
  inputs: Modality[]
  outputs: Modality[]
}

type Use = {
  trait: Trait
  modality: Modality
  task: string
  inputs: Modality[]
  outputs: Modality[]
  endpoints?: EndpointKind[]
}

/** The first whose trait is there says what the model is; tasks by the names of Hugging Face. */
const uses: readonly Use[] = [
  {
    trait: 'image-generation',
    modality: 'image',
    task: 'text-to-image',
    inputs: ['text'],
    outputs: ['image'],
    endpoints: ['images.generations'],
  },
  { trait: 'video-generation', modality: 'video', task: 'text-to-video', inputs: ['text'], outputs: ['video'] },
  {
    trait: 'text-to-speech',
    modality: 'audio',
    task: 'text-to-speech',
    inputs: ['text'],
    outputs: ['audio'],
    endpoints: ['audio.speech'],
  },
  { trait: 'audio-generation', modality: 'audio', task: 'text-to-audio', inputs: ['text'], outputs: ['audio'] },
  {
    trait: 'speech-to-text',
    modality: 'audio',
    task: 'automatic-speech-recognition',
    inputs: ['audio'],
    outputs: ['text'],
    endpoints: ['audio.transcriptions'],
  },
  {
    trait: 'reranker',
    modality: 'text',
    task: 'text-ranking',
    inputs: ['text'],
    outputs: ['text'],
    endpoints: ['rerank', 'score'],
  },
  {
    trait: 'embedding',
    modality: 'embedding',
    task: 'embedding',
    inputs: ['text'],
    outputs: ['embedding'],
    endpoints: ['embeddings'],
  },
  { trait: 'classifier', modality: 'text', task: 'text-classification', inputs: ['text'], outputs: ['text'] },
  { trait: 'token-classifier', modality: 'text', task: 'token-classification', inputs: ['text'], outputs: ['text'] },
  { trait: 'question-answering', modality: 'text', task: 'question-answering', inputs: ['text'], outputs: ['text'] },
  { trait: 'fill-mask', modality: 'text', task: 'fill-mask', inputs: ['text'], outputs: ['text'] },
  { trait: 'image-classifier', modality: 'image', task: 'image-classification', inputs: ['image'], outputs: ['text'] },
  { trait: 'object-detection', modality: 'image', task: 'object-detection', inputs: ['image'], outputs: ['text'] },
  { trait: 'audio-classifier', modality: 'audio', task: 'audio-classification', inputs: ['audio'], outputs: ['text'] },
  { trait: 'seq2seq', modality: 'text', task: 'text2text-generation', inputs: ['text'], outputs: ['text'] },
  {
    trait: 'causal-lm',
    modality: 'text',
    task: 'text-generation',
    inputs: ['text'],
    outputs: ['text'],
    endpoints: ['completions'],
  },
  {
    trait: 'image-features',
    modality: 'image',
    task: 'image-feature-extraction',
    inputs: ['image'],
    outputs: ['embedding'],
  },
  { trait: 'audio-features', modality: 'audio', task: 'feature-extraction', inputs: ['audio'], outputs: ['embedding'] },
  { trait: 'text-features', modality: 'text', task: 'feature-extraction', inputs: ['text'], outputs: ['embedding'] },
]

/** Kinds of input that a language or embedding model takes beside text. */
const inputsOf: readonly (readonly [Trait, Modality])[] = [
  ['image-input', 'image'],
  ['audio-input', 'audio'],
  ['video-input', 'video'],
]

/**
 * Tasks, modality and endpoints that the files prove. The card's task is added to the tasks; it is a claim and proves no endpoint. An
 * adapter is for what its base model is for, which its files do not say.
 */
export function usesOf(traits: ReadonlySet<Trait>, claimed: string | null): Uses {
  const use = traits.has('adapter') ? undefined : uses.find(({ trait }) => traits.has(trait))
  const tasks: string[] = []
  const endpoints: EndpointKind[] = []
  const inputs = [...(use?.inputs ?? [])]
  if (use !== undefined) {
    const reads = use.trait === 'causal-lm' || use.trait === 'seq2seq' || use.trait === 'embedding'
    for (const [trait, modality] of inputsOf) {
      if (reads && traits.has(trait) && !inputs.includes(modality)) inputs.push(modality)
    }
    if (use.trait === 'causal-lm' && traits.has('chat-template')) {
      tasks.push('chat')
      endpoints.push('chat.completions', 'responses')
    }
    tasks.push(use.task)
    if (use.trait === 'causal-lm' && inputs.includes('image')) tasks.push('image-text-to-text')
    endpoints.push(...(use.endpoints ?? []))
  }
  if (claimed !== null && !tasks.includes(claimed)) tasks.push(claimed)
  return { modality: use?.modality ?? null, tasks, endpoints, inputs, outputs: use?.outputs ?? [] }
}
