import { Buffer } from 'node:buffer'

/** The values R serializes, as far as tests need them. */
export type RNode =
  | null
  | { ints: number[] }
  | { reals: number[] }
  | { texts: string[] }
  | { raw: Buffer }
  | { list: RNode[]; names?: string[] }
  | { symbol: string }
  | { call: [name: string, ...args: RNode[]] }
  | { promise: RNode }
  | { closure: RNode }
  | { environment: true }
  | { bytecode: true }

/** Version 3 of the serialization, big-endian. */
export function rdsBytes(node: RNode): Buffer {
  const encoding = Buffer.from('UTF-8')
  return Buffer.concat([
    Buffer.from('X\n'),
    int(3),
    int(0x40301),
    int(0x30500),
    int(encoding.length),
    encoding,
    nodeBytes(node),
  ])
}

function nodeBytes(node: RNode): Buffer {
  if (node === null) return int(254)
  if ('ints' in node) return Buffer.concat([int(13), int(node.ints.length), ...node.ints.map(int)])
  if ('reals' in node) return Buffer.concat([int(14), int(node.reals.length), ...node.reals.map(real)])
  if ('texts' in node) return Buffer.concat([int(16), int(node.texts.length), ...node.texts.map(characters)])
  if ('raw' in node) return Buffer.concat([int(24), int(node.raw.length), node.raw])
  if ('symbol' in node) return Buffer.concat([int(1), characters(node.symbol)])
  if ('call' in node) {
    const [name, ...args] = node.call
    return Buffer.concat([
      int(6),
      nodeBytes({ symbol: name }),
      ...args.flatMap((arg) => [int(2), nodeBytes(arg)]),
      int(254),
    ])
  }
  if ('promise' in node) return Buffer.concat([int(5 | 0x400), int(253), int(251), nodeBytes(node.promise)])
  if ('closure' in node) return Buffer.concat([int(3 | 0x400), int(253), int(254), nodeBytes(node.closure)])
  if ('environment' in node) return Buffer.concat([int(4), int(0), int(253), int(254), int(254), int(254)])
  if ('bytecode' in node) return Buffer.concat([int(21), int(1), int(0), int(0)])
  const attributes =
    node.names === undefined
      ? []
      : [int(2 | 0x400), nodeBytes({ symbol: 'names' }), nodeBytes({ texts: node.names }), int(254)]
  return Buffer.concat([
    int(node.names === undefined ? 19 : 19 | 0x200),
    int(node.list.length),
    ...node.list.map(nodeBytes),
    ...attributes,
  ])
}

function characters(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([int(9 | 0x40000), int(bytes.length), bytes])
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value | 0)
  return bytes
}

function real(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}
