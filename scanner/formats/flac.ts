import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** FLAC audio by its marker and a STREAMINFO block of 34 bytes. Frames carry no length, so the rest is taken as audio. Source: RFC 9639. */
export const flacFormat = defineFormat({
  kind: 'flac',
  title: 'FLAC audio',
  extensions: ['.flac'],
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'fLaC') && ((head[4] ?? 0xff) & 0x7f) === 0 && hasAt(head, 5, [0, 0, 34])
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: ({ offset, length, cover }) => {
    cover(offset, length, 'inert')
    return { end: offset + length }
  },
  rules: [],
})
