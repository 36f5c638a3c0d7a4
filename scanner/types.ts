import type { Severity, Verdict } from '../kernel/index.ts'

/** What JSON can carry; all facts are made of it, so that they can be stored and judged again later. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Bytes from `offset` (inclusive) for `length`, counted from the start of the file. */
export type ByteRange = { offset: number; length: number }

/** Something noticed in the bytes, without an opinion on it. Rules turn observations into findings. */
export type Observation = {
  /** Stable name of the fact, such as `gguf.string-past-end`. A rule says in `on` which codes it answers to. */
  code: string
  /** Byte offset in the file. */
  offset?: number
  /** Name of the inner thing: a template key, a tensor, an archive member. */
  member?: string
  /** The bytes or text at issue: printable, at most 200 characters. */
  evidence?: string
  /** One clause that completes the rule's title, with the numbers at issue; at most 300 characters. */
  detail?: string
  data?: { [key: string]: Json }
}

/** How every byte of the file is accounted for. The four byte counts add up to the file's size. */
export type Coverage = {
  /** Read and understood. */
  parsedBytes: number
  /** Storage of tensors whose place and length a checked header proves; never read. */
  tensorBytes: number
  /** Confirmed as text, image, audio or PDF that no model loader reads. */
  inertBytes: number
  unaccountedBytes: number
  /** The first 32 unaccounted ranges. */
  unaccounted: ByteRange[]
}

/** Facts particular to one format. `kind` names the format whose definition knows the rest. */
export type FormatHeader = { kind: string }

export type FilePart = ByteRange & {
  /** Kind of the format, as registered. */
  format: string
  /** Facts of a part other than the first; those of the first are the file's `header`. */
  facts?: FormatHeader
}

/** What a file takes from another file of its repository as tensors, each proven by its shape and type. */
export type DataClaim = {
  /** Relative to the folder of the file that claims; `*` at the start stands for its own name without the last ending. */
  path: string
  /** In order; neighbours and what only aligns them are joined. At most 2,000. */
  ranges: ByteRange[]
}

/** Everything the scanner learned from the bytes of one file. JSON-serializable and bounded (about 2 MiB at most). */
export type FileFacts = {
  scannerVersion: string
  /** Bytes. */
  size: number
  /** Kind of the format found at offset 0 by content; `unknown` when none claims it. */
  format: string
  /** Name of that format for people. */
  title: string
  /** More than one when a second format begins at a structural boundary. */
  parts: FilePart[]
  coverage: Coverage
  observations: Observation[]
  header?: FormatHeader
  /** Tensors that lie in other files; at most 1,000 files. */
  claims?: DataClaim[]
  /**
   * Name (last part of the path, lower case) under which text was read: the same text under another name may be another format, so
   * these facts hold for files of this name only. Absent where the bytes alone decide.
   */
  readAs?: string
}

/** One thing a person may have to act on. */
export type Finding = {
  /** `<FORMAT>-<TOPIC>-<nnn>`: stable, never reused. */
  ruleId: string
  severity: Severity
  /** Such as `CWE-125`. */
  cwe: string
  message: string
  member?: string
  offset?: number
  evidence?: string
  remedy: string
}

export type Judgement = { verdict: Verdict; findings: Finding[] }

/** Which safeguards held while a file was inspected. Absent ones were not available on this machine. */
export type Isolation = {
  /** A process of its own, with an empty environment and the file as an open descriptor. */
  process: boolean
  /** Node's permission model: read access to the scanner's code only, no write, no child, no worker, no native addon. */
  permissionModel: boolean
  /** A network namespace without any interface (`unshare -rn`). */
  networkNamespace: boolean
  /** The preload that refuses sockets, servers, name look-ups and fetch. */
  networkPreload: boolean
  /** Bytes of writable memory the kernel grants (`ulimit -d`); absent when no shell could set it. */
  dataLimitBytes?: number
  /** Resident bytes above which the process is ended; absent where it cannot be watched. */
  residentLimitBytes?: number
  /** Milliseconds this file was given. */
  deadlineMs: number
}
