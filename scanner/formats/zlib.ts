import { constants, inflateSync } from 'node:zlib'
import { defineFormat, leaveUninspected } from '../define-format.ts'

/** A bare zlib stream, as joblib writes. Two bytes of header prove little, so the first bytes must also inflate. Source: RFC 1950. */
export const zlibFormat = defineFormat({
  kind: 'zlib',
  title: 'zlib stream',
  canRun: true,
  probe: ({ head, offset }) => (isStream(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: leaveUninspected('zlib stream'),
  rules: [],
})

function isStream(head: Uint8Array): boolean {
  const first = head[0] ?? 0
  const second = head[1] ?? 0
  if (
    head.length < 8 ||
    (first & 0x0f) !== 8 ||
    first > 0x78 ||
    (first * 256 + second) % 31 !== 0 ||
    (second & 0x20) !== 0
  )
    return false
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 4 * 1024 * 1024 }
    return inflateSync(head.subarray(0, 2048), options).length > 0
  } catch {
    return false
  }
}
