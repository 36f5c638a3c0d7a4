import { Buffer } from 'node:buffer'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import type { InspectContext } from '../define-format.ts'
import { createBudget } from '../nested/budget.ts'
import { readerOf } from '../reader.ts'
import type { Observation } from '../types.ts'
import { defineSchema } from './schema.ts'
import { intOf, type Message, messageOf, messagesOf, textOf } from './types.ts'
import { walkProtobuf } from './walk.ts'

const schema = defineSchema({
  Root: '1 name text, 2 number int, 3 item Item*, 4 kept Item, 5 packed int, 6 floats fixed32, 7 blob data, 8 self Root',
  Item: '1 key text, 2 value int',
})
const oracle = protobuf.parse(`syntax = "proto3";
  message Item { string key = 1; int64 value = 2; }
  message Root { string name = 1; int64 number = 2; repeated Item item = 3; Item kept = 4; repeated int64 packed = 5;
    repeated float floats = 6; bytes blob = 7; Root self = 8; bytes unknown = 99; }`).root

type Seen = { root: Message; leaves: Message[]; notes: Observation[]; covered: number; whole: boolean; end: number }

function walk(bytes: Uint8Array): Seen {
  const notes: Observation[] = []
  const leaves: Message[] = []
  const taken = new Uint8Array(bytes.length)
  const context: InspectContext = {
    reader: readerOf(bytes),
    offset: 0,
    length: bytes.length,
    path: '',
    observe: (seen) => void notes.push(seen),
    cover: (offset, length) => void taken.fill(1, offset, offset + length),
    budget: createBudget(bytes.length),
    alreadyInspected: () => false,
    nested: () => {
      throw new Error('nothing is nested')
    },
  }
  const { root, whole, end } = walkProtobuf(context, {
    schema,
    root: 'Root',
    malformed: 'x.malformed',
    leave: (message) => void leaves.push(message),
  })
  return { root, leaves, notes, covered: taken.reduce((sum, value) => sum + value, 0), whole, end }
}
const encode = (value: object): Uint8Array => {
  const type = oracle.lookupType('Root')
  return type.encode(type.fromObject(value)).finish()
}

test('says what another encoder wrote', () => {
  const bytes = encode({
    name: 'näme',
    number: -5,
    item: [
      { key: 'a', value: 1 },
      { key: 'b', value: 300 },
    ],
    kept: { key: 'k', value: 2 ** 40 },
    packed: [1, 150, 70_000],
    floats: [1.5, 2.5],
  })
  const { root, leaves, notes, covered, whole } = walk(bytes)
  expect({ notes, whole, covered }).toEqual({ notes: [], whole: true, covered: bytes.length })
  expect(textOf(root, 'name')).toBe('näme')
  expect(intOf(root, 'number')).toBe(-5)
  expect(root.ints.get('packed')).toEqual([1, 150, 70_000])
  expect(root.counts.get('floats')).toBe(2)
  expect(intOf(messageOf(root, 'kept'), 'value')).toBe(2 ** 40)
  // Streamed ones are handed over, not kept.
  expect(messagesOf(root, 'item')).toEqual([])
  expect(leaves.filter(({ type }) => type === 'Item').map((item) => textOf(item, 'key'))).toEqual(['a', 'b', 'k'])
})

test('data and long numbers are left to be proved', () => {
  const bytes = encode({ blob: new Uint8Array(500), floats: Array.from({ length: 1000 }, () => 1) })
  const { root, covered } = walk(bytes)
  expect(root.ranges.get('blob')).toMatchObject([{ length: 500 }])
  expect(covered).toBe(bytes.length - 500 - 4000)
})

test('small unknown fields are understood, large ones are not', () => {
  expect(walk(encode({ name: 'x', unknown: new Uint8Array(1000) }))).toMatchObject({ covered: 1007 })
  const large = encode({ name: 'x', unknown: new Uint8Array(2000) })
  expect(walk(large).covered).toBe(large.length - 2000)
  // Many small ones are as good a place to hide as a large one.
  const many = Buffer.concat(Array.from({ length: 100 }, () => encode({ unknown: new Uint8Array(1000) })))
  expect(walk(many).covered).toBeLessThan(70_000)
})

test('binary in the place of long text is not accounted for', () => {
  const bytes = Buffer.concat([Buffer.from([0x0a, 0xd0, 0x0f]), Buffer.alloc(2000, 0x01)])
  expect(walk(bytes).covered).toBe(3)
})

test('a length beyond the end is looked into as far as it goes', () => {
  const bytes = encode({ name: 'x', self: { item: [{ key: 'deep', value: 700_000 }] } })
  const { leaves, notes, whole, end } = walk(bytes.subarray(0, bytes.length - 2))
  expect({ whole, end }).toEqual({ whole: false, end: 3 })
  expect(notes).toMatchObject([{ code: 'x.malformed' }])
  expect(leaves.some((item) => textOf(item, 'key') === 'deep')).toBe(true)
})

test('depth, groups and endless numbers', () => {
  let deep: Uint8Array = encode({ name: 'x' })
  for (let i = 0; i < 150; i++) {
    const length = deep.length
    deep = Buffer.concat([
      Buffer.from([0x42, ...(length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7])]),
      deep,
    ])
  }
  expect(walk(deep).notes).toMatchObject([{ code: 'scan.limit' }])
  for (const bad of [[0x0b], [0x10, ...Array.from({ length: 11 }, () => 0xff)], [0x00, 0x01], [0x0f]])
    expect(walk(Buffer.from(bad)).notes).toMatchObject([{ code: 'x.malformed' }])
})

test('a schema that names a type it does not have is refused', () => {
  expect(() => defineSchema({ A: '1 b B' })).toThrow('no type "B"')
})
