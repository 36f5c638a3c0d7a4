import { defineFormat, leaveUninspected } from '../define-format.ts'
import { hasAt } from '../probe.ts'

/** Source: The .xz File Format, section 2.1.1.1. */
export const xzFormat = defineFormat({
  kind: 'xz',
  title: 'xz stream',
  extensions: ['.xz'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) ? { offset, certainty: 'signature' } : undefined,
  inspect: leaveUninspected('xz stream'),
  rules: [],
})
