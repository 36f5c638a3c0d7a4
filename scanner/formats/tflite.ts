import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'
import { inspectTflite } from '../tflite/inspect.ts'
import { tfliteRules } from '../tflite/rules.ts'

/** A FlatBuffer with the file identifier TFL3. */
export const tfliteFormat = defineFormat({
  kind: 'tflite',
  title: 'TensorFlow Lite model',
  extensions: ['.tflite'],
  probe: ({ head, offset }) => (hasAt(head, 4, 'TFL3') ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectTflite,
  rules: tfliteRules,
})
