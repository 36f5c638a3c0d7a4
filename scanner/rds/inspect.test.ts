import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { look } from '../testing/look.ts'
import { type RNode, rdsBytes } from '../testing/rds-bytes.ts'

const frame: RNode = { list: [{ reals: [1.5, 2] }, { texts: ['a', 'b'] }, { ints: [1, 2] }], names: ['x', 'y', 'z'] }
const rds = (node: RNode): ReturnType<typeof look> => look(rdsBytes(node))

test('plain data is walked to its end and stays in review', () => {
  const { facts, verdict, ids } = rds(frame)
  expect(ids).toEqual(['RDS-OPAQUE-001'])
  expect(verdict).toBe('review')
  expect(facts.coverage).toMatchObject({ unaccountedBytes: 0, tensorBytes: 24 })
})

test.each<[string, RNode, string]>([
  ['a promise', { promise: { call: ['system', { texts: ['id'] }] } }, 'RDS-CODE-001'],
  ['a promise in an attribute', { list: [frame, { promise: null }], names: ['a', 'b'] }, 'RDS-CODE-001'],
  ['byte code', { list: [{ bytecode: true }] }, 'RDS-CODE-002'],
  ['a function', { list: [{ closure: { call: ['print', null] } }] }, 'RDS-CODE-003'],
  ['an environment', { environment: true }, 'RDS-CODE-004'],
])('%s is high', (_what, node, rule) => {
  const found = rds(node).findings.find(({ ruleId }) => ruleId === rule)
  expect(found?.severity).toBe('high')
})

test('names of functions that run programs are told', () => {
  expect(rds({ call: ['system', { texts: ['id'] }] }).ids).toContain('RDS-CODE-005')
})

test('text and machine encodings', () => {
  const ascii = (body: string): ReturnType<typeof look> => look(Buffer.from(`A\n3\n262913\n197888\n5\nUTF-8\n${body}`))
  expect(ascii('13\n2\n1\n2\n').ids).toEqual(['RDS-OPAQUE-001'])
  expect(ascii('1029\n253\n251\n254\n').ids).toContain('RDS-CODE-001')
  const words = [3, 0x40301, 0x30500, 0, 5 | 0x400, 253, 251, 254]
  const native = Buffer.concat([Buffer.from('B\n'), Buffer.from(Int32Array.from(words).buffer)])
  expect(look(native).ids).toContain('RDS-CODE-001')
})

test('lengths, depth and what follows the end', () => {
  const cut = rdsBytes(frame)
  for (let length = 14; length < cut.length; length++)
    expect(look(cut.subarray(0, length)).verdict, `${length}`).not.toBe('pass')
  let deep: RNode = { list: [null] }
  for (let i = 0; i < 300; i++) deep = { list: [deep] }
  expect(rds(deep).ids).toContain('RDS-BOUNDS-002')
  expect(look(Buffer.concat([rdsBytes(frame), Buffer.from('more')])).verdict).toBe('incomplete')
  const vast = rdsBytes({ ints: [1] })
  vast.writeInt32BE(0x7fffffff, vast.length - 8)
  expect(look(vast).ids).toContain('RDS-BOUNDS-001')
})

test('a long list does not nest', () => {
  const list: RNode = { call: ['list', ...Array.from({ length: 20_000 }, (): RNode => null)] }
  expect(rds(list).ids).not.toContain('RDS-BOUNDS-002')
})

test('compressed, as R writes it', () => {
  expect(look(gzipSync(rdsBytes({ promise: null }))).verdict).not.toBe('pass')
})
