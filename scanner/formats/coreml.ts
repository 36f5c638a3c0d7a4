import { inspectCoreml } from '../coreml/inspect.ts'
import { isCoreml } from '../coreml/probe.ts'
import { coremlRules } from '../coreml/rules.ts'
import { defineFormat } from '../define-format.ts'

/** Source: coremltools, mlmodel/format/Model.proto. */
export const coremlFormat = defineFormat({
  kind: 'coreml',
  title: 'Core ML model',
  extensions: ['.mlmodel'],
  probe: ({ head, offset, size }) => (isCoreml(head, size - offset) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectCoreml,
  rules: coremlRules,
})
