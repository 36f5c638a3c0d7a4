import { defineFormat } from '../define-format.ts'
import { hasAt, type ProbeWindow, u32At } from '../probe.ts'
import { inspectSafetensors } from '../safetensors/inspect.ts'
import { safetensorsRules } from '../safetensors/rules.ts'

/** Source: the safetensors README, "Format": 8 bytes of header length, a JSON header, tensor bytes. */
export const safetensorsFormat = defineFormat({
  kind: 'safetensors',
  title: 'safetensors weights',
  extensions: ['.safetensors'],
  probe: (window) => (isSafetensors(window) ? { offset: window.offset, certainty: 'signature' } : undefined),
  inspect: inspectSafetensors,
  rules: safetensorsRules,
})

/** There is no magic: a length, then a JSON object. A length that lies must still be recognized for what it is. */
function isSafetensors({ head, offset, size }: ProbeWindow): boolean {
  if (!hasAt(head, 8, '{')) return false
  const length = u32At(head, 0) + u32At(head, 4) * 4294967296
  const fits = length >= 2 && length <= size - offset - 8
  const lengthIsText = head.subarray(0, 8).every((byte) => byte >= 0x09 && byte < 0x7f)
  const objectBegins = /^\{\s{0,16}("|\}|$)/.test(String.fromCharCode(...head.subarray(8, 32)))
  return objectBegins && (fits ? head[7] === 0 : !lengthIsText)
}
