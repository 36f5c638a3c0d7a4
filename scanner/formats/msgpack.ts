import { defineFormat } from '../define-format.ts'
import { inspectMsgpack } from '../msgpack/inspect.ts'
import { msgpackRules } from '../msgpack/rules.ts'

/** A MessagePack map whose first key is a string (Flax, tokenizers). Source: the MessagePack specification. */
export const msgpackFormat = defineFormat({
  kind: 'msgpack',
  title: 'MessagePack',
  extensions: ['.msgpack'],
  probe: ({ head, offset, path, text }) =>
    isMap(head) || (offset === 0 && path.endsWith('.msgpack') && text === undefined && head.length > 0)
      ? { offset, certainty: isMap(head) ? 'signature' : 'guess' }
      : undefined,
  inspect: inspectMsgpack,
  rules: msgpackRules,
})

function isMap(head: Uint8Array): boolean {
  const first = head[0] ?? 0
  // fixmap with entries, map 16, map 32
  const key = first >= 0x81 && first <= 0x8f ? 1 : first === 0xde ? 3 : first === 0xdf ? 5 : 0
  if (key === 0) return false
  const second = head[key] ?? 0
  const [length, from] =
    second >= 0xa1 && second <= 0xbf
      ? [second & 0x1f, key + 1]
      : second === 0xd9
        ? [head[key + 1] ?? 0, key + 2]
        : [0, 0]
  if (length === 0 || from + length > head.length) return false
  return head.subarray(from, from + length).every((byte) => byte >= 0x20 && byte < 0x7f)
}
