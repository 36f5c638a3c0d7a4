import type { Reader } from '../reader.ts'
import { isForbiddenControl } from '../text/decode.ts'

const windowSize = 256 * 1024

/** True when a range is well-formed UTF-8 without control characters. */
export function isPlainText(reader: Reader, offset: number, length: number): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (let done = 0; done < length; done += windowSize) {
    const bytes = reader.read(offset + done, Math.min(windowSize, length - done))
    for (const byte of bytes) if (isForbiddenControl(byte)) return false
    try {
      decoder.decode(bytes, { stream: done + windowSize < length })
    } catch {
      return false
    }
  }
  return true
}
