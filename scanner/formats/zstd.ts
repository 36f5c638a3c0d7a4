import { afterSkippable, inspectStream, skippableFrame } from '../codec/inspect-stream.ts'
import { zstdStream } from '../codec/zstd.ts'
import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: RFC 8878, section 3.1.1. */
const begins = (head: Uint8Array): boolean => hasAt(head, 0, [0x28, 0xb5, 0x2f, 0xfd])

export const zstdFormat = defineFormat({
  kind: 'zstd',
  title: 'Zstandard frame',
  extensions: ['.zst', '.tzst'],
  canRun: true,
  probe: ({ head, offset }) => (begins(afterSkippable(head)) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectStream('zstd', zstdStream, { begins, skippable: skippableFrame }),
  rules: [],
})
