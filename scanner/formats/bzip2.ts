import { bzip2Stream } from '../codec/bzip2.ts'
import { inspectStream } from '../codec/inspect-stream.ts'
import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** A level digit, then the magic of a block or of the end of the stream. */
const begins = (head: Uint8Array): boolean =>
  hasAt(head, 0, 'BZh') && (hasAt(head, 4, '1AY&SY') || hasAt(head, 4, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]))

export const bzip2Format = defineFormat({
  kind: 'bzip2',
  title: 'bzip2 stream',
  extensions: ['.bz2', '.tbz2'],
  canRun: true,
  probe: ({ head, offset }) => (begins(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectStream('bzip2', bzip2Stream, { begins, slow: true }),
  rules: [],
})
