import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt, u32BigAt } from '../probe.ts'

/** An optional RDX line, a letter for the encoding, then the version (2 or 3) as a big-endian word. */
function isSerialized(head: Uint8Array): boolean {
  const at = hasAt(head, 0, 'RDX2\n') || hasAt(head, 0, 'RDX3\n') ? 5 : 0
  return hasAt(head, at, 'X\n') && [2, 3].includes(u32BigAt(head, at + 2))
}

/** R serialization; promises and byte code in it run on load. */
export const rdsFormat = defineFormat({
  kind: 'rds',
  title: 'R data',
  extensions: ['.rds', '.rdata'],
  canRun: true,
  probe: ({ head, offset }) => (isSerialized(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: leaveUninspected('R data'),
  rules: [],
})
