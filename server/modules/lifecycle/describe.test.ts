import { describe, expect, test } from 'vitest'
import type { FileFacts } from '../../../scanner/index.ts'
import { cleanFacts } from '../../../test/support/index.ts'
import { deriveMetadata } from './files/derive-metadata.ts'
import type { Card } from './files/read-card.ts'
import { attentionReason } from './steps/decide.ts'

const at = '2026-01-01T00:00:00.000Z'

const file = (path: string, format: string, header: Record<string, unknown>) => ({
  path,
  facts: { format, header: { kind: format, ...header } } as unknown as FileFacts,
})
const gguf = (header: Record<string, unknown> = {}, path = 'model.gguf') => file(path, 'gguf', header)
const card = (patch: Partial<Card> = {}): { path: string; value: Card } => ({
  path: 'README.md',
  value: {
    license: null,
    tags: [],
    baseModels: [],
    baseRelation: null,
    task: null,
    languages: [],
    summary: '',
    ...patch,
  },
})
const config = (value: Record<string, unknown>) => ({ path: 'config.json', value })

describe('deriveMetadata', () => {
  test('of nothing is nothing: unknown is no value', () => {
    expect(deriveMetadata([], null, null, at)).toEqual({ metadata: {}, modality: null, tasks: [], endpoints: [] })
    expect(deriveMetadata([file('x.bin', 'unknown', {})], config({}), card(), at).metadata).toEqual({})
  })

  test('takes the header of a GGUF, each value with where it was read', () => {
    const { metadata, ...uses } = deriveMetadata(
      [
        gguf({
          architecture: 'llama',
          contextLength: 4_096,
          blockCount: 22,
          headCount: 32,
          headCountKv: 4,
          embeddingLength: 2_048,
          vocabSize: 32_000,
          parameterCount: 1_100_000_000,
          quantization: 'Q4_K_M',
          tokenizerModel: 'llama',
          chatTemplates: [{}],
          dtypes: { F32: { parameters: 10 }, Q4_K: { parameters: 90 } },
        }),
      ],
      null,
      null,
      at,
    )
    expect(Object.fromEntries(Object.entries(metadata).map(([key, { value }]) => [key, value]))).toEqual({
      architecture: 'llama',
      contextLength: 4_096,
      layers: 22,
      heads: 32,
      headsKv: 4,
      embeddingLength: 2_048,
      vocabulary: 32_000,
      parameters: 1_100_000_000,
      quantization: 'Q4_K_M',
      tokenizer: 'llama',
      dtype: 'Q4_K',
      format: 'gguf',
    })
    for (const value of Object.values(metadata))
      expect(value).toMatchObject({ origin: 'derived', source: 'model.gguf', at })
    expect(uses).toEqual({
      modality: 'text',
      tasks: ['chat', 'text-generation'],
      endpoints: ['chat.completions', 'completions'],
    })
  })

  test('without a chat template there is no chat', () => {
    expect(deriveMetadata([gguf({ chatTemplates: [] })], null, null, at)).toMatchObject({
      tasks: ['text-generation'],
      endpoints: ['completions'],
    })
  })

  test('an embedding model is one, by its pooling or by its card', () => {
    const embedding = { modality: 'embedding', tasks: ['embedding'], endpoints: ['embeddings'] }
    expect(deriveMetadata([gguf({ poolingType: 1, chatTemplates: [{}] })], null, null, at)).toMatchObject(embedding)
    expect(deriveMetadata([gguf({ poolingType: 0 })], null, null, at).modality).toBe('text')
    expect(deriveMetadata([], null, card({ task: 'feature-extraction' }), at)).toMatchObject({
      ...embedding,
      tasks: ['embedding', 'feature-extraction'],
    })
  })

  test('an adapter or a vocabulary is no model that generates', () => {
    expect(deriveMetadata([gguf({ type: 'adapter' })], null, null, at)).toMatchObject({ modality: null, endpoints: [] })
  })

  test('adds up the parameters of all shards and says so', () => {
    const shard = (n: number) =>
      file(`model-0000${n}-of-00002.safetensors`, 'safetensors', {
        parameterCount: n * 10,
        dtypes: { BF16: { parameters: n * 10 }, F32: { parameters: 1 } },
      })
    const { metadata } = deriveMetadata([shard(1), shard(2)], null, null, at)
    expect(metadata['parameters']).toMatchObject({ value: 30, source: '2 weight files' })
    expect(metadata['dtype']?.value).toBe('BF16')
    expect(metadata['format']?.value).toBe('safetensors')
  })

  test('reads config.json where headers are silent, and never over them', () => {
    const value = {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      max_position_embeddings: 2_048,
      num_hidden_layers: 16,
      torch_dtype: 'bfloat16',
    }
    const safetensors = file('model.safetensors', 'safetensors', { dtypes: { F16: { parameters: 5 } } })
    const { metadata, modality, tasks } = deriveMetadata([safetensors], config(value), null, at)
    expect(metadata['contextLength']).toMatchObject({ value: 2_048, origin: 'derived', source: 'config.json' })
    expect(metadata['dtype']).toMatchObject({ value: 'F16', source: 'model.safetensors' })
    expect([modality, tasks]).toEqual(['text', ['text-generation']])
    const both = deriveMetadata([gguf({ contextLength: 512 })], config(value), null, at).metadata
    expect(both['contextLength']).toMatchObject({ value: 512, source: 'model.gguf' })
    expect(both['layers']?.source).toBe('config.json')
  })

  test('a config of the wrong kinds gives no value', () => {
    const value = {
      architectures: 'Llama',
      model_type: 7,
      max_position_embeddings: '2048',
      num_hidden_layers: null,
      vocab_size: Number.NaN,
      hidden_size: { a: 1 },
      torch_dtype: ['x'],
    }
    expect(deriveMetadata([], config(value), null, at)).toEqual({
      metadata: {},
      modality: null,
      tasks: [],
      endpoints: [],
    })
  })

  test('claims of the card are marked as the card’s', () => {
    const claims = card({
      task: 'text-to-image',
      languages: ['en'],
      baseModels: ['a/b'],
      baseRelation: 'finetune',
      summary: 'Nice.',
    })
    const { metadata, tasks, modality, endpoints } = deriveMetadata([], null, claims, at)
    for (const key of ['task', 'languages', 'baseModels', 'baseRelation', 'cardSummary']) {
      expect(metadata[key], key).toMatchObject({ origin: 'card', source: 'README.md' })
    }
    // A claim names a task; it proves neither a modality nor an endpoint.
    expect([tasks, modality, endpoints]).toEqual([['text-to-image'], null, []])
  })
})

