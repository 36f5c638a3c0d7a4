import { defineFormat } from '../define-format.ts'
import { hasAt, u32At } from '../probe.ts'

/** WebP images and WAVE audio: one RIFF chunk that states its length. Source: Multimedia Programming Interface 1.0; WebP container. */
export const riffFormat = defineFormat({
  kind: 'riff',
  title: 'WebP image or WAVE audio',
  extensions: ['.webp', '.wav'],
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'RIFF') && (hasAt(head, 8, 'WEBP') || hasAt(head, 8, 'WAVE'))
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: ({ reader, offset, length, cover }) => {
    const size = u32At(reader.read(offset, 8), 4)
    const end = offset + Math.min(length, 8 + size + (size % 2))
    cover(offset, end - offset, 'inert')
    return { end }
  },
  rules: [],
})
