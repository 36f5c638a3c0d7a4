import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: LZ4 Frame Format; the second magic is that of the legacy frame. */
export const lz4Format = defineFormat({
  kind: 'lz4',
  title: 'LZ4 frame',
  extensions: ['.lz4'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x04, 0x22, 0x4d, 0x18]) || hasAt(head, 0, [0x02, 0x21, 0x4c, 0x18])
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: leaveUninspected('LZ4 frame'),
  rules: [],
})
