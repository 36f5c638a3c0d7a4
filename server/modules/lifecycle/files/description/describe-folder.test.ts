import { describe, expect, test } from 'vitest'
import { describeBytes, describedAt, type FileContent } from '../../../../../test/fixtures/describe-bytes.ts'
import { modelFolders } from '../../../../../test/fixtures/model-folders.ts'
import { describeFolder } from './describe-folder.ts'
import { openFolder } from './folder.ts'

describe.each(modelFolders)(
  '$name',
  ({ files, values, modality, tasks, endpoints, doubts = [], contradictions = [] }) => {
    test('is described by its files', async () => {
      const described = await describeBytes(files)
      for (const [key, value] of Object.entries(values)) {
        if (value === null) expect(described.metadata, key).not.toHaveProperty(key)
        else expect(described.metadata[key]?.value, key).toEqual(value)
      }
      expect({ modality: described.modality, tasks: described.tasks, endpoints: described.endpoints }).toEqual({
        modality,
        tasks,
        endpoints,
      })
      expect(described.contradictions).toHaveLength(contradictions.length)
      for (const [i, pattern] of contradictions.entries()) expect(described.contradictions[i]).toMatch(pattern)
      const doubt = described.metadata['doubts']?.value ?? []
      expect(doubt).toHaveLength(doubts.length)
      for (const [i, pattern] of doubts.entries()) expect((doubt as string[])[i]).toMatch(pattern)
      for (const [key, fact] of Object.entries(described.metadata)) {
        expect(fact.at).toBe(describedAt)
        expect(['derived', 'card'], key).toContain(fact.origin)
        expect(fact.source, key).toMatch(/^files$|^\d+ weight files$|[./]|^MLmodel$/)
      }
    })
  },
)

describe('claims and proofs', () => {
  test('what only the card says is marked as the card’s', async () => {
    const card = '---\npipeline_tag: x\nlanguage: en\nbase_model: a/b\ndatasets: [c]\n---\nText.'
    const { metadata } = await describeBytes({ 'README.md': card })
    expect(Object.values(metadata).map(({ origin, source }) => `${origin} ${source}`)).toEqual(
      Object.keys(metadata).map(() => 'card README.md'),
    )
    expect(Object.keys(metadata)).toHaveLength(5)
  })

  test('of two that say the same, the head of the weights counts before the configuration, and both before the card', async () => {
    const { metadata } = await describeBytes({
      'README.md': '---\nbase_model: card/base\n---\n',
      'adapter_config.json': { base_model_name_or_path: 'config/base' },
    })
    expect(metadata['baseModels']).toMatchObject({ value: ['config/base'], origin: 'derived' })
  })

  test('a preview without facts of the scanner still says what the configuration proves', async () => {
    const text = JSON.stringify({ architectures: ['VitsModel'], model_type: 'vits' })
    const folder = openFolder([{ path: 'config.json', size: text.length, format: null }], (_path, offset, length) =>
      Promise.resolve(Buffer.from(text).subarray(offset, offset + length)),
    )
    expect(await describeFolder(folder, describedAt)).toMatchObject({ modality: 'audio', endpoints: ['audio.speech'] })
  })

  test('of nothing is nothing', async () => {
    expect(await describeBytes({})).toEqual({
      metadata: {},
      modality: null,
      tasks: [],
      endpoints: [],
      inputs: [],
      contradictions: [],
    })
  })
})

const deep = (open: string, close: string, depth: number, inside = '') =>
  open.repeat(depth) + inside + close.repeat(depth)
