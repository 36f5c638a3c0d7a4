import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'
import { plainSafetensors, safetensorsBytes } from '../testing/safetensors-bytes.ts'
import { safetensorsHeaderOf } from './header-of.ts'

test('a plain file passes and tells its facts', () => {
  const { facts, verdict, findings } = look(plainSafetensors(), 'model.safetensors')
  expect(findings).toEqual([])
  expect(verdict).toBe('pass')
  expect(facts.coverage).toMatchObject({ tensorBytes: 22, unaccountedBytes: 0 })
  expect(safetensorsHeaderOf(facts)).toMatchObject({
    tensorCount: 2,
    parameterCount: 7,
    dtypes: { F32: { tensors: 1, bytes: 16, parameters: 4 }, BF16: { tensors: 1, bytes: 6, parameters: 3 } },
    metadata: { format: 'pt' },
    tensors: [
      { name: 'a', dtype: 'F32', shape: [2, 2] },
      { name: 'b', dtype: 'BF16', shape: [3] },
    ],
  })
})

test('a header padded with spaces, scalars and empty tensors pass', () => {
  const header = JSON.stringify({
    s: { dtype: 'I64', shape: [], data_offsets: [0, 8] },
    e: { dtype: 'F16', shape: [0, 4], data_offsets: [8, 8] },
  })
  expect(look(safetensorsBytes(`${header}     `, 8)).findings).toEqual([])
})

const f32 = (begin: number, end: number): object => ({
  dtype: 'F32',
  shape: [(end - begin) / 4],
  data_offsets: [begin, end],
})
const deep = `{"__metadata__":${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}}`
const cases: [name: string, bytes: Buffer, rule: string][] = [
  [
    'header longer than the file',
    Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 16]), Buffer.from('{"a":{}}')]),
    'ST-HEADER-001',
  ],
  ['not JSON', safetensorsBytes('{"a":', 8), 'ST-HEADER-003'],
  [
    'junk behind the object',
    safetensorsBytes('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}} x', 1),
    'ST-HEADER-003',
  ],
  ['unknown member', safetensorsBytes({ a: { ...f32(0, 4), x: 1 } }, 4), 'ST-HEADER-004'],
  ['metadata that is no text', safetensorsBytes({ __metadata__: { n: 1 } }, 0), 'ST-HEADER-004'],
  ['depth bomb', safetensorsBytes(deep, 0), 'ST-HEADER-005'],
  [
    'same tensor twice',
    safetensorsBytes(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
      1,
    ),
    'ST-DUP-001',
  ],
  ['tensor beyond the file', safetensorsBytes({ a: f32(0, 8) }, 4), 'ST-RANGE-001'],
  ['offsets reversed', safetensorsBytes({ a: { dtype: 'U8', shape: [1], data_offsets: [4, 0] } }, 4), 'ST-RANGE-001'],
  ['overlap', safetensorsBytes({ a: f32(0, 8), b: f32(4, 12) }, 12), 'ST-OVERLAP-001'],
  ['hole', safetensorsBytes({ a: f32(0, 4), b: f32(8, 12) }, 12), 'ST-HOLE-001'],
  [
    'shape and size disagree',
    safetensorsBytes({ a: { dtype: 'F32', shape: [1e6, 1e6, 1e9], data_offsets: [0, 8] } }, 8),
    'ST-SIZE-001',
  ],
  ['unknown dtype', safetensorsBytes({ a: { dtype: 'X9', shape: [1], data_offsets: [0, 8] } }, 8), 'ST-DTYPE-001'],
  ['trailing bytes', safetensorsBytes({ a: f32(0, 4) }, 4, Buffer.from('hidden')), 'ST-TRAIL-001'],
  ['code in metadata', safetensorsBytes({ __metadata__: { x: "__import__('os').system('id')" } }, 0), 'ST-META-001'],
]

test.each(cases)('%s', (_name, bytes, rule) => {
  const { ids, verdict, findings, facts } = look(bytes, 'model.safetensors')
  expect(facts.format).toBe('safetensors')
  expect(ids).toContain(rule)
  expect(['review', 'incomplete']).toContain(verdict)
  expect(findings.find((finding) => finding.ruleId === rule)?.offset).toBeTypeOf('number')
})

test('a pickle behind the last tensor is found at its place', () => {
  const pickle = Buffer.from('\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.', 'latin1')
  const bytes = safetensorsBytes({ a: f32(0, 4) }, 4, pickle)
  const { findings } = look(bytes, 'model.safetensors')
  const found = findings.find((finding) => finding.ruleId === 'PKL-CALL-001')
  expect(found?.offset).toBe(bytes.length - 2)
  expect(findings.map((finding) => finding.ruleId)).toContain('POLY-RUN-001')
})

test('a dtype named __proto__ is only a name', () => {
  const bytes = safetensorsBytes('{"a":{"dtype":"__proto__","shape":[1],"data_offsets":[0,4]}}', 4)
  expect(look(bytes, 'model.safetensors').ids).toEqual(['ST-DTYPE-001'])
  expect(({} as { tensors?: number }).tensors).toBeUndefined()
})
