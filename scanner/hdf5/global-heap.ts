import { expectSignature, type Hdf5Access, Hdf5Broken } from './access.ts'

type Entry = { address: number; length: number }

const maxObjects = 1_000_000

/** Looks objects of variable length up in the global heap. Source: specification, section III.E. */
export function createGlobalHeap(access: Hdf5Access): (collection: number, index: number) => Entry | undefined {
  const known = new Map<number, Map<number, Entry>>()
  let objects = 0

  function collectionAt(address: number): Map<number, Entry> {
    const before = known.get(address)
    if (before !== undefined) return before
    const entries = new Map<number, Entry>()
    known.set(address, entries)
    const head = access.block(address, 8 + access.lengthSize)
    expectSignature(head, 'GCOL', access.base)
    head.skip(4)
    const end = address + head.length()
    if (!(end <= access.size)) throw new Hdf5Broken(access.base + address, 'a heap runs over the end of the file')
    const headSize = 8 + access.lengthSize
    for (let at = address + headSize; at + headSize <= end; ) {
      const object = access.block(at, headSize)
      const index = object.uint(2)
      object.skip(6)
      const length = object.length()
      // Index 0 is the free space at the end.
      if (index === 0 || length > end - at - headSize) break
      objects += 1
      if (objects > maxObjects) throw new Hdf5Broken(access.base + address, 'too many objects in heaps')
      entries.set(index, { address: at + headSize, length })
      at += headSize + Math.ceil(length / 8) * 8
    }
    return entries
  }

  return (collection, index) => collectionAt(collection).get(index)
}