describe('attentionReason', () => {
  const of = (
    patch: Parameters<typeof cleanFacts>[0],
    findings: string[] = [],
    broken = false,
    engine_reason: { code: string; message: string; remedy?: string } | null = null,
  ) => attentionReason({ facts: cleanFacts(patch), findings }, { engine_reason }, broken)

  test('is none for a clean version, one with medium findings, and one of unknown license', () => {
    expect(of({})).toBeNull()
    expect(of({ scan: { verdict: 'review', medium: 2 } })).toBeNull()
    expect(of({ license: { status: 'unknown' } })).toBeNull()
    expect(of({}, [], false, { code: 'no_engine', message: 'No engine.' })).toBeNull()
  })

  test.each([
    [
      'critical and high',
      { scan: { verdict: 'block', openCritical: 1, openHigh: 2, openIncomplete: true } },
      'findings_open',
      '1 critical and 2 high findings stand open. R-1 in a.gguf',
    ],
    [
      'one high',
      { scan: { verdict: 'review', openHigh: 1 } },
      'findings_open',
      '1 high finding stands open. R-1 in a.gguf',
    ],
    [
      'incomplete',
      { scan: { verdict: 'incomplete', openIncomplete: true } },
      'scan_incomplete',
      'not examined counts as not safe',
    ],
    ['never scanned', { scan: { verdict: null } }, 'scan_incomplete', 'not examined'],
  ] as const)('%s', (_what, patch, code, message) => {
    const reason = of(patch, ['R-1 in a.gguf'])
    expect(reason?.code).toBe(code)
    expect(reason?.message).toContain(message)
    expect(reason?.remedy).toMatch(/\.$/)
  })

  test('two license tags are a matter of policy: the version stays verified', () => {
    expect(of({ license: { status: 'contradiction' } }, [])).toBeNull()
  })

  test('an engine that broke tells its own reason; findings come first', () => {
    const nan = { code: 'nan_logits', message: 'NaN in the logits.', remedy: 'Convert again.' }
    expect(of({}, [], true, nan)).toMatchObject({ code: 'nan_logits', remedy: 'Convert again.' })
    expect(of({}, [], true, nan)?.message).toContain('NaN in the logits.')
    expect(of({}, [], true)).toMatchObject({ code: 'engine_broken' })
    expect(of({ scan: { openHigh: 1 } }, [], true, nan)?.code).toBe('findings_open')
  })
})
