import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { BrokenStream, type ByteStream } from '../codec/types.ts'
import { maxRead } from '../reader.ts'
import { createBudget } from './budget.ts'
import { openUnpacked } from './unpacked-reader.ts'

const mib = 1024 * 1024

/** A stream of `size` bytes whose byte at `i` follows from `i`; counts how often it is opened. */
function counted(size: number, breakAt?: number): { open: () => ByteStream; opened: () => number } {
  let opened = 0
  return {
    opened: () => opened,
    open: () => {
      opened += 1
      let at = 0
      return {
        read: (max) => {
          if (breakAt !== undefined && at >= breakAt) throw new BrokenStream('archive.checksum', 'not what it says')
          const end = Math.min(breakAt ?? size, size, at + Math.min(max, 300_000))
          const part = expected(at, end - at)
          at = end
          return part
        },
      }
    },
  }
}

function expected(offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let i = 0; i < length; i++) bytes[i] = ((offset + i) * 2654435761) >>> 24
  return bytes
}

test('what fits is unpacked once and read anywhere', () => {
  const { open, opened } = counted(5 * mib + 17)
  const budget = createBudget(0)
  const left = budget.unpackable()
  const { reader, size, complete, problem } = openUnpacked(open, { budget, packedBytes: 5 * mib })
  expect({ size, complete, problem }).toEqual({ size: 5 * mib + 17, complete: true, problem: undefined })
  for (const [offset, length] of [
    [0, 10],
    [mib - 3, 6],
    [5 * mib, 100],
    [2 * mib, 3 * mib],
    [7, 1],
  ] as const)
    expect(Buffer.from(reader.read(offset, length)).equals(expected(offset, Math.min(length, size - offset)))).toBe(
      true,
    )
  expect(reader.read(size, 5)).toHaveLength(0)
  expect(reader.read(-1, 5)).toHaveLength(0)
  expect(() => reader.read(0, maxRead + 1)).toThrow(RangeError)
  expect(opened()).toBe(1)
  expect(left - budget.unpackable()).toBe(size)
})

test('what does not fit is unpacked again, from its start when it is read backwards', () => {
  const total = 64 * mib + 5
  const { open, opened } = counted(total)
  const budget = createBudget(0)
  const { reader, complete } = openUnpacked(open, { budget, packedBytes: total })
  expect(complete).toBe(true)
  const left = budget.unpackable()
  const look = (offset: number): void => {
    expect(Buffer.from(reader.read(offset, 100)).equals(expected(offset, Math.min(100, total - offset)))).toBe(true)
  }
  // The beginning and the end are kept: that is where formats are recognized.
  look(0)
  look(31 * mib)
  look(total - 5)
  expect(opened()).toBe(1)
  for (let at = 32 * mib; at < total; at += mib - 50) look(at)
  expect(opened()).toBe(2)
  look(40 * mib)
  expect(opened()).toBe(3)
  expect(budget.unpackable()).toBe(left)
  expect(() => {
    for (let i = 0; i < 40; i++) look((60 - (i % 2) * 20) * mib)
  }).toThrow('too often')
  expect(opened()).toBeLessThan(20)
})

test('a break leaves what came before it', () => {
  const { open } = counted(9 * mib, 3 * mib + 11)
  const { reader, size, complete, problem } = openUnpacked(open, { budget: createBudget(0), packedBytes: mib })
  expect({ size, complete, code: problem?.code }).toEqual({
    size: 3 * mib + 11,
    complete: false,
    code: 'archive.checksum',
  })
  expect(Buffer.from(reader.read(3 * mib, 50)).equals(expected(3 * mib, 11))).toBe(true)
})

test('a bomb ends at the ratio, or when the budget of the whole file is used up', () => {
  const ratio = openUnpacked(counted(100 * mib).open, { budget: createBudget(0), packedBytes: 10_000 })
  expect(ratio.problem?.code).toBe('archive.bomb')
  expect(ratio.size).toBeLessThan(6 * mib)
  const budget = createBudget(0)
  budget.unpack(budget.unpackable() - 2 * mib)
  const beyond = openUnpacked(counted(100 * mib).open, { budget, packedBytes: 100 * mib })
  expect(beyond.problem?.code).toBe('archive.bomb')
  expect(beyond.size).toBe(3 * mib)
})

test('memory is shared by what is nested', () => {
  const budget = createBudget(0)
  for (let i = 0; i < 4; i++) budget.enter()
  const { open, opened } = counted(6 * mib)
  const { reader } = openUnpacked(open, { budget, packedBytes: 6 * mib })
  reader.read(3 * mib, 10)
  expect(opened()).toBe(2)
})

test('errors that are no breaks pass through', () => {
  const open = (): ByteStream => ({
    read: () => {
      throw new TypeError('defect')
    },
  })
  expect(() => openUnpacked(open, { budget: createBudget(0), packedBytes: 1 })).toThrow('defect')
})
