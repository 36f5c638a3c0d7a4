import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Bytes 5 to 12: the unpacked size, or all ones when unknown; nothing is larger than 2^40. */
function looksLikeSize(head: Uint8Array): boolean {
  const size = head.subarray(5, 13)
  return size.every((byte) => byte === 0xff) || size.subarray(5).every((byte) => byte === 0)
}

/** LZMA-alone has no magic: the usual properties byte, a dictionary size and a plausible length must agree. */
export const lzmaFormat = defineFormat({
  kind: 'lzma',
  title: 'LZMA stream',
  extensions: ['.lzma'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x5d, 0x00, 0x00]) && head.length > 13 && looksLikeSize(head)
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: leaveUninspected('LZMA stream'),
  rules: [],
})
