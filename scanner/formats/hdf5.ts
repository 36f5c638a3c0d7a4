import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: HDF5 File Format Specification, section II.A. */
export const hdf5Format = defineFormat({
  kind: 'hdf5',
  title: 'HDF5 (Keras and others)',
  extensions: ['.h5', '.hdf5'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]) ? { offset, certainty: 'signature' } : undefined,
  inspect: leaveUninspected('HDF5 (Keras and others)'),
  rules: [],
})
