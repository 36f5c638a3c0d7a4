import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: RFC 8878, section 3.1.1. */
export const zstdFormat = defineFormat({
  kind: 'zstd',
  title: 'Zstandard frame',
  extensions: ['.zst'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x28, 0xb5, 0x2f, 0xfd]) ? { offset, certainty: 'signature' } : undefined,
  inspect: leaveUninspected('Zstandard frame'),
  rules: [],
})
