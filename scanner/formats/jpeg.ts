import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

const windowSize = 1024 * 1024

/** JPEG: segments by their lengths, compressed data to the end marker. Source: ITU-T T.81, annex B. */
export const jpegFormat = defineFormat({
  kind: 'jpeg',
  title: 'JPEG image',
  extensions: ['.jpg', '.jpeg'],
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0xff, 0xd8, 0xff]) && (head[3] ?? 0) >= 0xc0 ? { offset, certainty: 'signature' } : undefined,
  inspect: ({ reader, offset, length, cover }) => {
    const limit = offset + length
    let at = offset + 2
    // Segments with a length, until compressed data begins (SOS) or the image ends (EOI).
    for (let segments = 0; segments < 100_000 && at + 4 <= limit; segments++) {
      const header = reader.read(at, 4)
      const marker = header[1] ?? 0
      if (header[0] !== 0xff || marker === 0xd9) break
      at += 2 + (header[2] ?? 0) * 256 + (header[3] ?? 0)
      if (marker === 0xda) at = afterCompressedData(reader.read.bind(reader), Math.min(at, limit), limit)
    }
    if (hasAt(reader.read(at, 2), 0, [0xff, 0xd9])) at += 2
    const end = Math.min(at, limit)
    cover(offset, end - offset, 'inert')
    return { end }
  },
  rules: [],
})

/** Offset of the next marker that is neither stuffing (FF 00), fill (FF FF) nor a restart (FF D0 to D7). */
function afterCompressedData(
  read: (offset: number, length: number) => Uint8Array,
  from: number,
  limit: number,
): number {
  for (let start = from; start < limit; start += windowSize) {
    const bytes = read(start, Math.min(windowSize + 1, limit - start))
    for (
      let i = bytes.indexOf(0xff);
      i >= 0 && i < windowSize && i + 1 < bytes.length;
      i = bytes.indexOf(0xff, i + 1)
    ) {
      const next = bytes[i + 1] ?? 0
      if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return start + i
    }
  }
  return limit
}
