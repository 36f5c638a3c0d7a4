import { defineFormat } from '../define-format.ts'
import { inspectExecutable } from '../executable/inspect.ts'
import { hasAt } from '../probe.ts'

/** Source: System V ABI, ELF header. */
export const elfFormat = defineFormat({
  kind: 'elf',
  title: 'ELF program or library',
  extensions: ['.so'],
  canRun: true,
  probe: ({ head, offset }) =>
    hasAt(head, 0, [0x7f, 0x45, 0x4c, 0x46]) ? { offset, certainty: 'signature' } : undefined,
  inspect: inspectExecutable('ELF program or library'),
  rules: [],
})
