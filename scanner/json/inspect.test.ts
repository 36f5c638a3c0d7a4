import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'
import { jsonHeaderOf } from './header-of.ts'

const json = (value: unknown, path = 'config.json'): ReturnType<typeof look> =>
  look(Buffer.from(JSON.stringify(value)), path)

test('a config passes and tells its facts', () => {
  const { facts, verdict, findings } = json({
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    torch_dtype: 'bfloat16',
    hidden_size: 4096,
    num_hidden_layers: 32,
    num_attention_heads: 32,
    num_key_value_heads: 8,
    vocab_size: 128256,
    max_position_embeddings: 8192,
    rope_scaling: { factor: 8 },
    quantization_config: { bits: 4 },
  })
  expect(findings).toEqual([])
  expect(verdict).toBe('pass')
  expect(jsonHeaderOf(facts)).toMatchObject({
    architectures: ['LlamaForCausalLM'],
    modelType: 'llama',
    dtype: 'bfloat16',
    hiddenSize: 4096,
    numHiddenLayers: 32,
    numAttentionHeads: 32,
    numKeyValueHeads: 8,
    vocabSize: 128256,
    maxPositionEmbeddings: 8192,
    ropeScaling: { factor: 8 },
    quantization: { bits: 4 },
  })
})

test('sizes of a multimodal model stand one level down', () => {
  expect(jsonHeaderOf(json({ model_type: 'x', text_config: { hidden_size: 7 } }).facts)?.hiddenSize).toBe(7)
})

test('a large vocabulary is checked but not kept', () => {
  const vocab = Object.fromEntries(Array.from({ length: 20_000 }, (_none, i) => [`tok${i}`, i]))
  const { facts, verdict } = json({ model: { vocab }, tokenizer_class: 'T' }, 'tokenizer.json')
  expect(verdict).toBe('pass')
  expect(JSON.stringify(facts).length).toBeLessThan(4000)
  expect(jsonHeaderOf(facts)?.tokenizerClass).toBe('T')
})

test('a shard index tells its shards; escaping ones are high', () => {
  const good = json({
    metadata: { total_size: 12 },
    weight_map: { a: 'm-1.safetensors', b: 'm-1.safetensors', c: 'm-2.safetensors' },
  })
  expect(jsonHeaderOf(good.facts)?.shardIndex).toEqual({
    tensors: 3,
    shards: ['m-1.safetensors', 'm-2.safetensors'],
    totalSize: 12,
  })
  expect(good.verdict).toBe('pass')
  for (const shard of [
    '../x',
    'a/../../x',
    '/etc/passwd',
    'C:\\x',
    '..\\x',
    'https://evil.invalid/x',
    '~/x',
    'file:///x',
  ]) {
    expect(json({ weight_map: { a: shard } }).findings[0]).toMatchObject({ ruleId: 'REPO-INDEX-001', severity: 'high' })
  }
})

test('code references: local medium, another repository high', () => {
  expect(json({ auto_map: { AutoModel: 'modeling_x.X' } }).findings).toMatchObject([
    { ruleId: 'REPO-CODE-001', severity: 'medium' },
  ])
  expect(json({ auto_map: { AutoTokenizer: ['a/b--tok.T', null] } }).findings).toMatchObject([
    { ruleId: 'REPO-CODE-002', severity: 'high' },
  ])
  expect(json({ auto_map: {} }).findings).toEqual([])
})

test('templates as text, list and object', () => {
  const bad = '{{ "".__class__ }}'
  for (const chat_template of [
    bad,
    [
      { name: 'default', template: 'x' },
      { name: 'tool_use', template: bad },
    ],
    { tool: bad },
  ]) {
    const { verdict, findings } = json({ chat_template }, 'tokenizer_config.json')
    expect(verdict).toBe('block')
    expect(findings[0]?.member).toMatch(/^chat_template/)
  }
})

test('duplicate keys, depth, syntax, credentials', () => {
  expect(look(Buffer.from('{"a":1,"a":2}'), 'c.json').ids).toEqual(['JSON-DUP-001'])
  const deep = look(Buffer.from('['.repeat(100_000)), 'c.json')
  expect(deep.ids).toContain('JSON-DEPTH-001')
  expect(deep.verdict).toBe('incomplete')
  const broken = look(Buffer.from('{"a": x, "b": 1}'), 'c.json')
  expect(broken.ids).toContain('JSON-SYNTAX-001')
  expect(broken.verdict).toBe('incomplete')
  const secret = look(Buffer.from('{"k":"AKIAIOSFODNN7EXAMPLE"}'), 'c.json')
  expect(secret.ids).toEqual(['SECRET-KEY-001'])
  expect(JSON.stringify(secret.findings)).not.toContain('AKIAIOSFODNN7')
})

test('a text that only begins like JSON is text', () => {
  const { facts, verdict } = look(Buffer.from('[a link](x) and prose\n'), 'README.md')
  expect(facts.format).toBe('text')
  expect(verdict).toBe('pass')
})

test('a key named __proto__ is data', () => {
  const { facts, verdict } = look(
    Buffer.from('{"__proto__":{"polluted":1},"quantization_config":{"__proto__":{"polluted":1}}}'),
    'c.json',
  )
  expect(verdict).toBe('pass')
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  expect(jsonHeaderOf(facts)?.keys).toContain('__proto__')
})

test.each([
  ['a map from token to id', { a: 0, b: 41, c: 7 }, { entries: 3, highestId: 41 }],
  [
    'a list, where the place is the id',
    [
      ['a', 0],
      ['b', -1.5],
    ],
    { entries: 2, highestId: 1 },
  ],
  ['ids that are none', { a: -3, b: 1.5, c: 'x', d: { e: 1 } }, { entries: 4, highestId: -1 }],
  ['an empty one', {}, undefined],
  ['another kind of value', 'x', undefined],
])('the vocabulary of a tokenizer is counted: %s', (_what, vocab, counted) => {
  const { facts, verdict } = json(
    { version: '1.0', model: { type: 'X', vocab, merges: [['a', 'b']] } },
    'tokenizer.json',
  )
  expect(jsonHeaderOf(facts)?.tokenizerVocabulary).toEqual(counted)
  expect(verdict).toBe('pass')
})

test('a credential is told of, and not kept', () => {
  const key = `hf_${'AbCdEfGhIjKlMnOpQrStUvWxYz12345678'}`
  const { facts, ids } = look(
    Buffer.from(JSON.stringify({ hub_token: key, note: 'fine and long enough' })),
    'train.json',
  )
  expect(ids).toContain('SECRET-KEY-001')
  expect(JSON.stringify(facts)).not.toContain(key.slice(8))
  expect(JSON.stringify(facts)).toContain('fine and long enough')
})
