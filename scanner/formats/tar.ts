import { defineFormat } from '../define-format.ts'
import { inspectTar } from '../tar/inspect.ts'
import { readTarHeader } from '../tar/read-header.ts'

/** A first header whose checksum is right. Source: POSIX.1-1988 (v7 to pax); the magic `ustar` is absent in old archives. */
export const tarFormat = defineFormat({
  kind: 'tar',
  title: 'tar archive (also legacy torch, NeMo)',
  extensions: ['.tar', '.nemo'],
  canRun: true,
  probe: ({ head, offset }) => (hasHeader(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectTar,
  rules: [],
})

function hasHeader(head: Uint8Array): boolean {
  if (head.length < 512 || (head[0] ?? 0) < 0x20) return false
  return readTarHeader(head)?.checksumHolds === true
}
