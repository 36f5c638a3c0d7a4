import { inspectStream } from '../codec/inspect-stream.ts'
import { triesToUnpack } from '../codec/tries.ts'
import { zlibStream } from '../codec/zlib.ts'
import { defineFormat } from '../define-format.ts'

/** Source: RFC 1950, section 2.2. */
function hasHeader(head: Uint8Array): boolean {
  const first = head[0] ?? 0
  const second = head[1] ?? 0
  return (first & 0x0f) === 8 && first <= 0x78 && (first * 256 + second) % 31 === 0 && (second & 0x20) === 0
}

/** A bare zlib stream, as joblib writes. Two bytes of header prove little, so the first bytes must also inflate. */
export const zlibFormat = defineFormat({
  kind: 'zlib',
  title: 'zlib stream',
  canRun: true,
  probe: ({ head, offset }) =>
    head.length >= 8 && hasHeader(head) && triesToUnpack(zlibStream, head, 4096)
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: inspectStream('zlib', zlibStream, {}),
  rules: [],
})
