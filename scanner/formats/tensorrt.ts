import { defineFormat } from '../define-format.ts'
import { headerRule, noInspectorRule } from '../opaque/rules.ts'
import { hasAt, u32At } from '../probe.ts'

/** A serialized TensorRT engine ("plan"): machine code for one kind of GPU. Recognized by its tag; the format is not published. */
export const tensorrtFormat = defineFormat({
  kind: 'tensorrt',
  title: 'TensorRT engine',
  extensions: ['.engine', '.plan', '.trt'],
  canRun: true,
  // Tags differ from version to version, so that a name is taken for it where nothing else claims the bytes.
  probe: ({ head, offset, text, path }) =>
    (hasAt(head, 0, 'ptrt') || hasAt(head, 0, 'ftrt')) && head.length >= 8 && u32At(head, 4) < 0x10000
      ? { offset, certainty: 'signature' }
      : text === undefined && head.length > 0 && /\.(engine|plan|trt)$/.test(path)
        ? { offset, certainty: 'guess' }
        : undefined,
  inspect: ({ reader, offset, length, observe, cover }) => {
    const head = reader.read(offset, 32)
    const version = u32At(head, 4)
    const names = String.fromCharCode(...reader.read(offset, 4096).filter((byte) => byte >= 0x20 && byte < 0x7f))
    observe({
      code: 'tensorrt.engine',
      offset,
      detail: `header version ${version}${/plugin/i.test(names) ? ', names a plugin' : ''}`,
    })
    if (length < 32) observe({ code: 'tensorrt.header', offset, detail: `${length} bytes` })
    cover(offset, Math.min(8, length), 'parsed')
    return { header: { kind: 'tensorrt', version } as { kind: string }, end: offset + length }
  },
  rules: [
    noInspectorRule(
      'TRT-OPAQUE-001',
      'tensorrt.engine',
      'a TensorRT engine',
      'An engine is machine code and may name plugins that are loaded with it.',
      'Trust it only by the signature of who built it, or build the engine yourself from an ONNX export.',
    ),
    headerRule('TRT-BOUNDS-001', 'tensorrt.header', 'a TensorRT engine'),
  ],
})
