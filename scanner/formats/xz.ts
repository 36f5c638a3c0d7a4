import { inspectStream } from '../codec/inspect-stream.ts'
import { xzStream } from '../codec/xz.ts'
import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: The .xz File Format, section 2.1.1.1. */
const begins = (head: Uint8Array): boolean => hasAt(head, 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])

export const xzFormat = defineFormat({
  kind: 'xz',
  title: 'xz stream',
  extensions: ['.xz', '.txz'],
  canRun: true,
  probe: ({ head, offset }) => (begins(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectStream('xz', xzStream, { begins, padded: true, slow: true }),
  rules: [],
})
