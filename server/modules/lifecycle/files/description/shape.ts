import { asCount, asFactor, asObject, asText, asTexts, firstOf, type JsonObject } from './values.ts'

/** The sizes of a transformer that its files state. Absent: not stated. */
export type Shape = {
  layers?: number | undefined
  heads?: number | undefined
  headsKv?: number | undefined
  headDim?: number | undefined
  /** Width of a value vector where it differs from that of a key. */
  valueDim?: number | undefined
  hiddenSize?: number | undefined
  /** Tokens. */
  contextLength?: number | undefined
  /** How the context was stretched, for people. */
  ropeScaling?: string | undefined
  vocabulary?: number | undefined
  experts?: number | undefined
  expertsUsed?: number | undefined
  /** Latent attention, whose cache is one vector per layer. */
  latent?: { kvLoraRank: number; qkRopeHeadDim: number } | undefined
  /** Tokens that a sliding layer looks back. */
  slidingWindow?: number | undefined
  /** How many layers of each kind; absent when every layer is one of full attention. */
  layerKinds?: { full: number; sliding: number; recurrent: number } | undefined
  /** Numbers that one recurrent layer keeps for a sequence. */
  statePerLayer?: number | undefined
  /** Bytes of a number in the cache. */
  cacheBytes?: number | undefined
}

const sizes = {
  layers: ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers', 'decoder_layers'],
  heads: ['num_attention_heads', 'n_head', 'n_heads', 'num_heads', 'decoder_attention_heads'],
  headsKv: ['num_key_value_heads', 'num_kv_heads', 'multi_query_group_num', 'n_head_kv'],
  headDim: ['head_dim', 'kv_channels', 'd_kv', 'attention_head_dim'],
  hidden: ['hidden_size', 'n_embd', 'd_model', 'model_dim'],
  context: [
    'max_position_embeddings',
    'n_positions',
    'n_ctx',
    'seq_length',
    'max_seq_len',
    'max_sequence_length',
    'max_target_positions',
    'model_max_length',
  ],
  vocabulary: ['padded_vocab_size', 'vocab_size'],
  experts: ['num_local_experts', 'num_experts', 'n_routed_experts', 'moe_num_experts', 'ffn_config.moe_num_experts'],
  expertsUsed: ['num_experts_per_tok', 'num_experts_per_token', 'moe_topk', 'moe_top_k', 'experts_per_token'],
}

/** The part of a config.json that describes the language model: multimodal configs keep it one or two levels down. */
export function languageConfig(config: JsonObject): JsonObject {
  const inside = asObject(config['thinker_config']) ?? config
  const nested = firstOf(inside, ['text_config', 'llm_config', 'language_config', 'text_model_config'], asObject)
  return nested === undefined ? inside : { ...inside, ...nested }
}

/** Sizes from a transformers config.json. Numbers beyond any published model by an order of magnitude count as not stated. */
export function shapeOfConfig(root: JsonObject): Shape {
  const config = languageConfig(root)
  const count = (keys: readonly string[], max: number) => firstOf(config, keys, (value) => asCount(value, max))
  const layers = count(sizes.layers, 10_000)
  const heads = count(sizes.heads, 65_536)
  const hidden = count(sizes.hidden, 2 ** 24)
  const rank = asCount(config['kv_lora_rank'], 65_536)
  const rope = asCount(config['qk_rope_head_dim'], 65_536)
  const perHead = heads !== undefined && hidden !== undefined && hidden % heads === 0 ? hidden / heads : undefined
  // Falcon: `multi_query` means one key-value head unless the newer architecture counts them.
  const oneKv = config['multi_query'] === true && config['new_decoder_architecture'] !== true ? 1 : undefined
  const window = config['use_sliding_window'] === false ? undefined : asCount(config['sliding_window'], 2 ** 30)
  return {
    layers,
    heads,
    headsKv: oneKv ?? (config['multi_query'] === false ? undefined : count(sizes.headsKv, 65_536)) ?? heads,
    headDim: count(sizes.headDim, 65_536) ?? perHead,
    hiddenSize: hidden,
    ...contextOf(config, count(sizes.context, 2 ** 31)),
    vocabulary: count(sizes.vocabulary, 2 ** 28),
    experts: count(sizes.experts, 65_536),
    expertsUsed: count(sizes.expertsUsed, 65_536),
    latent: rank === undefined || rope === undefined ? undefined : { kvLoraRank: rank, qkRopeHeadDim: rope },
    slidingWindow: window,
    layerKinds: layers === undefined ? undefined : layerKindsOf(config, layers, window !== undefined),
    statePerLayer: stateOf(config, hidden),
    cacheBytes: (asText(config['dtype']) ?? asText(config['torch_dtype'])) === 'float32' ? 4 : 2,
  }
}

/**
 * The tokens a model may look at. Linear, dynamic and NTK scaling multiply what the config states; yarn multiplies the original length;
 * llama3 and longrope configs state the stretched length. Source: vLLM, config/model.py, _get_and_verify_max_len; its exception for
 * Gemma 3 too.
 */