const named = [
  'config.json',
  'model_index.json',
  'modules.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
  'adapter_config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'tokenizer_config.json',
  'tokenizer.json',
  'chat_template.json',
  'quantize_config.json',
  'hf_quant_config.json',
  'model.safetensors.index.json',
  'README.md',
  'MLmodel',
  'model.onnx',
  'model.safetensors',
  'model.gguf',
  'saved_model.pb',
]
const keys = [
  'architectures',
  'model_type',
  'dtype',
  'torch_dtype',
  'num_hidden_layers',
  'num_attention_heads',
  'hidden_size',
  'vocab_size',
  'max_position_embeddings',
  'rope_scaling',
  'sliding_window',
  'layer_types',
  'kv_lora_rank',
  'qk_rope_head_dim',
  'vision_config',
  'audio_config',
  'text_config',
  'id2label',
  'num_labels',
  'quantization_config',
  'config_groups',
  'bits',
  'group_size',
  'base_model_name_or_path',
  'r',
  'target_modules',
  '_class_name',
  'unet',
  'pooling_mode_mean_tokens',
  'word_embedding_dimension',
  'chat_template',
  'image_mean',
  'sampling_rate',
  'temperature',
  'weight_map',
  'model',
  'quantization',
  'hybrid_override_pattern',
  'full_attention_interval',
  'attn_layer_period',
  'state_size',
  'conv_kernel',
  '__proto__',
  'constructor',
  'thinker_config',
]
const odd: unknown[] = [
  null,
  true,
  -1,
  0,
  1e308,
  1.5,
  2 ** 60,
  '',
  'x'.repeat(5_000),
  [],
  [[[]]],
  {},
  { '': null },
  ['a', 1, null],
]

describe('hostile content', () => {
  const hostile: [string, FileContent][] = [
    ['nothing', ''],
    ['no JSON', '{"architectures": ["LlamaForCausalLM"'],
    ['a list', '[1, 2]'],
    ['a scalar', '7'],
    ['no text', Buffer.from([0xff, 0xfe, 0, 0, 0x80])],
    ['deep lists', deep('[', ']', 100_000)],
    ['deep objects', deep('{"a":', '}', 100_000, '1')],
    [
      'numbers out of range',
      '{"num_hidden_layers": 1e400, "vocab_size": -5, "hidden_size": 1e30, "bits": NaN, "r": Infinity}',
    ],
    ['3 MiB', `{"model_type": "${'x'.repeat(3 * 2 ** 20)}"}`],
    ['300 KiB of blanks and a NaN', `{"a":${' '.repeat(300_000)}NaN}`],
    [
      'protobuf that never ends',
      Buffer.concat([Buffer.from([8, 8, 0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f]), Buffer.alloc(64, 0xff)]),
    ],
    ['protobuf of empty fields', Buffer.concat([Buffer.from([8, 8, 0x12, 0]), Buffer.alloc(300_000, 0)])],
  ]

  test.each(hostile)(
    '%s under every name ends soon, and says nothing that it does not know',
    { timeout: 60_000 },
    async (_what, content) => {
      const started = performance.now()
      for (const path of named) {
        const { metadata, modality, endpoints } = await describeBytes({ [path]: content })
        expect([modality, endpoints], path).toEqual([null, []])
        expect(JSON.stringify(metadata).length, path).toBeLessThan(20_000)
      }
      expect(performance.now() - started).toBeLessThan(50_000)
    },
  )

  test.each(odd.map((value) => [JSON.stringify(value).slice(0, 40), value] as const))(
    'a value of %s under every known key throws nothing and becomes no number',
    async (_what, value) => {
      const object = Object.fromEntries(keys.map((key) => [key, value]))
      const nested = {
        ...object,
        quantization_config: object,
        text_config: object,
        rope_scaling: object,
        vision_config: object,
      }
      for (const path of named.filter((name) => name.endsWith('.json'))) {
        for (const content of [object, nested]) {
          const { metadata } = await describeBytes({ [path]: content })
          for (const [key, fact] of Object.entries(metadata)) {
            // A group of -1 is a whole column, by the configuration's own convention.
            if (typeof fact.value !== 'number' || key === 'quantizationGroupSize') continue
            const whole =
              ['adapterAlpha', 'defaultTemperature', 'defaultTopP'].includes(key) || Number.isInteger(fact.value)
            expect(whole, `${path} ${key}`).toBe(true)
            expect(Number.isFinite(fact.value) && fact.value >= 0 && fact.value <= 2 ** 53, `${path} ${key}`).toBe(true)
          }
          expect(JSON.stringify(metadata).length).toBeLessThan(20_000)
        }
      }
      expect(({} as { model_type?: unknown }).model_type).toBeUndefined()
    },
  )
})
