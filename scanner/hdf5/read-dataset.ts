import { partOf } from '../nested/part-of.ts'
import { isPlainText } from '../protobuf/plain-text.ts'
import { type Block, expectSignature, Hdf5Broken } from './access.ts'
import { readFixedArray } from './read-fixed-array.ts'
import type { HeaderMessage } from './read-messages.ts'
import { type Dataspace, type Datatype, readDataspace, readDatatype } from './read-types.ts'
import type { Walker } from './walker.ts'

const maxNodes = 500_000
const maxProbed = 16 * 1024 * 1024
/** Filters of the library itself and the one h5py brings. */
const ownFilters: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 32_000])

/** Accounts for what a dataset stores. Source: specification, section IV.A.2. Throws `Hdf5Broken`. */
export function readDataset(messages: readonly HeaderMessage[], walker: Walker): void {
  const find = (type: number): HeaderMessage | undefined => messages.find((message) => message.type === type)
  const layout = find(8)
  if (layout === undefined) return
  const space = find(1)
  const type = find(3)
  const filters = find(0xb)
  const external = find(7)
  if (external !== undefined)
    walker.note('hdf5.external-file', external.body.address, walker.path(), 'its values are in other files')
  const shared = [layout, space, type, filters].some((message) => message !== undefined && (message.flags & 2) !== 0)
  if (space === undefined || type === undefined || shared) {
    walker.unread(layout.body.address, 'a dataset of a shared type or shape')
    return
  }
  const filterNumbers = filters === undefined ? [] : readFilters(filters.body)
  for (const filter of filterNumbers)
    if (!ownFilters.has(filter)) walker.note('hdf5.filter', layout.body.address, String(filter), `filter ${filter}`)
  readLayout(layout.body, readDatatype(type.body), readDataspace(space.body), filterNumbers.length > 0, walker)
}

function readFilters(block: Block): number[] {
  const version = block.uint(1)
  const count = block.uint(1)
  if (version === 1) block.skip(6)
  const numbers: number[] = []
  for (let i = 0; i < Math.min(count, 32); i++) {
    const id = block.uint(2)
    numbers.push(id)
    const nameLength = version === 1 || id >= 256 ? block.uint(2) : 0
    block.skip(2)
    const values = block.uint(2)
    block.skip(version === 1 ? Math.ceil(nameLength / 8) * 8 : nameLength)
    block.skip(values * 4 + (version === 1 && values % 2 === 1 ? 4 : 0))
  }
  return numbers
}

