import { type Block, blockOf, expectSignature, Hdf5Broken } from './access.ts'
import type { Walker } from './walker.ts'

const maxBlocks = 10_000
const maxNodes = 100_000

/**
 * Links or attributes of a group that has many of them, which lie one behind the other in a fractal heap. Each is read in turn; only
 * when as many are found as the heap says it holds is it accounted for. Source: specification, sections III.G and III.E.
 * @param read reads one and throws `Hdf5Broken` when there is none
 */
export function readDense(walker: Walker, heap: number, read: (block: Block) => void): void {
  const { access } = walker
  const { offsetSize, lengthSize, base } = access
  const length = 22 + 12 * lengthSize + 3 * offsetSize + 4
  const head = access.block(heap, Math.min(length, access.size - heap))
  expectSignature(head, 'FRHP', base)
  head.skip(3)
  const filterBytes = head.uint(2)
  const flags = head.uint(1)
  head.skip(4 + lengthSize + offsetSize + lengthSize)
  const freeSpace = head.pointer()
  head.skip(lengthSize * 3)
  const managed = head.length()
  head.skip(lengthSize)
  const huge = head.length()
  head.skip(2 * lengthSize)
  const width = head.uint(2)
  const startSize = head.length()
  const maxDirect = head.length()
  const maxBits = head.uint(2)
  head.skip(2)
  const root = head.pointer()
  const rows = head.uint(2)
  if (filterBytes > 0 || huge > 0 || !(startSize >= 64) || !(maxDirect >= startSize) || width < 1 || maxBits > 64)
    throw new Hdf5Broken(base + heap, 'a heap of a kind that is not read')
  const offsetBytes = Math.ceil(maxBits / 8)
  const direct: { address: number; size: number }[] = []

  if (root !== undefined && rows === 0) direct.push({ address: root, size: startSize })
  else if (root !== undefined) {
    const pending = [{ address: root, rows }]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const size = 5 + offsetSize + offsetBytes + next.rows * width * offsetSize + 4
      const block = access.block(next.address, size)
      expectSignature(block, 'FHIB', base)
      block.skip(1 + offsetSize + offsetBytes)
      for (let row = 0; row < next.rows; row++) {
        const rowSize = startSize * 2 ** Math.max(0, row - 1)
        for (let column = 0; column < width; column++) {
          const child = block.pointer()
          if (child === undefined) continue
          if (direct.length + pending.length > maxBlocks) throw new Hdf5Broken(base + heap, 'a heap of too many blocks')
          if (rowSize <= maxDirect) direct.push({ address: child, size: rowSize })
          else pending.push({ address: child, rows: Math.round(Math.log2(rowSize / (startSize * width))) + 1 })
        }
      }
    }
  }

  if (freeSpace !== undefined) coverFreeSpace(walker, freeSpace)
  let found = 0
  const headSize = 5 + offsetSize + offsetBytes + ((flags & 2) === 0 ? 0 : 4)
  for (const { address, size } of direct) {
    const bytes = access.peek(address, size)
    expectSignature(blockOf(bytes.subarray(0, 4), address, base, offsetSize, lengthSize), 'FHDB', base)
    let at = headSize
    while (at < size && found < managed) {
      const block = blockOf(bytes.subarray(at), address + at, base, offsetSize, lengthSize)
      try {
        read(block)
      } catch (error) {
        if (error instanceof Hdf5Broken) break
        throw error
      }
      at += block.position()
      found += 1
    }
    access.cover(address, at, 'parsed')
  }
  if (found < managed) throw new Hdf5Broken(base + heap, `${found} of ${managed} entries of a heap were found`)
}

/** Accounts for the list of free places in a heap. Source: section III.H. */
function coverFreeSpace({ access }: Walker, address: number): void {
  const { offsetSize, lengthSize, base } = access
  const head = access.block(address, 18 + 7 * lengthSize + offsetSize)
  expectSignature(head, 'FSHD', base)
  head.skip(2 + 4 * lengthSize + 8 + lengthSize)
  const list = head.pointer()
  head.skip(lengthSize)
  const allocated = head.length()
  if (list !== undefined && allocated <= 64 * 1024) expectSignature(access.block(list, allocated), 'FSSE', base)
}

/** Accounts for the nodes of an index (B-tree, version 2), whose records repeat what the heap holds. Source: section III.A.2. */
export function coverIndex(walker: Walker, tree: number): void {
  const { access } = walker
  const { offsetSize, lengthSize, base } = access
  const head = access.block(tree, 22 + offsetSize + lengthSize)
  expectSignature(head, 'BTHD', base)
  head.skip(2)
  const nodeSize = head.uint(4)
  const recordSize = head.uint(2)
  const depth = head.uint(2)
  head.skip(2)
  const root = head.pointer()
  const rootRecords = head.uint(2)
  if (!(nodeSize >= 32 && nodeSize <= 1024 * 1024) || recordSize < 1 || depth > 8)
    throw new Hdf5Broken(base + tree, 'an index of a kind that is not read')
  const maxLeaf = Math.floor((nodeSize - 10) / recordSize)
  const countBytes = bytesFor(maxLeaf)
  const pending = root === undefined ? [] : [{ address: root, level: depth, records: rootRecords }]
  for (let visited = 0, node = pending.pop(); node !== undefined; node = pending.pop(), visited++) {
    if (visited > maxNodes) throw new Hdf5Broken(base + tree, 'an index of too many nodes')
    const block = access.block(node.address, nodeSize)
    expectSignature(block, node.level === 0 ? 'BTLF' : 'BTIN', base)
    if (node.level === 0) continue
    block.skip(2 + node.records * recordSize)
    // Above the lowest level a pointer tells the records of the whole branch too.
    const totalBytes = node.level > 1 ? bytesFor(maxLeaf ** node.level) : 0
    for (let i = 0; i <= node.records; i++) {
      const child = block.pointer()
      const records = block.uint(countBytes)
      block.skip(totalBytes)
      if (child !== undefined) pending.push({ address: child, level: node.level - 1, records })
    }
  }
}

function bytesFor(value: number): number {
  return Math.max(1, Math.min(8, Math.ceil(Math.log2(value + 1) / 8)))
}
