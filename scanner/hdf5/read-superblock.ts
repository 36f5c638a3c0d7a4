import type { InspectContext } from '../define-format.ts'
import { createAccess, type Hdf5Access, Hdf5Broken } from './access.ts'

export type Superblock = {
  version: number
  access: Hdf5Access
  rootHeader: number
  /** End of the file by its own account, as an address. */
  endOfFile: number
  /** Half of the entries a leaf of a group's tree may have, and of its other nodes. */
  leafK: number
  internalK: number
  chunkK: number
  /** Address of an object header with more about the file. */
  extension?: number
}

/** Source: HDF5 File Format Specification 3.0, section II.A. Throws `Hdf5Broken`. */
export function readSuperblock(context: InspectContext): Superblock {
  const { offset } = context
  // The version fixes the sizes of all that follows.
  const first = createAccess(context, offset, 8, 8)
  const version = first.peek(8, 1)[0] ?? 0
  if (version > 3) throw new Hdf5Broken(offset + 8, `superblock version ${version}`)
  // Addresses count from the base, which is where the superblock is, behind a block of the user's.
  const isHere = (base: number): boolean => base === 0 || base === offset
  const sizesAt = version < 2 ? 13 : 9
  const [offsetSize = 0, lengthSize = 0] = first.peek(sizesAt, 2)
  if (![2, 4, 8].includes(offsetSize) || ![2, 4, 8].includes(lengthSize))
    throw new Hdf5Broken(offset + sizesAt, `addresses of ${offsetSize} and lengths of ${lengthSize} bytes`)
  const access = createAccess(context, offset, offsetSize, lengthSize)
  if (version >= 2) {
    const block = access.block(0, 12 + 4 * offsetSize + 4)
    block.skip(12)
    const base = block.pointer() ?? 0
    const extension = block.pointer()
    const endOfFile = block.pointer() ?? access.size
    const rootHeader = block.pointer()
    if (rootHeader === undefined || !isHere(base)) throw new Hdf5Broken(offset, 'there is no root group at this base')
    const common = { version, access, rootHeader, endOfFile: endOfFile - base, leafK: 4, internalK: 16, chunkK: 32 }
    return extension === undefined ? common : { ...common, extension }
  }
  const fixed = version === 1 ? 28 : 24
  const block = access.block(0, fixed + 4 * offsetSize + 2 * offsetSize + 24)
  block.skip(16)
  const leafK = block.uint(2)
  const internalK = block.uint(2)
  block.skip(4)
  let chunkK = 32
  if (version === 1) {
    chunkK = block.uint(2)
    block.skip(2)
  }
  const base = block.pointer() ?? 0
  block.skip(offsetSize)
  const endOfFile = block.pointer() ?? access.size
  const driver = block.pointer()
  block.skip(offsetSize)
  const rootHeader = block.pointer()
  if (rootHeader === undefined || !isHere(base) || driver !== undefined)
    throw new Hdf5Broken(offset, 'the file is one part of several')
  if (leafK < 1 || internalK < 1 || chunkK < 1) throw new Hdf5Broken(offset + 16, 'trees without entries')
  return { version, access, rootHeader, endOfFile: endOfFile - base, leafK, internalK, chunkK }
}
