import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { type GgufSpec, ggufBytes, plainGguf, plainMetadata } from '../testing/gguf-bytes.ts'
import { look } from '../testing/look.ts'
import { ggufHeaderOf } from './header-of.ts'

test('a plain model passes and tells its facts', () => {
  const { facts, verdict, findings } = look(plainGguf('{{ messages[0].content }}'), 'm.gguf')
  expect(findings).toEqual([])
  expect(verdict).toBe('pass')
  expect(facts.format).toBe('gguf')
  expect(facts.coverage).toMatchObject({ tensorBytes: 192, unaccountedBytes: 0, parsedBytes: facts.size - 192 })
  expect(ggufHeaderOf(facts)).toMatchObject({
    version: 3,
    architecture: 'llama',
    name: 'tiny',
    license: 'apache-2.0',
    quantization: 'F32',
    parameterCount: 48,
    tensorCount: 2,
    vocabSize: 3,
    embeddingRows: 3,
    contextLength: 128,
    embeddingLength: 8,
    blockCount: 1,
    headCount: 2,
    headCountKv: 1,
    feedForwardLength: 16,
    tokenizerModel: 'gpt2',
    bosTokenId: 1,
    eosTokenId: 2,
    dtypes: { F32: { tensors: 2, bytes: 192, parameters: 48 } },
    chatTemplates: [{ key: 'tokenizer.chat_template', name: 'default', parsed: true }],
  })
  expect(ggufHeaderOf(facts)?.metadata['tokenizer.ggml.tokens']).toEqual({ array: 'string', count: 3 })
})

test('a vocabulary without tensors passes', () => {
  expect(look(ggufBytes({ metadata: plainMetadata() }), 'vocab.gguf').verdict).toBe('pass')
})

const one = { name: 't', dimensions: [8] }
const big = 2n ** 62n
const cases: [name: string, spec: GgufSpec, rule: string][] = [
  ['unknown version', { version: 99 }, 'GGUF-BOUNDS-001'],
  ['big-endian', { version: 0x03000000 }, 'GGUF-BOUNDS-001'],
  ['too many metadata entries', { metadataCount: big }, 'GGUF-BOUNDS-002'],
  ['too many tensors', { tensorCount: big }, 'GGUF-BOUNDS-002'],
  ['missing tensor table', { tensors: [one], tensorCount: 3 }, 'GGUF-BOUNDS-002'],
  [
    'dimensions overflow',
    { tensors: [{ name: 't', dimensions: [2n ** 32n, 2n ** 32n], bytes: 32 }] },
    'GGUF-BOUNDS-006',
  ],
  ['tensor beyond the file', { tensors: [{ ...one, offset: 4096 }] }, 'GGUF-BOUNDS-007'],
  ['tensor beyond 2^53', { tensors: [{ ...one, offset: big }] }, 'GGUF-BOUNDS-007'],
  ['unknown type', { tensors: [{ ...one, type: 77 }] }, 'GGUF-BOUNDS-008'],
  ['five dimensions', { tensors: [{ name: 't', dimensions: [1, 1, 1, 1, 1] }] }, 'GGUF-BOUNDS-009'],
  ['broken block', { tensors: [{ name: 't', dimensions: [33], type: 2, bytes: 36 }] }, 'GGUF-BOUNDS-010'],
  ['overlap', { tensors: [one, { ...one, name: 'u', offset: 0 }] }, 'GGUF-BOUNDS-011'],
  ['hole', { tensors: [one, { ...one, name: 'u', offset: 96, bytes: 128 }] }, 'GGUF-BOUNDS-012'],
  ['misaligned', { tensors: [{ ...one, offset: 3, bytes: 64 }] }, 'GGUF-BOUNDS-014'],
  ['trailing bytes', { tensors: [one], trailing: Buffer.from('hidden') }, 'GGUF-TRAIL-001'],
  ['trailing zeros beyond padding', { tensors: [one], trailing: Buffer.alloc(32) }, 'GGUF-TRAIL-001'],
  ['same tensor twice', { tensors: [one, one] }, 'GGUF-DUP-002'],
  ['bool that is neither', { metadata: [['x', { type: 'bool', value: 2 }]] }, 'GGUF-VALUE-001'],
]
for (const value of [0, 3, 2 ** 31]) {
  cases.push([`alignment ${value}`, { metadata: [['general.alignment', { type: 'u32', value }]] }, 'GGUF-BOUNDS-013'])
}

test.each(cases)('%s', (_name, spec, rule) => {
  const { ids, verdict, findings } = look(ggufBytes(spec), 'm.gguf')
  expect(ids).toContain(rule)
  expect(['review', 'incomplete']).toContain(verdict)
  expect(findings.find((finding) => finding.ruleId === rule)?.offset).toBeTypeOf('number')
})

test('a key twice', () => {
  const metadata = [...plainMetadata(), ...plainMetadata().slice(1, 2)]
  expect(look(ggufBytes({ metadata })).ids).toEqual(['GGUF-DUP-001'])
})

test('impossible hyperparameters and tokens', () => {
  const change = (key: string, value: number): string[] =>
    look(
      ggufBytes({
        metadata: plainMetadata().map((entry) => (entry[0] === key ? [key, { type: 'u32', value }] : entry)),
      }),
    ).ids
  expect(change('llama.attention.head_count', 0)).toContain('GGUF-HPARAM-001')
  expect(change('llama.block_count', 4_000_000_000)).toContain('GGUF-HPARAM-001')
  expect(change('llama.attention.head_count_kv', 8)).toContain('GGUF-HPARAM-001')
  expect(change('tokenizer.ggml.bos_token_id', 3)).toEqual(['GGUF-TOKEN-001'])
  expect(change('tokenizer.ggml.eos_token_id', 0xffffffff)).toEqual([])
})

test('an archive behind the last tensor is a second format', () => {
  const zip = Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(60)])
  const { ids, facts, verdict } = look(ggufBytes({ tensors: [one], trailing: zip }), 'm.gguf')
  expect(ids).toEqual(expect.arrayContaining(['GGUF-TRAIL-001', 'POLY-RUN-001', 'ARC-DIVERGE-008']))
  expect(facts.parts.map((part) => part.format)).toEqual(['gguf', 'zip'])
  expect(verdict).toBe('review')
})

test('every template key is analyzed', () => {
  const metadata = plainMetadata('{{ messages }}')
  metadata.push(['tokenizer.chat_template.tool_use', { type: 'string', value: '{{ x.__class__ }}' }])
  const { findings, verdict } = look(ggufBytes({ metadata }))
  expect(verdict).toBe('block')
  expect(findings[0]).toMatchObject({
    ruleId: 'TPL-SSTI-001',
    member: 'tokenizer.chat_template.tool_use',
    severity: 'critical',
  })
})
