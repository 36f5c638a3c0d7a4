import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** PDF from its header to its last end-of-file mark. Source: ISO 32000-1, section 7.5. */
export const pdfFormat = defineFormat({
  kind: 'pdf',
  title: 'PDF document',
  extensions: ['.pdf'],
  probe: ({ head, offset }) => (hasAt(head, 0, '%PDF-') ? { offset, certainty: 'signature' } : undefined),
  inspect: ({ reader, offset, length, cover }) => {
    const tailStart = Math.max(offset, offset + length - 2048)
    const tail = new TextDecoder('latin1').decode(reader.read(tailStart, 2048))
    const mark = tail.lastIndexOf('%%EOF')
    if (mark < 0) return { end: offset }
    const lineEnd = /^[\r\n ]*/.exec(tail.slice(mark + 5))?.[0].length ?? 0
    const end = tailStart + mark + 5 + lineEnd
    cover(offset, end - offset, 'inert')
    return { end }
  },
  rules: [],
})
