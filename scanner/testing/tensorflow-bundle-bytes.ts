import { Buffer } from 'node:buffer'
import { type ProtoField, proto } from './protobuf-bytes.ts'

export type BundleTensor = {
  name: string
  /** DataType; 1 is FLOAT. */
  type?: number
  shape: number[]
  shard?: number
  offset: number
  size: number
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128)
  return Buffer.from([...bytes, value])
}

/** A block of a table, each key written with what it shares with the one before, and the trailer behind it. */
function block(entries: [key: string, value: Uint8Array][], compression: number): Buffer {
  let last = ''
  const parts = entries.flatMap(([key, value]) => {
    let shared = 0
    while (shared < last.length && shared < key.length && last[shared] === key[shared]) shared += 1
    last = key
    const own = Buffer.from(key.slice(shared))
    return [varint(shared), varint(own.length), varint(value.length), own, value]
  })
  return Buffer.concat([...parts, Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, compression, 1, 2, 3, 4])])
}

/** The bytes of a checkpoint's index, right or wrong as asked. */
export function bundleIndexBytes(
  tensors: BundleTensor[],
  { shards = 1, compression = 0, header = [] }: { shards?: number; compression?: number; header?: ProtoField[] } = {},
): Buffer {
  const entries = tensors.map(({ name, type = 1, shape, shard = 0, offset, size }): [string, Buffer] => [
    name,
    proto(
      [1, type],
      [2, proto(...shape.map((dim): ProtoField => [2, proto([1, dim])]))],
      [3, shard],
      [4, offset],
      [5, size],
    ),
  ])
  const data = block([['', proto([1, shards], ...header)], ...entries], compression)
  const meta = block([], 0)
  const handle = (offset: number, bytes: Buffer): Buffer => Buffer.concat([varint(offset), varint(bytes.length - 5)])
  const index = block([['z', handle(0, data)]], 0)
  const footer = Buffer.alloc(48)
  Buffer.concat([handle(data.length, meta), handle(data.length + meta.length, index)]).copy(footer)
  Buffer.from('57fb808b247547db', 'hex').copy(footer, 40)
  return Buffer.concat([data, meta, index, footer])
}
