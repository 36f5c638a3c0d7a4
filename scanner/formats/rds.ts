import { defineFormat } from '../define-format.ts'
import { hasAt, u32At, u32BigAt } from '../probe.ts'
import { inspectRds } from '../rds/inspect.ts'
import { rdsRules } from '../rds/rules.ts'

/** An optional line of RData, a letter for the encoding, then the version (2 or 3) in it. */
function isSerialized(head: Uint8Array): boolean {
  const letter = String.fromCharCode(head[0] === 0x52 ? (head[2] ?? 0) : (head[0] ?? 0))
  const at = /^[XAB]$/.test(letter) && (hasAt(head, 0, `RD${letter}2\n`) || hasAt(head, 0, `RD${letter}3\n`)) ? 5 : 0
  if (hasAt(head, at, 'X\n')) return [2, 3].includes(u32BigAt(head, at + 2))
  if (hasAt(head, at, 'B\n')) return [2, 3].includes(u32At(head, at + 2)) && head.length > at + 14
  return /^A\n[23]\n\d{4,7}\n\d{4,7}\n/.test(String.fromCharCode(...head.subarray(at, at + 32)))
}

/** R serialization; promises and byte code in it run on load. */
export const rdsFormat = defineFormat({
  kind: 'rds',
  title: 'R data',
  extensions: ['.rds', '.rdata'],
  canRun: true,
  probe: ({ head, offset }) => (isSerialized(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectRds,
  rules: rdsRules,
})