function readLayout(block: Block, type: Datatype, space: Dataspace, filtered: boolean, walker: Walker): void {
  const { access } = walker
  const wanted = space.elements * type.size
  const version = block.uint(1)
  if (version < 3) {
    // What the library wrote before 2004.
    const rank = block.uint(1)
    const kind = block.uint(1)
    block.skip(5)
    const address = kind === 0 ? undefined : block.pointer()
    block.skip(rank * 4)
    if (kind === 1 && address !== undefined) storage(address, wanted)
    else if (kind === 2 && address !== undefined) chunks(address, rank)
    else if (kind === 0) compact(block.uint(4))
    return
  }
  const kind = block.uint(1)
  if (kind === 0) compact(block.uint(2))
  else if (kind === 1) {
    const address = block.pointer()
    const length = block.length()
    if (address === undefined) return
    if (length !== wanted)
      walker.note('hdf5.dataset-size', address, walker.path(), `${length} bytes stored, ${wanted} by shape and type`)
    else storage(address, length)
  } else if (kind === 2 && version === 3) {
    const rank = block.uint(1)
    const address = block.pointer()
    if (address !== undefined) chunks(address, rank)
  } else if (kind === 2) newChunks()
  else if (kind === 3) walker.note('hdf5.virtual', block.address, walker.path(), 'its values are those of other files')
  else throw new Hdf5Broken(access.base + block.address, `layout ${kind}`)

  function compact(length: number): void {
    const at = block.address + block.position()
    block.skip(length)
    if (type.kind !== 'number') storage(at, Math.min(length, wanted))
  }

  /** Chunks of one size by their number, which the newer layouts index in several ways. */
  function newChunks(): void {
    const flags = block.uint(1)
    const rank = block.uint(1)
    const width = block.uint(1)
    let chunk = 1
    for (let i = 0; i < rank; i++) chunk *= block.uint(width)
    const index = block.uint(1)
    const single = index === 1
    const size = single && (flags & 2) !== 0 ? block.length() : chunk
    if (single && (flags & 2) !== 0) block.skip(4)
    const address = single || index === 2 ? block.pointer() : undefined
    if (single && address !== undefined && size <= chunk * 2) storage(address, size)
    else if (index === 2 && address !== undefined) storage(address, Math.ceil(wanted / chunk) * chunk)
    else if (index === 3) {
      block.skip(1)
      const listed = block.pointer()
      for (const place of listed === undefined ? [] : readFixedArray(listed, walker))
        chunkStorage(place.address, place.bytes ?? chunk, chunk)
    } else if (index > 3) walker.unread(block.address, `chunks of index ${index}`)
  }

  /** The tree of chunks. Source: section III.A.1, nodes of type 1. */
  function chunks(tree: number, rank: number): void {
    const keySize = 8 + rank * 8
    let chunk = type.size
    if (version < 3) chunk = wanted
    else for (let i = 0; i < rank - 1; i++) chunk *= block.uint(4)
    const pending = [tree]
    const seen = new Set<number>()
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (seen.has(node)) continue
      if (seen.size > maxNodes) throw new Hdf5Broken(access.base + tree, 'a dataset of too many nodes')
      seen.add(node)
      const k = walker.superblock.chunkK
      const size = 8 + 2 * access.offsetSize + (2 * k + 1) * keySize + 2 * k * access.offsetSize
      const part = access.block(node, Math.min(size, access.size - node))
      expectSignature(part, 'TREE', access.base)
      part.skip(1)
      const level = part.uint(1)
      const used = part.uint(2)
      part.skip(2 * access.offsetSize)
      for (let i = 0; i < used; i++) {
        const bytes = part.uint(4)
        part.skip(keySize - 4)
        const child = part.pointer()
        if (child === undefined) continue
        if (level > 0) pending.push(child)
        else chunkStorage(child, bytes, chunk)
      }
    }
  }

  /** Filters make chunks smaller, or hardly larger. */
  function chunkStorage(address: number, bytes: number, chunk: number): void {
    if (bytes === chunk || (filtered && bytes <= chunk * 2 + 1024)) storage(address, bytes)
    else walker.note('hdf5.dataset-size', address, walker.path(), `a chunk of ${bytes} bytes, ${chunk} by its shape`)
  }

  function storage(address: number, length: number): void {
    if (length === 0) return
    if (!(address + length <= access.size)) {
      walker.note(
        'hdf5.bounds',
        Math.min(address, access.size),
        walker.path(),
        `${length} bytes at ${address}, the file has ${access.size}`,
      )
      return
    }
    if (type.kind === 'number') {
      access.cover(address, length, 'tensor')
      if (type.size === 1 && space.dims.length === 1 && !filtered) probeBytes(address, length)
    } else if (filtered) walker.unread(address, 'compressed values that are no numbers')
    else if (type.kind === 'vlen-text' || type.kind === 'vlen') heapValues(address, length)
    else if (type.kind === 'text' && isPlainOrPadded(address, length)) access.cover(address, length, 'parsed')
    else if (type.kind === 'text' || type.kind === 'opaque') inside(address, length)
    else walker.unread(address, 'records of mixed values')
  }

  /** A list of single bytes is how libraries store objects they pickle. */
  function probeBytes(address: number, length: number): void {
    if (length > 1 && looksPickled(address)) inside(address, length)
  }

  function looksPickled(address: number): boolean {
    const [first = 0, second = 0] = access.peek(address, Math.min(2, access.size - address))
    return first === 0x80 && second >= 2 && second <= 5
  }

  function inside(address: number, length: number): void {
    const offset = access.base + address
    const facts = walker.context.nested({
      name: walker.path(),
      reader: partOf(walker.context.reader, offset, length),
      offset,
    })
    if (facts.format === 'pickle') walker.note('hdf5.pickle', address, '', `dataset "${walker.path()}"`)
    if (facts.complete) access.cover(address, length, 'parsed')
  }

  function heapValues(address: number, length: number): void {
    const each = 8 + access.offsetSize
    const part = access.block(address, Math.min(length, 4 * 1024 * 1024))
    if (length > 4 * 1024 * 1024) walker.unread(address, `${length} bytes of references`)
    while (part.remaining() >= each) {
      const size = part.uint(4)
      const collection = part.pointer()
      const index = part.uint(4)
      if (collection === undefined || collection === 0 || size === 0) continue
      const found = walker.heapObject(collection, index)
      if (found === undefined) continue
      if (type.kind === 'vlen-text') inspectText(found.address, Math.min(size, found.length))
      else if (looksPickled(found.address)) inside(found.address, found.length)
      else access.cover(found.address, found.length, 'tensor')
    }
  }

  function inspectText(address: number, length: number): void {
    const first = access.peek(address, 1)[0]
    if (first !== 0x80 && isPlainText(walker.context.reader, access.base + address, length))
      access.cover(address, length, 'parsed')
    else inside(address, length)
  }

  function isPlainOrPadded(address: number, length: number): boolean {
    if (length > maxProbed || access.peek(address, 1)[0] === 0x80) return false
    for (let done = 0; done < length; done += 1024 * 1024) {
      const bytes = access.peek(address + done, Math.min(1024 * 1024, length - done))
      for (const byte of bytes) if (byte !== 0 && byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) return false
    }
    return true
  }
}
