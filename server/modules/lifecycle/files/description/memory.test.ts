import { describe, expect, test } from 'vitest'
import { cacheBytesOf, groupedKvBytesPerToken, latentKvBytesPerToken, sequenceBytes } from './memory.ts'
import { shapeOfConfig } from './shape.ts'

const kib = 1_024
const mib = kib * kib

describe('cache of a sequence', () => {
  test('32 layers, 8 key-value heads of 128 in 16 bits: 128 KiB a token, 1 GiB for 8,192', () => {
    const perToken = groupedKvBytesPerToken({ layers: 32, headsKv: 8, headDim: 128, bytes: 2 })
    expect(perToken).toBe(128 * kib)
    expect(perToken * 8_192).toBe(1_024 * mib)
  })

  test('latent attention of 61 layers, 512 + 64: 70,272 bytes a token', () => {
    expect(latentKvBytesPerToken({ layers: 61, kvLoraRank: 512, qkRopeHeadDim: 64, bytes: 2 })).toBe(70_272)
    expect(Math.round(70_272 / kib)).toBe(69)
  })

  test('keys and values of different widths are counted apart', () => {
    expect(groupedKvBytesPerToken({ layers: 1, headsKv: 2, headDim: 192, valueDim: 128, bytes: 2 })).toBe(2 * 320 * 2)
  })

  test('sliding layers stop at their window, recurrent ones are constant', () => {
    const shape = shapeOfConfig({
      num_hidden_layers: 6,
      num_attention_heads: 4,
      num_key_value_heads: 1,
      head_dim: 64,
      sliding_window: 100,
      sliding_window_pattern: 6,
    })
    const cache = cacheBytesOf(shape)
    expect(cache).toEqual({ perToken: 6 * 256, perTokenBeyondWindow: 256, window: 100, perSequence: 0 })
    if (cache === undefined) return
    expect(sequenceBytes(cache, 50)).toBe(50 * 6 * 256)
    expect(sequenceBytes(cache, 1_000)).toBe(100 * 6 * 256 + 900 * 256)
  })

  test.each([
    ['every fourth layer attends', { full_attention_interval: 4 }, { full: 2, sliding: 0, recurrent: 6 }],
    ['a period with an offset', { attn_layer_period: 4, attn_layer_offset: 1 }, { full: 2, sliding: 0, recurrent: 6 }],
    ['a pattern of letters', { hybrid_override_pattern: 'M-M*M-M*' }, { full: 2, sliding: 0, recurrent: 4 }],
    ['a list', { layer_types: ['linear_attention', 'full_attention'] }, { full: 7, sliding: 0, recurrent: 1 }],
    [
      'Qwen2',
      { sliding_window: 9, use_sliding_window: true, max_window_layers: 5 },
      { full: 5, sliding: 3, recurrent: 0 },
    ],
    ['Gemma 2', { sliding_window: 9, model_type: 'gemma2' }, { full: 4, sliding: 4, recurrent: 0 }],
    ['Mistral', { sliding_window: 9 }, { full: 0, sliding: 8, recurrent: 0 }],
    ['switched off', { sliding_window: 9, use_sliding_window: false }, undefined],
  ])('layers of several kinds: %s', (_what, config, kinds) => {
    expect(shapeOfConfig({ num_hidden_layers: 8, ...config }).layerKinds).toEqual(kinds)
  })

  test('Mamba 2 keeps a state for each head and the inputs of its convolution', () => {
    const shape = shapeOfConfig({
      model_type: 'mamba2',
      num_hidden_layers: 2,
      num_heads: 4,
      head_dim: 8,
      state_size: 16,
      conv_kernel: 4,
      n_groups: 1,
    })
    expect(cacheBytesOf(shape)?.perSequence).toBe(2 * (4 * 8 * 16 + (4 * 8 + 2 * 16) * 3) * 2)
  })

  test('what the sizes do not say is unknown, not nothing', () => {
    expect(cacheBytesOf({})).toBeUndefined()
    expect(cacheBytesOf({ layers: 2 })).toBeUndefined()
    const cache = cacheBytesOf(shapeOfConfig({ model_type: 'rwkv6', num_hidden_layers: 2 }))
    expect(cache).toMatchObject({ perToken: 0, perSequence: null })
    expect(cache === undefined ? 0 : sequenceBytes(cache, 5)).toBeNull()
  })
})
