import { Buffer } from 'node:buffer'

export type FlatValue =
  | { u8: number }
  | { i32: number }
  | { u64: number }
  | { text: string }
  | { ints: number[] }
  | { bytes: Uint8Array }
  | { tables: FlatFields[] }
  | { table: FlatFields }
/** Fields of a table by number. */
export type FlatFields = { [field: number]: FlatValue }

/** The bytes of a FlatBuffer: everything that is pointed to lies behind what points to it. */
export function flatBytes(identifier: string, root: FlatFields): Buffer {
  let out = Buffer.alloc(8)
  out.write(identifier, 4, 'latin1')
  const append = (bytes: Uint8Array, align: number): number => {
    const padding = (align - (out.length % align)) % align
    const at = out.length + padding
    out = Buffer.concat([out, Buffer.alloc(padding), bytes])
    return at
  }
  const u32s = (...values: number[]): Buffer => {
    const bytes = Buffer.alloc(values.length * 4)
    for (const [i, value] of values.entries()) bytes.writeInt32LE(value | 0, i * 4)
    return bytes
  }
  const point = (from: number, to: number): void => void out.writeUInt32LE(to - from, from)

  function table(fields: FlatFields): number {
    const numbers = Object.keys(fields).map(Number)
    const count = Math.max(-1, ...numbers) + 1
    const vtable = append(Buffer.alloc(4 + count * 2), 8)
    const size = 8 + numbers.length * 8
    const at = append(Buffer.alloc(size), 8)
    out.writeUInt16LE(4 + count * 2, vtable)
    out.writeUInt16LE(size, vtable + 2)
    out.writeInt32LE(at - vtable, at)
    for (const [i, number] of numbers.entries()) {
      const place = 8 + i * 8
      out.writeUInt16LE(place, vtable + 4 + number * 2)
      write(at + place, fields[number] as FlatValue)
    }
    return at
  }

  function write(at: number, value: FlatValue): void {
    if ('u8' in value) out.writeUInt8(value.u8, at)
    else if ('i32' in value) out.writeInt32LE(value.i32, at)
    else if ('u64' in value) out.writeBigUInt64LE(BigInt(value.u64), at)
    else if ('text' in value) {
      const text = Buffer.from(value.text)
      point(at, append(Buffer.concat([u32s(text.length), text, Buffer.alloc(1)]), 4))
    } else if ('ints' in value) point(at, append(u32s(value.ints.length, ...value.ints), 4))
    else if ('bytes' in value) point(at, append(Buffer.concat([u32s(value.bytes.length), value.bytes]), 4))
    else if ('table' in value) point(at, table(value.table))
    else {
      const list = append(u32s(value.tables.length, ...value.tables.map(() => 0)), 4)
      point(at, list)
      for (const [i, fields] of value.tables.entries()) point(list + 4 + i * 4, table(fields))
    }
  }
  point(0, table(root))
  return out
}

export type TfliteSpec = {
  codes?: FlatFields[]
  shape?: number[]
  data?: Uint8Array
  options?: Uint8Array
}

/** A TensorFlow Lite model of one operator and one constant tensor. */
export function tfliteBytes(spec: TfliteSpec = {}): Buffer {
  const { codes = [{ 0: { u8: 9 }, 3: { i32: 9 } }], shape = [2, 4], data = Buffer.alloc(32, 1) } = spec
  const operator: FlatFields = {
    1: { ints: [0] },
    2: { ints: [1] },
    ...(spec.options === undefined ? {} : { 5: { bytes: spec.options } }),
  }
  return flatBytes('TFL3', {
    0: { i32: 3 },
    1: { tables: codes },
    2: {
      tables: [
        {
          0: {
            tables: [
              { 0: { ints: shape }, 2: { i32: 1 }, 3: { text: 'w' } },
              { 0: { ints: [1, 2] }, 2: { i32: 0 }, 3: { text: 'y' } },
            ],
          },
          1: { ints: [0] },
          2: { ints: [1] },
          3: { tables: [operator] },
          4: { text: 'main' },
        },
      ],
    },
    3: { text: 'generated' },
    4: { tables: [{}, { 0: { bytes: data } }, { 0: { bytes: Buffer.from('1.5.0\0\0\0\0\0\0\0\0\0\0\0') } }] },
    6: { tables: [{ 0: { text: 'min_runtime_version' }, 1: { i32: 2 } }] },
  })
}
