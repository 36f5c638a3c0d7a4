import { defineFormat } from '../define-format.ts'
import { hasAt } from '../probe.ts'
import { inspectTensorflowBundle } from '../tensorflow-bundle/inspect.ts'
import { footerBytes } from '../tensorflow-bundle/read-table.ts'
import { tensorflowBundleRules } from '../tensorflow-bundle/rules.ts'

/** The last eight bytes of a table. */
const magic = [0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb]

/** The index of a TensorFlow checkpoint (`variables.index`), a table known by its end. Source: leveldb, table_format.md. */
export const tfBundleFormat = defineFormat({
  kind: 'tf-bundle',
  title: 'TensorFlow checkpoint index',
  probe: ({ offset, size, tail }) =>
    size - offset > footerBytes && hasAt(tail, tail.length - magic.length, magic)
      ? { offset, certainty: 'signature' }
      : undefined,
  inspect: inspectTensorflowBundle,
  rules: tensorflowBundleRules,
})
