import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: numpy.lib.format. An object array holds a pickle. */
export const numpyFormat = defineFormat({
  kind: 'npy',
  title: 'NumPy array',
  extensions: ['.npy'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]) ? { offset, certainty: 'signature' } : undefined,
  inspect: leaveUninspected('NumPy array'),
  rules: [],
})
