import { type GgufHeader, ggufHeaderOf } from '../../../../../scanner/index.ts'
import type { FolderFile } from '../description/folder.ts'
import type { Marker, Seen, Trait } from '../description/marker.ts'
import type { Shape } from '../description/shape.ts'
import { factsOfShape } from '../description/shape-facts.ts'
import { asCount, asFactor, asText } from '../description/values.ts'

const splitName = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i

/** Architectures of llama.cpp that give one vector for a text. Source: llama.cpp, src/llama-arch.cpp. */
const embeds =
  /^(bert|nomic-bert|nomic-bert-moe|neo-bert|modern-bert|eurobert|jina-bert-v[23]|gemma-embedding|t5encoder)$/
/** Image and video models that other runtimes keep in GGUF. Source: city96/ComfyUI-GGUF, tools/convert.py. */
const paints = /^(flux|sd[13]|sdxl|aura|hidream|lumina2|qwen_image|cosmos)$/
const films = /^(ltxv|hyvid|wan)$/

/** Weights of llama.cpp: the head of one file, or of the first part of a split one, says what the model is. */
export const gguf: Marker = {
  kind: 'gguf',
  title: 'GGUF weights',
  reads: (file) => file.format === 'gguf',
  atMost: 256,
  look: (files) => {
    const heads = files.flatMap((file) => {
      const header = file.header === undefined ? undefined : ggufHeaderOf({ header: file.header })
      return header === undefined ? [] : [{ file, header }]
    })
    const models = heads.filter(({ header }) => (header.type ?? 'model') === 'model' && header.architecture !== 'clip')
    const named = models.find(({ header }) => header.architecture !== undefined) ?? models[0] ?? heads[0]
    if (named === undefined) return {}
    const set = partsOf(named.file, models.length === 0 ? [named] : models)
    const first = set.find(({ header }) => header.architecture !== undefined) ?? named
    return describe(first, set, heads)
  },
}

type Head = { file: FolderFile; header: GgufHeader }

/** The parts of the same split model, in order; alone, a file is its own set. */
function partsOf(file: FolderFile, heads: readonly Head[]): Head[] {
  const match = splitName.exec(file.path)
  const same = (head: Head) => {
    const other = splitName.exec(head.file.path)
    return other !== null && other[1] === match?.[1] && other[3] === match?.[3]
  }
  return heads
    .filter((head) => (match === null ? head.file === file : same(head)))
    .sort((a, b) => a.file.path.localeCompare(b.file.path))
}

function describe({ file, header }: Head, set: readonly Head[], all: readonly Head[]): Seen {
  const path = file.path
  const shape = shapeOf(header)
  const projector = all.find((head) => head.header.type === 'mmproj' || head.header.architecture === 'clip')
  const adapter = header.type === 'adapter'
  const others = all.filter((head) => !set.includes(head) && head !== projector).length
  return {
    facts: [
      { key: 'architecture', value: asText(header.architecture), source: path },
      ...factsOfShape(shape, path),
      { key: 'tokenizer', value: asText(header.tokenizerModel), source: path },
      { key: 'quantization', value: asText(header.quantization), source: path },
      { key: 'format', value: 'gguf', source: path },
      { key: 'parts', value: set.length > 1 ? set.length : undefined, source: path },
      { key: 'pooling', value: poolings[header.poolingType ?? -1], source: path },
      ...(adapter ? [{ key: 'deployableAlone', value: false, source: path }] : []),
      { key: 'visionEncoder', value: projector?.file.path, source: projector?.file.path ?? path },
    ],
    traits: traitsOf(header, projector?.header),
    doubts:
      others > 0
        ? [
            `${path} is described; ${others === 1 ? '1 more GGUF file is a model of its' : `${others} more GGUF files are models of their`} own.`,
          ]
        : [],
    structure: {
      weights: set.map((head) => ({
        path: head.file.path,
        format: 'gguf' as const,
        tensorCount: head.header.tensorCount,
        elements: head.header.parameterCount,
        dtypes: head.header.dtypes,
        tensors: [],
        embeddingRows: head.header.embeddingRows,
        vocabulary: head.header.vocabSize,
      })),
      ...(adapter ? {} : { config: { path, shape, architecture: asText(header.architecture), extraLayers: 0 } }),
    },
  }
}

