import { defineFormat } from '../define-format.ts'
import { inspectNumpy } from '../numpy/inspect.ts'
import { numpyRules } from '../numpy/rules.ts'
import { hasAt } from '../probe.ts'

/** One array. An array of objects holds a pickle. Source: numpy/lib/format.py, versions 1.0 to 3.0. */
export const numpyFormat = defineFormat({
  kind: 'npy',
  title: 'NumPy array',
  extensions: ['.npy'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectNumpy,
  rules: numpyRules,
})
