import { defineFormat } from '../define-format.ts'
import { inspectLightgbm } from '../lightgbm/inspect.ts'
import { headerRule, noInspectorRule } from '../opaque/rules.ts'

/** A LightGBM model as text: a head, its trees, its parameters. Source: LightGBM, gbdt_model_text.cpp. */
export const lightgbmFormat = defineFormat({
  kind: 'lightgbm',
  title: 'LightGBM model',
  extensions: ['.lgb', '.lightgbm'],
  probe: ({ text, offset }) =>
    text !== undefined && /^tree\r?\nversion=v\d/.test(text.slice(0, 32))
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: inspectLightgbm,
  rules: [
    noInspectorRule(
      'LGBM-OPAQUE-001',
      'lgbm.model',
      'a LightGBM model',
      'Its sizes and child references were checked, but its native reader trusts more of the text than that.',
      'Load it in a sandbox, or ask the publisher for an ONNX export.',
    ),
    headerRule('LGBM-BOUNDS-001', 'lgbm.tree', 'a tree of a LightGBM model'),
  ],
})
