import { defineFormat, leaveUninspected } from '../define-format.ts'

/** A first header whose checksum is right. Source: POSIX.1-1988 (v7 to pax); the magic `ustar` is absent in old archives. */
export const tarFormat = defineFormat({
  kind: 'tar',
  title: 'tar archive (also legacy torch, NeMo)',
  extensions: ['.tar', '.nemo'],
  canRun: true,
  probe: ({ head, offset }) => (hasHeader(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: leaveUninspected('tar archive'),
  rules: [],
})

function hasHeader(head: Uint8Array): boolean {
  if (head.length < 512 || (head[0] ?? 0) < 0x20) return false
  const field = String.fromCharCode(...head.subarray(148, 156))
  const match = /^ *([0-7]{1,7})[\0 ]/.exec(field)
  if (match?.[1] === undefined) return false
  let sum = 0
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 0x20 : (head[i] ?? 0)
  return sum === Number.parseInt(match[1], 8)
}
