import { gzipStream } from '../codec/gzip.ts'
import { inspectStream } from '../codec/inspect-stream.ts'
import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: RFC 1952, section 2.3; the three reserved flag bits must be zero. */
const begins = (head: Uint8Array): boolean => hasAt(head, 0, [0x1f, 0x8b, 0x08]) && ((head[3] ?? 0xff) & 0xe0) === 0

export const gzipFormat = defineFormat({
  kind: 'gzip',
  title: 'gzip stream',
  extensions: ['.gz', '.tgz'],
  canRun: true,
  probe: ({ head, offset }) => (begins(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectStream('gzip', gzipStream, { begins, padded: true }),
  rules: [],
})
