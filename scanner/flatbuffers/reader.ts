import { PastEnd } from '../cursor.ts'
import type { InspectContext } from '../define-format.ts'

/** A position outside the buffer, or more than is reasonable. */
export class FlatBroken extends Error {
  readonly offset: number
  constructor(offset: number, detail: string) {
    super(detail)
    this.offset = offset
  }
}

/** A table: where it begins and where each of its fields lies. */
export type FlatTable = {
  /** Offset in the file. */
  at: number
  /** Position of a field by its number, or undefined when it has its default. */
  field: (index: number) => number | undefined
}

export type FlatVector = { at: number; length: number }

/** Bounded access to a FlatBuffer. Everything read is remembered as understood. Source: FlatBuffers internals, "Format". */
export type FlatReader = {
  root: () => FlatTable
  u8: (at: number) => number
  i32: (at: number) => number
  u32: (at: number) => number
  /** Exact up to 2^53. */
  u64: (at: number) => number
  /** The table, text or vector that the offset at a field points to; undefined for an absent field. */
  table: (field: number | undefined) => FlatTable | undefined
  text: (field: number | undefined) => string
  vector: (field: number | undefined, elementSize: number, understood?: boolean) => FlatVector | undefined
  tables: (field: number | undefined) => Generator<FlatTable>
  /** Numbers of four bytes; the first `max`. */
  numbers: (field: number | undefined, max: number) => number[]
  understand: (at: number, length: number, kind?: 'parsed' | 'tensor') => void
  /** Accounts for everything understood and for zeros between; returns the end of the last of it. */
  finish: () => number
}

/** A value takes two bytes at least; only values that are used again and again cost more than the file has bytes. */
const alwaysSteps = 1_000_000
const maxText = 4096
const maxPadding = 64

export function createFlatReader(context: InspectContext): FlatReader {
  const { reader, offset: start } = context
  const end = start + context.length
  const ranges: { from: number; to: number; kind: 'parsed' | 'tensor' }[] = []
  const maxSteps = alwaysSteps + context.length
  let steps = 0

  function bytes(at: number, length: number): DataView {
    steps += 1
    if (steps > maxSteps) throw new FlatBroken(at, `more than ${maxSteps} values`)
    if (!(at >= start && length >= 0 && at + length <= end))
      throw new FlatBroken(
        Math.max(start, Math.min(at, end)),
        `${length} bytes wanted at ${at}, the file ends at ${end}`,
      )
    const read = reader.read(at, length)
    if (read.length < length) throw new PastEnd(at, length)
    understand(at, length)
    return new DataView(read.buffer, read.byteOffset, read.length)
  }
  function understand(at: number, length: number, kind: 'parsed' | 'tensor' = 'parsed'): void {
    const last = ranges.at(-1)
    if (last !== undefined && last.kind === kind && at >= last.from && at <= last.to)
      last.to = Math.max(last.to, at + length)
    else if (length > 0) ranges.push({ from: at, to: at + length, kind })
  }
  const u32 = (at: number): number => bytes(at, 4).getUint32(0, true)
  const i32 = (at: number): number => bytes(at, 4).getInt32(0, true)

  function tableAt(at: number): FlatTable {
    const vtable = at - i32(at)
    const head = bytes(vtable, 4)
    const vtableSize = head.getUint16(0, true)
    const objectSize = head.getUint16(2, true)
    if (vtableSize < 4 || vtableSize % 2 !== 0 || objectSize < 4)
      throw new FlatBroken(vtable, 'a table without a layout')
    bytes(vtable, vtableSize)
    bytes(at, objectSize)
    return {
      at,
      field: (index) => {
        const place = 4 + index * 2
        if (place + 2 > vtableSize) return undefined
        const relative = bytes(vtable + place, 2).getUint16(0, true)
        if (relative === 0) return undefined
        if (relative >= objectSize) throw new FlatBroken(at, 'a field outside its table')
        return at + relative
      },
    }
  }
  const follow = (field: number): number => field + u32(field)

  function vector(field: number | undefined, elementSize: number, understood: boolean = true): FlatVector | undefined {
    if (field === undefined) return undefined
    const at = follow(field)
    const length = u32(at)
    if (!(at + 4 + length * elementSize <= end))
      throw new FlatBroken(at, `a list of ${length} values runs over the end`)
    if (understood) understand(at + 4, length * elementSize)
    return { at: at + 4, length }
  }

  return {
    root: () => {
      bytes(start, 8)
      return tableAt(follow(start))
    },
    u8: (at) => bytes(at, 1).getUint8(0),
    i32,
    u32,
    u64: (at) => {
      const view = bytes(at, 8)
      return view.getUint32(4, true) * 4294967296 + view.getUint32(0, true)
    },
    table: (field) => (field === undefined ? undefined : tableAt(follow(field))),
    text: (field) => {
      const found = vector(field, 1)
      if (found === undefined) return ''
      understand(found.at, found.length + 1)
      return new TextDecoder().decode(reader.read(found.at, Math.min(found.length, maxText)))
    },
    vector,
    tables: function* tables(field) {
      const found = vector(field, 4)
      for (let i = 0; i < (found?.length ?? 0); i++) yield tableAt(follow((found?.at ?? 0) + i * 4))
    },
    numbers: (field, max) => {
      const found = vector(field, 4)
      return Array.from({ length: Math.min(found?.length ?? 0, max) }, (_none, i) => i32((found?.at ?? 0) + i * 4))
    },
    understand,
    finish: () => {
      ranges.sort((a, b) => a.from - b.from)
      let reached = start
      let run = { from: start, kind: 'parsed' as 'parsed' | 'tensor' }
      const close = (next: number, kind: 'parsed' | 'tensor'): void => {
        context.cover(run.from, Math.min(reached, end) - run.from, run.kind)
        run = { from: next, kind }
      }
      for (const { from, to, kind } of ranges) {
        // Values are aligned; what is between must be zeros, few of them.
        const padded = from > reached && from - reached <= maxPadding && isZero(reached, from - reached)
        if (padded) reached = from
        if (from > reached || kind !== run.kind) close(Math.max(from, Math.min(reached, to)), kind)
        reached = Math.max(reached, to)
      }
      if (reached < end && end - reached <= maxPadding && isZero(reached, end - reached)) reached = end
      close(end, 'parsed')
      return Math.min(reached, end)
    },
  }

  function isZero(at: number, length: number): boolean {
    return reader.read(at, Math.min(length, end - at)).every((byte) => byte === 0)
  }
}
