import { Buffer } from 'node:buffer'
import type { InspectContext } from '../define-format.ts'
import { isForbiddenControl } from './decode.ts'
import { findIndicators } from './indicators.ts'
import { findSecrets, secretOverlap } from './secrets.ts'

const windowSize = 1024 * 1024

/** One lookup per byte is what keeps a sweep near the speed of a hash. */
const forbidden = Uint8Array.from({ length: 256 }, (_none, byte) => (isForbiddenControl(byte) ? 1 : 0))

/**
 * Reads a part to its end as text: well-formed UTF-8 without control characters. Notes credentials on the way.
 * Returns false as soon as it is not text. `visit` sees each window with the offset of its first byte.
 */
export function sweepText(context: InspectContext, visit?: (text: string, offset: number) => void): boolean {
  const { reader, observe } = context
  const end = context.offset + context.length
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let carried = ''
  for (let offset = context.offset; offset < end; offset += windowSize) {
    const bytes = reader.read(offset, Math.min(windowSize, end - offset))
    for (const byte of bytes) if (forbidden[byte] === 1) return false
    let text: string
    try {
      text = decoder.decode(bytes, { stream: offset + windowSize < end })
    } catch {
      return false
    }
    // Offsets are those of bytes only while the text is ASCII; near enough for a person to find the place.
    findSecrets(carried + text, offset - Buffer.byteLength(carried), observe, carried.length)
    findIndicators(text, offset, observe)
    carried = text.slice(-secretOverlap)
    visit?.(text, offset)
  }
  return true
}
