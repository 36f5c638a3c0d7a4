import { Buffer } from 'node:buffer'

export type Hdf5Spec = {
  /** Attributes of the root, with text of fixed length. */
  attributes?: [name: string, value: string][]
  /** Attributes whose text lies in the global heap, as h5py writes it. */
  heapAttributes?: [name: string, value: string][]
  /** True when the types of those are kept elsewhere in the file, as for types with a name. */
  sharedTypes?: boolean
  /** Floats in a dataset `w`; its stated bytes may be wrong. */
  dataset?: { values: number; stated?: number }
  /** Elements of a dataset of single bytes `o`. */
  bytes?: Uint8Array
}

const u = (value: number | bigint, size: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes.subarray(0, size)
}
const undefinedAddress = Buffer.alloc(8, 0xff)
const padded = (bytes: Buffer, step: number = 8): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((step - (bytes.length % step)) % step)])
const message = (type: number, body: Buffer): Buffer => {
  const data = padded(body)
  return Buffer.concat([u(type, 2), u(data.length, 2), Buffer.alloc(4), data])
}
const header = (...messages: Buffer[]): Buffer => {
  const body = Buffer.concat(messages)
  return Buffer.concat([Buffer.from([1, 0]), u(messages.length, 2), u(1, 4), u(body.length, 4), Buffer.alloc(4), body])
}
const space = (...dims: number[]): Buffer =>
  Buffer.concat([Buffer.from([1, dims.length, 0, 0, 0, 0, 0, 0]), ...dims.map((size) => u(size, 8))])
const textType = (length: number): Buffer => Buffer.concat([Buffer.from([0x13, 1, 0, 0]), u(length, 4)])
const heapTextType = Buffer.concat([Buffer.from([0x19, 1, 1, 0]), u(16, 4), Buffer.from([0x13, 0, 0, 0]), u(1, 4)])
const floatType = Buffer.concat([Buffer.from([0x11, 0x20, 0x1f, 0]), u(4, 4), Buffer.alloc(12)])
const byteType = Buffer.concat([Buffer.from([0x10, 0, 0, 0]), u(1, 4), Buffer.from([0, 0, 8, 0])])

function attribute(name: string, type: Buffer, shape: Buffer, value: Buffer, shared: boolean = false): Buffer {
  const named = Buffer.from(`${name}\0`)
  if (shared) {
    const elsewhere = Buffer.concat([Buffer.from([3, 2]), undefinedAddress])
    const sizes = [named, elsewhere, shape].map((part) => u(part.length, 2))
    return message(0x0c, Buffer.concat([Buffer.from([2, 1]), ...sizes, named, elsewhere, shape, value]))
  }
  return message(
    0x0c,
    Buffer.concat([
      Buffer.from([1, 0]),
      u(named.length, 2),
      u(type.length, 2),
      u(shape.length, 2),
      padded(named),
      padded(type),
      padded(shape),
      value,
    ]),
  )
}

/** An HDF5 file of the oldest kind (superblock 0, version 1 headers, symbol tables), which is what h5py writes by default. */
export function hdf5Bytes(spec: Hdf5Spec = {}): Buffer {
  const { attributes = [], heapAttributes = [], dataset, bytes } = spec
  const parts: { address: number; bytes: Buffer }[] = []
  let next = 96
  const place = (content: Buffer): number => {
    const address = next
    parts.push({ address, bytes: padded(content) })
    next += padded(content).length
    return address
  }

  const objects = heapAttributes.map(([, value], i) =>
    Buffer.concat([u(i + 1, 2), u(1, 2), Buffer.alloc(4), u(Buffer.byteLength(value), 8), padded(Buffer.from(value))]),
  )
  const collectionSize = 16 + objects.reduce((sum, object) => sum + object.length, 0) + 16
  const collection =
    objects.length === 0
      ? 0
      : place(
          Buffer.concat([
            Buffer.from('GCOL\x01\0\0\0', 'latin1'),
            u(collectionSize, 8),
            ...objects,
            Buffer.alloc(8),
            u(16, 8),
          ]),
        )

  const members: [name: string, address: number][] = []
  const data = (name: string, type: Buffer, count: number, values: Buffer, stated: number): void => {
    const storage = place(values)
    const layout = Buffer.concat([Buffer.from([3, 1]), u(storage, 8), u(stated, 8)])
    members.push([name, place(header(message(1, space(count)), message(3, type), message(8, layout)))])
  }
  if (bytes !== undefined) data('o', byteType, bytes.length, Buffer.from(bytes), bytes.length)
  if (dataset !== undefined)
    data('w', floatType, dataset.values, Buffer.alloc(dataset.values * 4, 0x3f), dataset.stated ?? dataset.values * 4)

  const names = Buffer.concat([Buffer.alloc(8), ...members.map(([name]) => padded(Buffer.from(`${name}\0`)))])
  const heapData = place(names)
  const heap = place(Buffer.concat([Buffer.from('HEAP\0\0\0\0'), u(names.length, 8), u(1, 8), u(heapData, 8)]))
  const entries = members.map(([, address], i) => Buffer.concat([u(8 + i * 8, 8), u(address, 8), Buffer.alloc(24)]))
  const node = place(
    Buffer.concat([
      Buffer.from('SNOD\x01\0', 'latin1'),
      u(members.length, 2),
      ...entries,
      Buffer.alloc((8 - members.length) * 40),
    ]),
  )
  const tree = place(
    Buffer.concat([
      Buffer.from('TREE\0\0\x01\0', 'latin1'),
      undefinedAddress,
      undefinedAddress,
      u(0, 8),
      u(node, 8),
      u(8, 8),
      Buffer.alloc(33 * 8 + 32 * 8 - 24),
    ]),
  )
  const root = place(
    header(
      message(0x11, Buffer.concat([u(tree, 8), u(heap, 8)])),
      ...attributes.map(([name, value]) =>
        attribute(name, textType(Buffer.byteLength(value)), space(), Buffer.from(value)),
      ),
      ...heapAttributes.map(([name, value], i) =>
        attribute(
          name,
          heapTextType,
          space(),
          Buffer.concat([u(Buffer.byteLength(value), 4), u(collection, 8), u(i + 1, 4)]),
          spec.sharedTypes,
        ),
      ),
    ),
  )
  const superblock = Buffer.concat([
    Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'),
    Buffer.from([0, 0, 0, 0, 0, 8, 8, 0]),
    u(4, 2),
    u(16, 2),
    u(0, 4),
    u(0, 8),
    undefinedAddress,
    u(next, 8),
    undefinedAddress,
    u(0, 8),
    u(root, 8),
    Buffer.alloc(24),
  ])
  return Buffer.concat([superblock, ...parts.map((part) => part.bytes)])
}
