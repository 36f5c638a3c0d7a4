import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: RAR 5.0 archive format. Its compression is not published for others to read, and no model needs it: opaque. */
export const rarFormat = defineFormat({
  kind: 'rar',
  title: 'RAR archive',
  extensions: ['.rar'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]) ? { offset, certainty: 'signature' } : undefined,
  inspect: ({ offset, length, observe }) => {
    observe({ code: 'archive.opaque', offset, detail: 'a RAR archive' })
    return { end: offset + length }
  },
  rules: [],
})
