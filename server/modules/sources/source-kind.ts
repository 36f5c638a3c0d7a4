import type { FileHandle } from 'node:fs/promises'
import type * as z from 'zod'
import type { DiskListing, FileFingerprint, Source, SourceNote, SourceType } from '../../../contract/index.ts'

/** A file of a source, before its bytes are read. */
export type PlannedFile = {
  /** Relative, with forward slashes. */
  path: string
  size: number
  /** Absolute and free of links; where the bytes are now. */
  realPath: string
  fingerprint: FileFingerprint
}

/** An opened file: bytes by descriptor, with the identity it had when it was opened. */
export type OpenedFile = { handle: FileHandle; size: number; fingerprint: FileFingerprint }

export type SourceContext = { roots: readonly string[] }

/** A kind of source: how its files are listed and read. Nothing of a source is ever executed. */
export type SourceKind<S extends Source = Source> = {
  kind: SourceType
  title: string
  /** One line on what is checked. */
  checks: string
  config: z.ZodType<S>
  /** What a person recognizes it by. */
  address: (source: S) => string
  /**
   * The files, streamed; doubts, such as links left out, go to `onNote`. Throws `invalid`, `forbidden` or `limit` with a remedy when
   * the source may not be read.
   */
  list: (
    source: S,
    context: SourceContext,
    onNote: (note: SourceNote) => void,
    signal?: AbortSignal,
  ) => AsyncIterable<PlannedFile>
  /** Opens a planned file again and checks that it is still the same. Throws `conflict` when it changed. */
  open: (source: S, file: PlannedFile, context: SourceContext) => Promise<OpenedFile>
  browse?: (path: string | undefined, context: SourceContext) => Promise<DiskListing>
}
