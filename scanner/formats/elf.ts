import { defineFormat } from '../define-format.ts'
import { readElf } from '../executable/elf.ts'
import { inspectExecutable } from '../executable/note-executable.ts'
import { hasAt } from '../probe.ts'

/** Behind the start of a file four letters occur by chance, so class, byte order and version must exist there as well. */
function isElf(head: Uint8Array, offset: number): boolean {
  if (!hasAt(head, 0, [0x7f, 0x45, 0x4c, 0x46])) return false
  const [wide = 0, order = 0, version = 0] = head.subarray(4, 7)
  return offset === 0 || ((wide === 1 || wide === 2) && (order === 1 || order === 2) && version === 1)
}

/** Source: System V ABI, ELF header. */
export const elfFormat = defineFormat({
  kind: 'elf',
  title: 'ELF program or library',
  extensions: ['.so'],
  canRun: true,
  probe: ({ head, offset }) => (isElf(head, offset) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectExecutable('elf', 'ELF program or library', readElf),
  rules: [],
})
