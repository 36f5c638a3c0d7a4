import { checkMemberName } from '../archive/check-member-name.ts'
import type { FormatDefinition, InspectContext, Inspected } from '../define-format.ts'
import { openUnpacked, slowMsPerMiB } from '../nested/unpacked-reader.ts'
import { baseName } from '../path.ts'
import type { Reader } from '../reader.ts'
import type { FormatHeader } from '../types.ts'
import { type Concatenated, concatenated, type Packed } from './concatenate.ts'
import type { GzipHeader } from './gzip.ts'
import type { UnpackStream } from './types.ts'

/** What the scanner knows of a compressed stream. */
export type CompressedHeader = FormatHeader & {
  /** Streams that follow one another. */
  members: number
  packedBytes: number
  /** Bytes unpacked; those before the break when the stream is broken. */
  unpackedBytes: number
  /** Kind of the format in it; `empty`, `unknown`. */
  content: string
}

type Open = (reader: Reader, offset: number, length: number, header?: (header: GzipHeader) => void) => UnpackStream

/** A format that is one file in compressed form; its content is inspected as a file of its own. */
export function inspectStream(
  kind: string,
  open: Open,
  { slow = false, ...rest }: Omit<Packed, 'open'> & { slow?: boolean },
): FormatDefinition['inspect'] {
  return (context) => {
    const names = new Set<string>()
    const noteName = ({ name }: GzipHeader): void => {
      if (name !== undefined && names.size < 16) names.add(name)
    }
    const packed: Packed = { ...rest, open: (reader, offset, length) => open(reader, offset, length, noteName) }
    const done = inspectPacked(kind, context, packed, slow)
    for (const name of names) checkMemberName(name, context.observe, context.offset)
    return done
  }
}

function inspectPacked(kind: string, context: InspectContext, packed: Packed, slow: boolean): Inspected {
  const { reader, offset, length, path, budget, observe, cover, nested } = context
  let first: Concatenated | undefined
  const unpacked = openUnpacked(
    () => {
      const stream = concatenated(packed, reader, offset, length)
      first ??= stream
      return stream
    },
    { budget, packedBytes: length, ...(slow ? { msPerMiB: slowMsPerMiB } : {}) },
  )
  const { problem, size } = unpacked
  if (problem !== undefined) observe({ ...problem, offset })
  const inner = size === 0 ? undefined : nested({ name: contentName(path), reader: unpacked.reader })
  // Behind a break nothing says where the stream would have ended.
  const end = unpacked.complete && first !== undefined ? first.end() : offset + length
  if (unpacked.complete && inner?.complete !== false)
    for (const range of first?.ranges() ?? []) cover(range.offset, range.length, 'parsed')
  const header: CompressedHeader = {
    kind,
    members: first?.members() ?? 0,
    packedBytes: end - offset,
    unpackedBytes: size,
    content: inner?.format ?? 'empty',
  }
  return { header, end }
}

/** The name that unpacking gives: `weights.pkl` for `weights.pkl.gz`, `a.tar` for `a.tgz`. */
export function contentName(path: string): string {
  const name = baseName(path)
  const short = /^(.+)\.t(?:gz|bz2?|xz|lz|lzma|zst)$/i.exec(name)?.[1]
  if (short !== undefined) return `${short}.tar`
  return /^(.+)\.(?:gz|gzip|bz2?|xz|lzma|zstd?|lz4|zz?)$/i.exec(name)?.[1] ?? (name === '' ? 'content' : name)
}

/** Length of a frame that zstd and LZ4 readers pass over, 0 when there is none. Source: RFC 8878, section 3.1.2. */
export function skippableFrame(head: Uint8Array): number {
  if (head.length < 8 || ((head[0] as number) & 0xf0) !== 0x50) return 0
  if (head[1] !== 0x2a || head[2] !== 0x4d || head[3] !== 0x18) return 0
  return 8 + new DataView(head.buffer, head.byteOffset).getUint32(4, true)
}

/** The bytes behind the skippable frames at the start, as far as they are in the window. */
export function afterSkippable(head: Uint8Array): Uint8Array {
  let rest = head
  for (let length = skippableFrame(rest); length > 0; length = skippableFrame(rest)) rest = rest.subarray(length)
  return rest
}