function contextOf(
  config: JsonObject,
  stated: number | undefined,
): { contextLength?: number | undefined; ropeScaling?: string | undefined } {
  const outer = asObject(config['rope_scaling']) ?? asObject(config['rope_parameters'])
  // Newer configs keep one set per kind of layer.
  const scaling = outer === undefined ? undefined : (asObject(outer['full_attention']) ?? outer)
  const kind = scaling === undefined ? undefined : firstOf(scaling, ['rope_type', 'type'], asText)
  if (scaling === undefined || kind === undefined || ['default', 'mrope'].includes(kind)) {
    return { contextLength: stated }
  }
  const factor = asFactor(scaling['factor'])
  const original =
    asCount(scaling['original_max_position_embeddings'], 2 ** 31) ??
    asCount(config['original_max_position_embeddings'], 2 ** 31)
  const label = [
    kind,
    ...(factor === undefined ? [] : [`factor ${factor}`]),
    ...(original === undefined ? [] : [`from ${original} tokens`]),
  ].join(', ')
  const states =
    ['llama3', 'longrope', 'su'].includes(kind) || (asText(config['model_type']) ?? '').startsWith('gemma3')
  const base = kind === 'yarn' ? (original ?? stated) : stated
  const stretched = states || factor === undefined || base === undefined ? stated : Math.round(base * factor)
  return { contextLength: stretched, ropeScaling: label }
}

const recurrentNames = new Set(['linear_attention', 'mamba', 'mamba2', 'recurrent', 'conv', 'm', 'r'])
const slidingNames = new Set(['sliding_attention', 'chunked_attention', 'local_attention'])

function layerKindsOf(config: JsonObject, layers: number, window: boolean): Shape['layerKinds'] {
  const named = ['layer_types', 'layers_block_type', 'block_types'].map((key) => config[key]).find(Array.isArray)
  const kindAt = named === undefined ? ruleOf(config, layers, window) : kindOfNamed(asTexts(named, layers))
  if (kindAt === undefined) return undefined
  const kinds = { full: 0, sliding: 0, recurrent: 0 }
  for (let layer = 0; layer < layers; layer++) {
    const kind = kindAt(layer)
    if (kind !== 'none') kinds[kind] += 1
  }
  return kinds
}

type LayerKind = 'full' | 'sliding' | 'recurrent' | 'none'

const kindOfNamed =
  (names: readonly string[]) =>
  (layer: number): LayerKind => {
    const name = (names[layer] ?? '').toLowerCase()
    if (recurrentNames.has(name)) return 'recurrent'
    return slidingNames.has(name) ? 'sliding' : name === 'moe' || name === 'mlp' ? 'none' : 'full'
  }

/** Where the config gives a rule in place of a list. Source: the configuration_*.py of the model types named. */
function ruleOf(config: JsonObject, layers: number, window: boolean): ((layer: number) => LayerKind) | undefined {
  const type = asText(config['model_type']) ?? ''
  if (/^(mamba|mamba2|falcon_mamba|rwkv\w*)$/.test(type)) return () => 'recurrent'
  const pattern = config['hybrid_override_pattern']
  if (typeof pattern === 'string' && pattern.length <= 10_000) {
    return (layer) => (pattern[layer] === '*' ? 'full' : pattern[layer] === 'M' ? 'recurrent' : 'none')
  }
  const everyFull = asCount(config['full_attention_interval'], layers)
  if (everyFull !== undefined) return (layer) => ((layer + 1) % everyFull === 0 ? 'full' : 'recurrent')
  const period = asCount(config['attn_layer_period'], layers)
  if (period !== undefined) {
    const offset = asCount(config['attn_layer_offset'], layers, 0) ?? 0
    return (layer) => (layer % period === offset ? 'full' : 'recurrent')
  }
  if (!window) return undefined
  const cycle = asCount(config['sliding_window_pattern'], layers) ?? (type.startsWith('gemma2') ? 2 : undefined)
  if (cycle !== undefined) return (layer) => ((layer + 1) % cycle === 0 ? 'full' : 'sliding')
  // Qwen2: layers from this one on slide.
  const fullFirst = config['use_sliding_window'] === true ? asCount(config['max_window_layers'], layers, 0) : undefined
  return (layer) => (fullFirst !== undefined && layer < fullFirst ? 'full' : 'sliding')
}

/**
 * Numbers a state-space layer keeps: the state, and the last inputs of its convolution. Mamba: inner × (state + kernel - 1), Mamba 2:
 * heads × width × state + (inner + 2 × groups × state) × (kernel - 1). Source: Gu and Dao 2023; Dao and Gu 2024; transformers
 * MambaCache, Mamba2Cache. Undefined for other recurrent layers.
 */
function stateOf(config: JsonObject, hidden: number | undefined): number | undefined {
  const state = firstOf(config, ['state_size', 'ssm_state_size', 'mamba_d_state'], (value) => asCount(value, 65_536))
  const kernel = firstOf(config, ['conv_kernel', 'mamba_d_conv'], (value) => asCount(value, 1_024))
  const expand = firstOf(config, ['expand', 'mamba_expand'], (value) => asCount(value, 64))
  if (state === undefined || kernel === undefined) return undefined
  const heads = firstOf(config, ['mamba_num_heads', 'mamba_n_heads'], (value) => asCount(value, 65_536))
  const width = firstOf(config, ['mamba_head_dim', 'mamba_d_head'], (value) => asCount(value, 65_536))
  const second = config['model_type'] === 'mamba2'
  const manyHeads = heads ?? (second ? asCount(config['num_heads'], 65_536) : undefined)
  const headWidth = width ?? (second ? asCount(config['head_dim'], 65_536) : undefined)
  if (manyHeads !== undefined && headWidth !== undefined) {
    const groups = firstOf(config, ['n_groups', 'mamba_n_groups'], (value) => asCount(value, 65_536)) ?? 1
    return manyHeads * headWidth * state + (manyHeads * headWidth + 2 * groups * state) * (kernel - 1)
  }
  const stated = firstOf(config, ['intermediate_size'], (value) => asCount(value, 2 ** 24))
  const isMamba = /^(mamba|falcon_mamba)$/.test(asText(config['model_type']) ?? '')
  const inner = isMamba && stated !== undefined ? stated : hidden === undefined ? undefined : hidden * (expand ?? 2)
  return inner === undefined ? undefined : inner * (state + kernel - 1)
}
