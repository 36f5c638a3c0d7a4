import type { FormatHeader } from '../types.ts'

/** One entry of an archive, for lists. */
export type ArchiveMember = {
  /** Escaped, at most 200 characters. */
  name: string
  /** Unpacked bytes as the archive claims them; null when nothing says so. */
  size: number | null
  /** How it is packed: `stored`, `deflate`, `bzip2`, `lzma`, `zstd`, `xz`, `method 99`. */
  method: string
  /** Kind of the format found in it, `tensor` for proven tensor storage, null when it was not read. */
  format: string | null
}

/** What a torch archive says of its tensors. */
export type TorchFacts = {
  /** Files that tensors refer to and that are in the archive with the right size. */
  storages: number
  /** Bytes of these. */
  storageBytes: number
  /** Sum over the storages, by the name of their type as the pickle writes it; at most 64 names. */
  dtypes: { [name: string]: { storages: number; elements: number; bytes: number } }
  /** `little`, `big`; null when the archive does not say. */
  byteOrder: string | null
  /** Version of the file format; null when the archive does not say. */
  version: string | null
  /** True when it brings TorchScript source along. */
  script: boolean
}

/** What the scanner knows of a ZIP or tar archive. */
export type ArchiveHeader = FormatHeader & {
  kind: 'zip' | 'tar'
  /** What the members make of it. */
  archive: 'torch' | 'torchscript' | 'npz' | 'keras' | 'nemo' | 'skops' | 'plain'
  memberCount: number
  /** Sum of the members' unpacked sizes as claimed. */
  claimedBytes: number
  /** The first 200 members. */
  members: ArchiveMember[]
  torch?: TorchFacts
}
