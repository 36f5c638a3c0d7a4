import { defineFormat } from '../define-format.ts'
import { inspectUbjson } from '../ubjson/inspect.ts'
import { ubjsonRules } from '../ubjson/rules.ts'

/** Universal binary JSON with an object outermost, as XGBoost stores its models. Source: UBJSON draft 12; XGBoost documentation, model IO. */
export const ubjsonFormat = defineFormat({
  kind: 'ubjson',
  title: 'Binary JSON (XGBoost)',
  extensions: ['.ubj'],
  probe: ({ head, offset, text }) =>
    text === undefined && beginsObject(head) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectUbjson,
  rules: ubjsonRules,
})

/** An opening brace, the length of a key, and a key of printable characters. */
function beginsObject(head: Uint8Array): boolean {
  if (head[0] !== 0x7b) return false
  const bytes = ({ 0x69: 1, 0x55: 1, 0x49: 2, 0x6c: 4, 0x4c: 8 } as Readonly<Record<number, number>>)[head[1] ?? 0]
  if (bytes === undefined) return false
  for (let i = 2; i < 1 + bytes; i++) if (head[i] !== 0) return false
  const length = head[1 + bytes] ?? 0
  const key = head.subarray(2 + bytes, 2 + bytes + length)
  return length > 0 && key.length > 0 && key.every((byte) => byte >= 0x20 && byte < 0x7f)
}
