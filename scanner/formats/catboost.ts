import { defineFormat } from '../define-format.ts'
import { headerRule, noInspectorRule } from '../opaque/rules.ts'
import { hasAt, u32At } from '../probe.ts'

/** A CatBoost model: its tag, the size of its core, the core as a flat buffer, then optional parts. Source: catboost, model_build_helper. */
export const catboostFormat = defineFormat({
  kind: 'catboost',
  title: 'CatBoost model',
  extensions: ['.cbm'],
  probe: ({ head, offset, text, path }) =>
    hasAt(head, 0, 'CBM1')
      ? { offset, certainty: 'signature' }
      : text === undefined && head.length > 0 && path.endsWith('.cbm')
        ? { offset, certainty: 'guess' }
        : undefined,
  inspect: ({ reader, offset, length, observe, cover }) => {
    const head = reader.read(offset, 16)
    const core = u32At(head, 4)
    const root = u32At(head, 8)
    observe({ code: 'cbm.model', offset, detail: `${core} bytes of core` })
    if (!hasAt(head, 0, 'CBM1') || length < 12 || core + 8 > length || root >= core)
      observe({
        code: 'cbm.header',
        offset: offset + 4,
        detail: `a core of ${core} bytes in ${length}, its root at ${root}`,
      })
    cover(offset, Math.min(8, length), 'parsed')
    return { header: { kind: 'catboost', coreBytes: core } as { kind: string }, end: offset + length }
  },
  rules: [
    noInspectorRule(
      'CBM-OPAQUE-001',
      'cbm.model',
      'a CatBoost model',
      'Its native reader follows offsets inside the file.',
      'Load it in a sandbox, or ask the publisher for an ONNX export.',
    ),
    headerRule('CBM-BOUNDS-001', 'cbm.header', 'a CatBoost model'),
  ],
})
