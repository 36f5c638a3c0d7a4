import { createCursor } from '../cursor.ts'
import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** GIF, walked block by block to its trailer. Source: GIF89a specification. */
export const gifFormat = defineFormat({
  kind: 'gif',
  title: 'GIF image',
  extensions: ['.gif'],
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'GIF87a') || hasAt(head, 0, 'GIF89a') ? { offset, certainty: 'signature' } : undefined,
  inspect: ({ reader, offset, length, cover }) => {
    const cursor = createCursor(reader, offset, offset + length)
    const tableOf = (flags: number): number => ((flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1))
    const skipBlocks = (): void => {
      for (let size = cursor.u8(); size !== 0; size = cursor.u8()) cursor.skip(size)
    }
    cursor.skip(10)
    const flags = cursor.u8()
    cursor.skip(2 + tableOf(flags))
    for (let kind = cursor.u8(); kind !== 0x3b; kind = cursor.u8()) {
      if (kind === 0x21) cursor.skip(1)
      else if (kind === 0x2c) {
        cursor.skip(8)
        cursor.skip(tableOf(cursor.u8()) + 1)
      } else break
      skipBlocks()
    }
    cover(offset, cursor.position() - offset, 'inert')
    return { end: cursor.position() }
  },
  rules: [],
})