/** Source: llama.h, enum llama_pooling_type. */
const poolings: Record<number, string> = { 1: 'mean', 2: 'cls', 3: 'last', 4: 'rank' }

function traitsOf(header: GgufHeader, projector: GgufHeader | undefined): Trait[] {
  const architecture = header.architecture ?? ''
  if (header.type === 'adapter') return ['adapter']
  // A file that does not say what it is built as proves nothing.
  if ((header.type ?? 'model') !== 'model' || architecture === '' || architecture === 'clip') return []
  if (paints.test(architecture)) return ['image-generation']
  if (films.test(architecture)) return ['video-generation']
  if (architecture === 'whisper') return ['speech-to-text']
  const traits: Trait[] = []
  if (header.poolingType === 4) traits.push('reranker')
  else if ((header.poolingType ?? 0) !== 0 || embeds.test(architecture)) traits.push('embedding')
  else traits.push('causal-lm')
  if (header.chatTemplates.length > 0) traits.push('chat-template')
  if (projector?.metadata['clip.has_vision_encoder'] === true) traits.push('image-input')
  if (projector?.metadata['clip.has_audio_encoder'] === true) traits.push('audio-input')
  return traits
}

/** Source of the keys: ggml, docs/gguf.md; llama.cpp, src/llama-arch.cpp. A value that differs by layer is an array, which counts as not stated. */
function shapeOf(header: GgufHeader): Shape {
  const own = (key: string) => header.metadata[`${header.architecture ?? ''}.${key}`]
  const heads = asCount(header.headCount, 65_536)
  const kv = own('attention.head_count_kv')
  const hidden = asCount(header.embeddingLength, 2 ** 24)
  const rank = asCount(own('attention.kv_lora_rank'), 65_536)
  const rope = asCount(own('rope.dimension_count'), 65_536)
  const perHead = heads !== undefined && hidden !== undefined && hidden % heads === 0 ? hidden / heads : undefined
  const keyLength = asCount(own('attention.key_length'), 65_536)
  const layers = asCount(header.blockCount, 10_000)
  // Which layers slide or keep a state is known to the engine by the architecture, not stated by the file.
  const mixed = own('attention.sliding_window') !== undefined || own('ssm.state_size') !== undefined
  const kind = asText(own('rope.scaling.type'))
  const factor = asFactor(own('rope.scaling.factor'))
  const original = asCount(own('rope.scaling.original_context_length'), 2 ** 31)
  return {
    layers,
    heads,
    headsKv: kv === undefined ? heads : asCount(header.headCountKv, 65_536),
    headDim: mixed ? undefined : (keyLength ?? perHead),
    valueDim: asCount(own('attention.value_length'), 65_536),
    hiddenSize: hidden,
    contextLength: asCount(header.contextLength, 2 ** 31),
    ropeScaling:
      kind === undefined || kind === 'none'
        ? undefined
        : [
            kind,
            ...(factor === undefined ? [] : [`factor ${factor}`]),
            ...(original === undefined ? [] : [`from ${original} tokens`]),
          ].join(', '),
    vocabulary: asCount(header.vocabSize, 2 ** 28),
    experts: asCount(header.expertCount, 65_536),
    expertsUsed: asCount(header.expertUsedCount, 65_536),
    latent: rank === undefined || rope === undefined ? undefined : { kvLoraRank: rank, qkRopeHeadDim: rope },
    slidingWindow: asCount(own('attention.sliding_window'), 2 ** 30),
    cacheBytes: 2,
  }
}
