import type { FileHandle } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { invalid } from '../../../kernel/index.ts'

export type PutOptions = {
  /** Refuses other bytes, with `upstream` `blob_digest_mismatch`. */
  expectedSha256?: string
  /** Refuses another count of bytes, with `upstream` `blob_size_mismatch`; more are not even written. */
  expectedSize?: number
  /** Sees each chunk as it passes; must not keep or change it. */
  observer?: (chunk: Uint8Array) => void
  /**
   * The open file that the bytes are those of, from its start to its end. Where the disk can, the store takes them without copying and
   * reads them once for the digest; the source is then not read.
   */
  cloneOf?: FileHandle
  signal?: AbortSignal
}

type PutResult = {
  sha256: string
  size: number
  /** The bytes were here before. */
  existed: boolean
}

export type BlobInfo = { sha256: string; size: number /** When it was last put. */; touchedAt: Date }

type OpenBlob = { fd: number; size: number; path: string; close: () => Promise<void> }

/** Bytes named by their SHA-256 (64 lower-case hexadecimal digits). Whatever is there is whole. */
export type BlobStore = {
  /**
   * Takes the bytes of a stream, or of a file by path, and returns when they would survive a power cut. Bytes that are here already
   * are not stored twice; their time is renewed, so that they are safe from collection for its grace period. Leaves nothing behind
   * when it fails. Throws `limit` `disk_full`, `upstream` (see options), and the signal's reason.
   */
  put: (source: AsyncIterable<Uint8Array> | string, options?: PutOptions) => Promise<PutResult>
  /**
   * Moves a finished file into the store, durably; on another file system it is copied and then removed. The digest is not computed
   * again: it is the word of whoever wrote and hashed the bytes, so only what the downloader gave back may be passed. Bytes that are
   * here already are not stored twice. In each case nothing is left at `path`, unless with `keep`: the file stays and shares its bytes
   * with the store where the disk can do that, so it must be one that nobody but the hub may write, and that the hub writes no more.
   * When it fails the file stays there. Throws `limit` `disk_full`, `upstream` `blob_size_mismatch`, `invalid` `invalid_digest`.
   */
  adopt: (path: string, facts: { sha256: string; size: number }, options?: { keep?: boolean }) => Promise<PutResult>
  /** Makes bytes that are here safe from collection for its grace period, as a put of them would. @returns whether they are here */
  renew: (sha256: string) => Promise<boolean>
  /** For readers of a local file. Throws `not_found` `blob_not_found`. */
  open: (sha256: string) => Promise<OpenBlob>
  /** Bytes `start` to `end`, both included, from 0; all unless told. Fails with `not_found` `blob_not_found`. */
  createReadStream: (sha256: string, range?: { start?: number; end?: number }) => Readable
  has: (sha256: string) => Promise<boolean>
  stat: (sha256: string) => Promise<BlobInfo | undefined>
  /**
   * Removes a blob; with `untouchedSince` only when it was not put again since, however close.
   * @returns whether it was removed
   */
  delete: (sha256: string, options?: { untouchedSince?: Date }) => Promise<boolean>
  /** Until the returned function is called, `delete` removes nothing: a backup reads what the database referred to at its instant. */
  hold: () => () => void
  /** All blobs in the order of their names. */
  list: () => AsyncIterable<BlobInfo>
  /** Takes a blob out of the store and keeps its bytes for examination. Returns where. */
  quarantine: (sha256: string) => Promise<string>
  /** Removes what broken-off puts left, if its process has ended or it is older than `olderThanMs` (a day unless told). Returns how many. */
  sweepTemporary: (olderThanMs?: number) => Promise<number>
}

/** Throws `invalid` `invalid_digest` for anything but 64 lower-case hexadecimal digits: the text becomes part of a path. */
export function assertSha256(text: string): void {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw invalid('invalid_digest', 'A blob is named by 64 lower-case hexadecimal digits.')
  }
}
