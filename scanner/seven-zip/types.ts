import type { FormatHeader } from '../types.ts'

/** One step of unpacking. */
export type Coder = { method: string; properties: Uint8Array; inputs: number; outputs: number }

/** A solid block: packed streams that go through coders and give the files one after the other. */
export type Folder = {
  coders: Coder[]
  /** Which coder's output is which one's input. */
  binds: { input: number; output: number }[]
  /** Inputs that packed streams feed, in their order. */
  packed: number[]
  /** Bytes that each output gives. */
  sizes: number[]
  crc?: number
}

export type StreamsInfo = {
  /** Packed streams, counted from the start of the archive. */
  packs: { offset: number; length: number }[]
  folders: Folder[]
  /** Files in each folder. */
  contents: { size: number; crc?: number }[][]
}

export type FileEntry = { name: string; hasStream: boolean; isFolder: boolean; attributes: number }

/** What the scanner knows of a 7-Zip archive. */
export type SevenZipHeader = FormatHeader & {
  kind: '7z'
  memberCount: number
  /** Sum of the members' sizes as claimed; null when the header cannot be read. */
  claimedBytes: number | null
  /** Methods in use, as 7-Zip names them. */
  methods: string[]
  /** The first 200 members. */
  members: { name: string; size: number; format: string | null }[]
}
