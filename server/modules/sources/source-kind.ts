import type { FileHandle } from 'node:fs/promises'
import type * as z from 'zod'
import type { DiskListing, FileFingerprint, Source, SourceNote, SourceType } from '../../../contract/index.ts'
import type { Net } from '../../platform/net/net.ts'
import type { Stated } from './checksums.ts'
import type { OpenUpload } from './uploads/open-upload.ts'

/** A file of a source on this machine, before its bytes are read. */
export type PlannedFile = {
  /** Relative, with forward slashes. */
  path: string
  size: number
  /** Absolute and free of links; where the bytes are now. */
  realPath: string
  fingerprint: FileFingerprint
  /** What is stated of it, or known already. */
  ref?: SourceRef
}

/** An opened file: bytes by descriptor, with the identity it had when it was opened. */
export type OpenedFile = { handle: FileHandle; size: number; fingerprint: FileFingerprint }

/** What a file is at its source and must turn out to be. Kept with the file of the version: identifiers, no secrets. */
export type SourceRef = {
  /** SHA-256 that the source or a person states, lower-case hexadecimal; compared with what arrives. */
  sha256?: string
  /** SHA-1 of the file as a git blob (`blob <size>\0` + bytes), lower-case hexadecimal; compared with what arrives. */
  gitSha1?: string
  /** Strong entity tag. */
  etag?: string
  /** Other digests that the source states, compared with what arrives; base64 as in the headers they come from. */
  digests?: { md5?: string; crc32c?: string; sha512?: string }
  /** Bytes that the source states; null: it does not say. */
  size: number | null
  /** Other statements of the SHA-256, each of which must be right. */
  stated?: readonly Stated[]
  /** SHA-256 of what arrived, once everything stated was compared with it. */
  arrived?: string
  /** True for a file whose members become the files of the version if it turns out to be an archive. */
  unpack?: boolean
}

/** A file of a source elsewhere. */
export type RemoteFile = { /** Relative, with forward slashes. */ path: string; ref: SourceRef }

/** What asks for the bytes of a remote file; holds secrets, so it is made when it is needed and never kept. */
export type RemoteRequest = { url: string; headers: Record<string, string>; etag?: string }

/** What a source elsewhere says of itself; kept with the version. No secret. */
export type RemotePin = {
  /** Tag of the license as the source states it. */
  license?: string
  /** Pipeline tag of the Hugging Face Hub. */
  task?: string
  gated?: boolean
  /** What the scanners of the Hugging Face Hub say of the repository; the first hundred files that they name. */
  security?: { scansDone: boolean; issues: number; files: { path: string; level: string }[] }
  private?: boolean
  /** True when a download can go on where it was cut. */
  ranges?: boolean
  /** When the address ends to work, ISO 8601. */
  expiresAt?: string
  etag?: string
  size?: number
  fileName?: string
  /** Content type as the server states it. */
  type?: string
  /** SHA-256 that decides: the given one, else the stated one; lower-case hexadecimal. */
  sha256?: string
  /** SHA-256 that the server states. */
  statedSha256?: string
  digests?: NonNullable<SourceRef['digests']>
  /** Name of the repository now, when it is another than was asked for. */
  movedTo?: string
}

/** A source as it is now: pinned, its secret apart. */
export type Resolved<S extends Source = Source> = {
  /** Says exactly which bytes are meant, and holds no secret. */
  source: S
  /** The secret part of the address, to be kept sealed; null: there is none. */
  secret: string | null
  pin: RemotePin
}

/** What every use of a source is given. */
export type SourceContext = {
  /** Absolute folders that disk sources may read. */
  roots: readonly string[]
  /** A finished upload. Throws `not_found`, `conflict` `upload_not_ready`. */
  upload?: (id: string) => Promise<OpenUpload>
  /** The way out; absent where a process must not use it. */
  net?: Net
  /** Where repositories come from, without a slash at its end; https://huggingface.co unless told. */
  huggingFaceEndpoint?: string
  /** Origins that `url` sources may name; empty or absent: any that the network policy allows. */
  urlOrigins?: readonly string[]
  /** A stored credential. Throws `not_found`. */
  credential?: (id: string) => Promise<{ kind: string; fields: Readonly<Record<string, string>> }>
  /** Seals what may not be stored in clear, bound to its row. */
  vault?: {
    seal: (purpose: string, id: string, plaintext: string) => Uint8Array
    unseal: (purpose: string, id: string, sealed: Uint8Array) => string
  }
}

type Kind<S extends Source> = {
  kind: SourceType
  title: string
  /** One line on what is checked. */
  checks: string
  config: z.ZodType<S>
  /** What a person recognizes it by; no secret. */
  address: (source: S) => string
}

/** Files on this machine. */
export type LocalSourceKind<S extends Source = Source> = Kind<S> & {
  reads: 'local'
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

/** `ranges`: a download can go on where it was cut. */
export type Access = { ranges: boolean }

/** Files elsewhere, which are downloaded into the store. */
export type RemoteSourceKind<S extends Source = Source> = Kind<S> & {
  reads: 'remote'
  /**
   * Asks what the source is now and pins it. `secret` is what an earlier call gave, when the source comes from the store. Throws
   * HubErrors whose remedy says what to do: `gated`, `token_needed`, `repo_not_found`, `revision_not_found`, `link_expired`, …
   */
  resolve: (source: S, secret: string | null, context: SourceContext, signal?: AbortSignal) => Promise<Resolved<S>>
  /** The files of a pinned source; what is left out and why goes to `onNote`. */
  list: (
    resolved: Resolved<S>,
    context: SourceContext,
    onNote: (note: SourceNote) => void,
    signal?: AbortSignal,
  ) => AsyncIterable<RemoteFile>
  /** How to ask for one file. Throws like `resolve`. */
  request: (resolved: Resolved<S>, file: RemoteFile, context: SourceContext) => Promise<RemoteRequest>
  /** Asks for one byte of a file. Throws what stands in the way in words that help, such as `gated` or `link_expired`. */
  probe: (resolved: Resolved<S>, file: RemoteFile, context: SourceContext, signal?: AbortSignal) => Promise<Access>
  /** What a person should know before anything is downloaded: access, expiry against the time needed, and so on. */
  look: (
    resolved: Resolved<S>,
    files: readonly RemoteFile[],
    context: SourceContext,
    onNote: (note: SourceNote) => void,
    signal?: AbortSignal,
  ) => Promise<void>
}

/** Models that somebody else runs: there are no files. What a provider is asked, its definition says. */
export type HostedSourceKind<S extends Source = Source> = Kind<S> & { reads: 'hosted' }

/** A kind that has files: how they are listed and read. Nothing of a source is ever executed. */
export type FileSourceKind<S extends Source = Source> = LocalSourceKind<S> | RemoteSourceKind<S>

/** A kind of source. */
export type SourceKind<S extends Source = Source> = FileSourceKind<S> | HostedSourceKind<S>
