import { Buffer } from 'node:buffer'
import { inflateRawStream } from '../codec/inflate.ts'
import type { InspectContext } from '../define-format.ts'
import { partOf } from '../nested/part-of.ts'
import { openUnpacked } from '../nested/unpacked-reader.ts'
import { u32At } from '../probe.ts'
import { maxRead } from '../reader.ts'
import type { LocalHeader } from './types.ts'

const descriptorFlag = 0x0008

/**
 * The header with the sizes that a walk over the file finds when the header leaves them to a data descriptor: deflate ends by itself, and
 * of stored bytes a descriptor that says their number tells. Undefined when the place is no header after all.
 */
export function sizeUnlisted(context: InspectContext, header: LocalHeader, limit: number): LocalHeader | undefined {
  const { reader, budget } = context
  const { dataAt } = header
  // Four chance bytes are no header; names are short and methods few.
  if (header.raw.length > 4096 || header.method > 99 || dataAt > limit) return undefined
  if ((header.flags & descriptorFlag) === 0 || header.packed !== 0) return header
  if (header.method === 8) {
    const stream = { used: 0 }
    const open = () => {
      const inner = inflateRawStream(reader, dataAt, limit - dataAt)
      return {
        read: (max: number) => {
          const bytes = inner.read(max)
          stream.used = inner.consumed()
          return bytes
        },
      }
    }
    const { size, complete } = openUnpacked(open, { budget, packedBytes: limit - dataAt })
    if (complete)
      return { ...header, packed: stream.used, size, crc: u32At(reader.read(dataAt + stream.used + 4, 4), 0) }
  }
  const bytes = partOf(reader, dataAt, limit - dataAt).read(0, maxRead)
  const searched = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (
    let at = searched.indexOf('PK\x07\x08', 0, 'latin1');
    at >= 0;
    at = searched.indexOf('PK\x07\x08', at + 4, 'latin1')
  ) {
    if (u32At(searched, at + 8) !== at) continue
    const crc = u32At(searched, at + 4)
    return { ...header, packed: at, size: header.method === 0 ? at : u32At(searched, at + 12), crc }
  }
  return { ...header, packed: limit - dataAt, size: limit - dataAt }
}
