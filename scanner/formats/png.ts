import { defineFormat } from '../define-format.ts'
import { hasAt, u32BigAt } from '../probe.ts'

/** PNG, walked chunk by chunk to IEND; what follows is not part of the image. Source: PNG specification, section 5. */
export const pngFormat = defineFormat({
  kind: 'png',
  title: 'PNG image',
  extensions: ['.png'],
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) ? { offset, certainty: 'signature' } : undefined,
  inspect: ({ reader, offset, length, cover }) => {
    const end = offset + length
    let at = offset + 8
    for (let chunks = 0; chunks < 100_000 && at + 12 <= end; chunks++) {
      const header = reader.read(at, 8)
      const next = at + 12 + u32BigAt(header, 0)
      if (next > end) break
      at = next
      if (hasAt(header, 4, 'IEND')) break
    }
    cover(offset, at - offset, 'inert')
    return { end: at }
  },
  rules: [],
})
