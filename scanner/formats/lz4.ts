import { afterSkippable, inspectStream, skippableFrame } from '../codec/inspect-stream.ts'
import { lz4Stream } from '../codec/lz4.ts'
import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: LZ4 Frame Format; the second magic is that of the legacy frame. */
const begins = (head: Uint8Array): boolean =>
  hasAt(head, 0, [0x04, 0x22, 0x4d, 0x18]) || hasAt(head, 0, [0x02, 0x21, 0x4c, 0x18])

export const lz4Format = defineFormat({
  kind: 'lz4',
  title: 'LZ4 frame',
  extensions: ['.lz4'],
  canRun: true,
  probe: ({ head, offset }) => (begins(afterSkippable(head)) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectStream('lz4', lz4Stream, { begins, skippable: skippableFrame }),
  rules: [],
})
