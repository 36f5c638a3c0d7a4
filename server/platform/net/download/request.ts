import type { Clock } from '../../../../kernel/index.ts'
import type { Net } from '../net.ts'
import type { LinkSource } from './link.ts'

export type DownloadRequest = {
  /** Names the part file and its journal in `folder`: letters, digits, `.`, `_`, `-`, at most 200. */
  key: string
  /** Bytes the file must have; null: whatever the source says. */
  size: number | null
  /** Digest the file must have, 64 lower-case hexadecimal digits; null: whatever arrives. */
  sha256: string | null
  /**
   * Where the file is to be had; asked again when the link is refused, so that it may give a new one for the same file. Its `etag` is
   * what the source states for the file: with another one than before the download begins anew.
   */
  source: LinkSource
  /** Absolute; made when it is missing. */
  folder: string
}

export type DownloadProgress = {
  /** Bytes that are there, those of earlier tries included. */
  done: number
  /** Null as long as nobody said it. */
  size: number | null
  /** Of the last seconds; null before there is a figure. */
  bytesPerSecond: number | null
  /** Connections in use. */
  streams: number
}

export type Downloaded = {
  /** The finished, flushed part file: for `BlobStore.adopt`, or to be moved or read. */
  path: string
  size: number
  sha256: string
  /** As the answers gave it; may be weak. */
  etag: string | null
}

/** What may be set otherwise, in tests above all. */
export type DownloadTuning = {
  /** Connections at most. Default 8. */
  streams?: number
  /** Bytes of a part with one stream (default 32 MiB) and with several (default 8 MiB). */
  singlePart?: number
  parallelPart?: number
  /** Tries of one stream without progress. Default 6. */
  tries?: number
  /** The first wait after a failure in milliseconds; it doubles. Default 500. */
  backoffMs?: number
  headTimeoutMs?: number
  idleTimeoutMs?: number
  /** A stream that brings less than `bytes` in `windowMs` is cut. Default 16 KiB in 60 s. */
  slowest?: { bytes: number; windowMs: number }
}

export type DownloadDeps = { net: Net; clock: Clock; tuning?: DownloadTuning }
