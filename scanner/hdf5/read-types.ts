import type { Block } from './access.ts'

/** The part of a datatype that says how to account for values. Source: specification, section IV.A.2.d. */
export type Datatype = {
  kind: 'number' | 'text' | 'opaque' | 'reference' | 'vlen-text' | 'vlen' | 'other'
  /** Bytes of one value as stored. */
  size: number
}

const maxNested = 16

/** Reads a datatype message, or the start of one. Throws `Hdf5Broken`. */
export function readDatatype(block: Block, depth: number = 0): Datatype {
  const first = block.uint(1)
  const bits = block.uint(3)
  const size = block.uint(4)
  const version = first >> 4
  switch (first & 0x0f) {
    case 0: // fixed-point
    case 4: // bit field
      if (block.remaining() >= 4) block.skip(4)
      return { kind: 'number', size }
    case 1: // floating-point
      if (block.remaining() >= 12) block.skip(12)
      return { kind: 'number', size }
    case 2: // time
      return { kind: 'number', size }
    case 3:
      return { kind: 'text', size }
    case 5:
      return { kind: 'opaque', size }
    case 6:
      return { kind: compoundKind(block, { members: bits & 0xffff, version, size }, depth), size }
    case 7:
      return { kind: 'reference', size }
    case 8: // enumeration of whole numbers, such as booleans
      return { kind: 'number', size }
    case 9:
      return { kind: (bits & 0x0f) === 1 ? 'vlen-text' : 'vlen', size }
    case 10: {
      if (depth >= maxNested) return { kind: 'other', size }
      const rank = block.uint(1)
      if (version < 3) block.skip(3)
      block.skip(rank * 4 * (version < 3 ? 2 : 1))
      return { kind: readDatatype(block, depth + 1).kind === 'number' ? 'number' : 'other', size }
    }
    default:
      return { kind: 'other', size }
  }
}

/** A compound is a number when all its members are, such as a complex number or a record of a table. */
function compoundKind(
  block: Block,
  { members, version, size }: { members: number; version: number; size: number },
  depth: number,
): 'number' | 'other' {
  if (depth >= maxNested || members === 0 || members > 1024) return 'other'
  for (let i = 0; i < members; i++) {
    let length = 0
    while (block.uint(1) !== 0) length += 1
    if (version < 3) block.skip((8 - ((length + 1) % 8)) % 8)
    block.skip(version < 3 ? 4 : size < 256 ? 1 : size < 65_536 ? 2 : 4)
    if (version === 1) block.skip(28)
    const member = readDatatype(block, depth + 1)
    if (member.kind !== 'number') return 'other'
  }
  return 'number'
}

export type Dataspace = { dims: number[]; elements: number }

/** Reads a dataspace message. Source: specification, section IV.A.2.b. Throws `Hdf5Broken`. */
export function readDataspace(block: Block): Dataspace {
  const version = block.uint(1)
  const rank = block.uint(1)
  const flags = block.uint(1)
  const type = block.uint(1)
  if (version === 1) block.skip(4)
  if (version === 2 && type === 2) return { dims: [], elements: 0 }
  const dims = Array.from({ length: Math.min(rank, 64) }, () => block.length())
  if ((flags & 1) !== 0) for (let i = 0; i < rank; i++) block.length()
  return { dims, elements: dims.reduce((product, size) => product * size, 1) }
}
