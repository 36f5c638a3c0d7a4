import { type Block, expectSignature, Hdf5Broken, textOf } from './access.ts'
import type { Walker } from './walker.ts'

const maxNodes = 200_000

/** The members of a group of the old kind: a tree of names in a heap. Source: specification, sections III.A.1, III.B to III.D. */
export function readSymbolTable(walker: Walker, tree: number, heap: number): void {
  const { access, superblock } = walker
  const { offsetSize, lengthSize, base } = access
  const head = access.block(heap, 8 + 2 * lengthSize + offsetSize)
  expectSignature(head, 'HEAP', base)
  head.skip(4)
  const dataSize = head.length()
  head.skip(lengthSize)
  const data = head.pointer()
  if (data === undefined) throw new Hdf5Broken(base + heap, 'a heap without data')
  let names = 0

  const nameAt = (offset: number): string => {
    const bytes = access.peek(data + offset, Math.max(0, Math.min(1024, dataSize - offset)))
    names += 1
    return textOf(bytes)
  }

  const pending = [tree]
  const seen = new Set<number>()
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue
    if (seen.size > maxNodes) throw new Hdf5Broken(base + tree, 'a group of too many nodes')
    seen.add(node)
    const signature = String.fromCharCode(...access.peek(node, 4))
    if (signature === 'TREE') {
      const size =
        8 + 2 * offsetSize + (2 * superblock.internalK + 1) * lengthSize + 2 * superblock.internalK * offsetSize
      const block = access.block(node, Math.min(size, access.size - node))
      block.skip(5)
      block.skip(1)
      const used = block.uint(2)
      block.skip(2 * offsetSize)
      for (let i = 0; i < used; i++) {
        block.skip(lengthSize)
        const child = block.pointer()
        if (child !== undefined) pending.push(child)
      }
    } else if (signature === 'SNOD') {
      const entry = 2 * offsetSize + 24
      const block = access.block(node, Math.min(8 + 2 * superblock.leafK * entry, access.size - node))
      block.skip(6)
      const count = block.uint(2)
      for (let i = 0; i < count; i++) readEntry(block, nameAt, walker)
    } else throw new Hdf5Broken(base + node, 'a node of a group is missing')
  }
  // A heap far larger than its names is a place to hide something.
  if (dataSize <= 4096 + names * 256) access.cover(data, dataSize, 'parsed')
}

function readEntry(block: Block, nameAt: (offset: number) => string, walker: Walker): void {
  const name = nameAt(block.length())
  const header = block.pointer()
  const cached = block.uint(4)
  block.skip(20)
  // Kind 2 is a soft link, which stays within the file.
  if (cached !== 2 && header !== undefined) walker.object(name, header)
}

/** A link of the newer kind. Source: specification, section IV.A.2.g. Throws `Hdf5Broken`. */
export function readLink(block: Block, walker: Walker): void {
  const version = block.uint(1)
  const flags = block.uint(1)
  if (version !== 1 || flags > 0x1f) throw new Hdf5Broken(walker.access.base + block.address, 'not a link')
  const kind = (flags & 8) === 0 ? 0 : block.uint(1)
  if ((flags & 4) !== 0) block.skip(8)
  if ((flags & 0x10) !== 0) block.skip(1)
  const name = textOf(block.bytes(block.uint(2 ** (flags & 3))))
  if (kind === 0) {
    const header = block.pointer()
    if (header !== undefined) walker.object(name, header)
  } else {
    const value = block.bytes(block.uint(2))
    if (kind === 64) {
      const file = textOf(value.subarray(1))
      walker.note('hdf5.external-link', block.address, file, `"${name}" is in ${file}`)
    } else if (kind !== 1) walker.note('hdf5.foreign-link', block.address, name, `"${name}" is a link of kind ${kind}`)
  }
}
