import { defineFormat } from '../define-format.ts'
import { noInspectorRule } from '../opaque/rules.ts'
import { hasAt } from '../probe.ts'

/** The binary format that XGBoost wrote before version 1.0 and no longer reads since 3.1. Source: XGBoost documentation, model IO. */
export const xgboostBinaryFormat = defineFormat({
  kind: 'xgboost-binary',
  title: 'XGBoost model (old binary format)',
  probe: ({ head, offset }) =>
    hasAt(head, 0, 'binf') && head.length > 8 && (head[4] === 0 || head[6] === 0)
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: ({ offset, length, observe, cover }) => {
    observe({ code: 'xgb.binary', offset })
    cover(offset, 4, 'parsed')
    return { end: offset + length }
  },
  rules: [
    noInspectorRule(
      'XGB-OPAQUE-001',
      'xgb.binary',
      'an old binary XGBoost model',
      'Its native reader believes the sizes in the file and was given up for that.',
      'Ask the publisher for a model saved as JSON or UBJ.',
    ),
  ],
})
