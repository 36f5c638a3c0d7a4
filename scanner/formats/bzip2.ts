import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** A level digit, then the magic of a block or of the end of the stream. */
export const bzip2Format = defineFormat({
  kind: 'bzip2',
  title: 'bzip2 stream',
  extensions: ['.bz2'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'BZh') && (hasAt(head, 4, '1AY&SY') || hasAt(head, 4, [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]))
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: leaveUninspected('bzip2 stream'),
  rules: [],
})
