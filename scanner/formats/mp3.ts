import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** MP3 audio by an ID3v2 tag. A bare frame sync is eleven bits, too little to call bytes inert. Source: ID3v2.4, section 3.1. */
export const mp3Format = defineFormat({
  kind: 'mp3',
  title: 'MP3 audio',
  extensions: ['.mp3'],
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'ID3') &&
    [2, 3, 4].includes(head[3] ?? 0) &&
    head.subarray(6, 10).every((byte) => byte < 0x80) &&
    frameFollows(head)
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: ({ offset, length, cover }) => {
    cover(offset, length, 'inert')
    return { end: offset + length }
  },
  rules: [],
})

/** True when an MPEG frame follows the tag, or when the tag is longer than the window. */
function frameFollows(head: Uint8Array): boolean {
  const size = head.subarray(6, 10).reduce((sum, byte) => sum * 128 + byte, 0)
  const at = 10 + size
  return at + 1 >= head.length || (head[at] === 0xff && ((head[at + 1] ?? 0) & 0xe0) === 0xe0) || head[at] === 0
}
