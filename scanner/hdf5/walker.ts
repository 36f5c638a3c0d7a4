import type { InspectContext } from '../define-format.ts'
import type { Block, Hdf5Access } from './access.ts'
import type { Superblock } from './read-superblock.ts'

/** What the readers of the parts share. */
export type Walker = {
  context: InspectContext
  access: Hdf5Access
  superblock: Superblock
  /** Remembers an object to be read. */
  object: (name: string, header: number) => void
  /** Path of the object being read. */
  path: () => string
  /** Name of an attribute of it for people. */
  member: (attribute: string) => string
  note: (code: string, address: number, evidence: string, detail: string) => void
  /** Says that something at an address was not read. */
  unread: (address: number, detail: string) => void
  /** A block over bytes of another. */
  inner: (bytes: Uint8Array, address: number) => Block
  /** Where an object of the global heap lies; it is not accounted for yet. */
  heapObject: (collection: number, index: number) => { address: number; length: number } | undefined
}
