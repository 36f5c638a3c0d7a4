import { defineFormat } from '../define-format.ts'
import { headerRule, noInspectorRule } from '../opaque/rules.ts'
import { hasAt, u32At } from '../probe.ts'

/** A model compiled for Rockchip processors. Recognized by its tag; the format is not published. */
export const rknnFormat = defineFormat({
  kind: 'rknn',
  title: 'RKNN model',
  extensions: ['.rknn'],
  canRun: true,
  probe: ({ head, offset, text, path }) =>
    (hasAt(head, 0, 'RKNN') && (head.length < 8 || [0, 1, 2, 3].includes(head[4] ?? 0))) || hasAt(head, 0, 'CYPTRKNN')
      ? { offset, certainty: 'signature' }
      : text === undefined && head.length > 0 && path.endsWith('.rknn')
        ? { offset, certainty: 'guess' }
        : undefined,
  inspect: ({ reader, offset, length, observe, cover }) => {
    const head = reader.read(offset, 64)
    const encrypted = hasAt(head, 0, 'CYPT')
    const version = u32At(head, 8)
    observe({ code: 'rknn.model', offset, detail: encrypted ? 'encrypted' : `format version ${version}` })
    if (length < 64 || (!hasAt(head, 0, 'RKNN') && !encrypted))
      observe({ code: 'rknn.header', offset, detail: `${length} bytes` })
    cover(offset, Math.min(16, length), 'parsed')
    return { header: { kind: 'rknn', version, encrypted } as { kind: string }, end: offset + length }
  },
  rules: [
    noInspectorRule(
      'RKNN-OPAQUE-001',
      'rknn.model',
      'an RKNN model',
      'It holds compiled operators for one kind of processor, which a driver loads.',
      'Trust it only by the signature of who built it, or convert the model yourself from an ONNX export.',
    ),
    headerRule('RKNN-BOUNDS-001', 'rknn.header', 'an RKNN model'),
  ],
})
