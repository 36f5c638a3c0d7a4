import { defineFormat } from '../define-format.ts'
import { inspectHdf5 } from '../hdf5/inspect.ts'
import { hdf5Rules } from '../hdf5/rules.ts'
import { hasAt } from '../probe.ts'

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

/** Source: HDF5 File Format Specification, section II.A. */
export const hdf5Format = defineFormat({
  kind: 'hdf5',
  title: 'HDF5 (Keras and others)',
  extensions: ['.h5', '.hdf5'],
  canRun: true,
  probe: ({ head, offset }) => {
    if (hasAt(head, 0, signature)) return { offset, certainty: 'signature' }
    // Members of archives may begin at such a place by chance; they are looked at as members.
    if (hasAt(head, 0, 'PK') || hasAt(head, 257, 'ustar')) return undefined
    // The library looks for the signature behind a block of the user's too, at every doubling of 512.
    for (let at = 512; at < head.length; at *= 2)
      if (hasAt(head, at, signature)) return { offset: offset + at, certainty: 'signature' }
    return undefined
  },
  inspect: inspectHdf5,
  rules: hdf5Rules,
})
