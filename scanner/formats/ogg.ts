import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Ogg audio, walked page by page. Source: RFC 3533, section 6. */
export const oggFormat = defineFormat({
  kind: 'ogg',
  title: 'Ogg audio',
  extensions: ['.ogg', '.opus'],
  probe: ({ head, offset }) => (hasAt(head, 0, 'OggS\u0000') ? { offset, certainty: 'signature' } : undefined),
  inspect: ({ reader, offset, length, cover }) => {
    const limit = offset + length
    let at = offset
    while (at + 27 <= limit) {
      const header = reader.read(at, 27 + 255)
      if (!hasAt(header, 0, 'OggS')) break
      const segments = header[26] ?? 0
      let size = 27 + segments
      for (let i = 0; i < segments; i++) size += header[27 + i] ?? 0
      if (at + size > limit) break
      at += size
    }
    cover(offset, at - offset, 'inert')
    return { end: at }
  },
  rules: [],
})
