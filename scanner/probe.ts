import type { Reader } from './reader.ts'
import { decodeText } from './text/decode.ts'

/** What probes may look at: the first and the last 64 KiB of the file from a structural boundary on. */
export type ProbeWindow = {
  /** Where `head` begins in the file. */
  offset: number
  /** The first bytes from `offset` on. */
  head: Uint8Array
  /** The last bytes of the file; the same bytes as `head` when it is short. */
  tail: Uint8Array
  /** Where `tail` begins in the file. */
  tailOffset: number
  /** Bytes of the whole file. */
  size: number
  /** Path of the file, lower case, or ''. */
  path: string
  /** `head` as text when it is well-formed text, else undefined. */
  text: string | undefined
}

const probeBytes = 64 * 1024

/** The window for probing at `offset`. */
export function probeWindow(reader: Reader, offset: number, path: string): ProbeWindow {
  const head = reader.read(offset, probeBytes)
  // 22 bytes more than 64 KiB: the longest end-of-archive record of a zip.
  const tailOffset = Math.max(offset, reader.size - probeBytes - 22)
  const tail = reader.read(tailOffset, probeBytes + 22)
  const whole = head.length === reader.size - offset
  return {
    offset,
    head,
    tail,
    tailOffset,
    size: reader.size,
    path: path.toLowerCase(),
    text: decodeText(head, whole),
  }
}

/** True when `bytes` holds `signature` (numbers are bytes; text is ASCII) at `at`. */
export function hasAt(bytes: Uint8Array, at: number, signature: string | readonly number[]): boolean {
  if (at < 0 || at + signature.length > bytes.length) return false
  for (let i = 0; i < signature.length; i++) {
    const wanted = typeof signature === 'string' ? signature.charCodeAt(i) : signature[i]
    if (bytes[at + i] !== wanted) return false
  }
  return true
}

/** Little-endian unsigned 16 bit at `at`; 0 beyond the end. */
export function u16At(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
}

/** Little-endian unsigned 32 bit at `at`; 0 beyond the end. */
export function u32At(bytes: Uint8Array, at: number): number {
  return u16At(bytes, at) + u16At(bytes, at + 2) * 65536
}

/** Big-endian unsigned 32 bit at `at`; 0 beyond the end. */
export function u32BigAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 16777216 + ((bytes[at + 1] ?? 0) << 16) + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0)
}
