import { inspectStream } from '../codec/inspect-stream.ts'
import { lzmaAloneStream } from '../codec/lzma.ts'
import { triesToUnpack } from '../codec/tries.ts'
import { defineFormat } from '../define-format.ts'
import { u32At } from '../probe.ts'

/** Bytes 5 to 12: the unpacked size, or all ones when unknown; nothing is larger than 2^40. */
function looksLikeSize(head: Uint8Array): boolean {
  const size = head.subarray(5, 13)
  return (
    size.every((byte) => byte === 0xff) ||
    (size.subarray(5).every((byte) => byte === 0) && size.some((byte) => byte !== 0))
  )
}

/** Encoders write 2^n or 2^n + 2^(n-1); with the properties that everyone uses any size is read, as Python does. */
function looksLikeDictionary(head: Uint8Array): boolean {
  const size = u32At(head, 1)
  if (head[0] === 0x5d) return head[1] === 0
  const top = 2 ** Math.floor(Math.log2(Math.max(1, size)))
  return size >= 4096 && (size === top || size === top + top / 2)
}

/** LZMA-alone has no magic: properties, dictionary size, length and the start of the coder must be plausible, and it must unpack. */
export const lzmaFormat = defineFormat({
  kind: 'lzma',
  title: 'LZMA stream',
  extensions: ['.lzma'],
  canRun: true,
  probe: ({ head, offset }) =>
    head.length > 13 &&
    (head[0] ?? 0xff) < 225 &&
    head[13] === 0 &&
    looksLikeDictionary(head) &&
    looksLikeSize(head) &&
    triesToUnpack(lzmaAloneStream, head, 64)
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: inspectStream('lzma', lzmaAloneStream, { slow: true }),
  rules: [],
})
