import { defineFormat } from '../define-format.ts'
import { readMachO } from '../executable/mach-o.ts'
import { inspectExecutable } from '../executable/note-executable.ts'
import { hasAt, u32BigAt } from '../probe.ts'

function isMachO(head: Uint8Array): boolean {
  const thin = [
    [0xfe, 0xed, 0xfa, 0xce],
    [0xfe, 0xed, 0xfa, 0xcf],
    [0xce, 0xfa, 0xed, 0xfe],
    [0xcf, 0xfa, 0xed, 0xfe],
  ]
  if (head.length >= 28 && thin.some((magic) => hasAt(head, 0, magic))) return true
  return hasAt(head, 0, [0xca, 0xfe, 0xba, 0xbe]) && u32BigAt(head, 4) > 0 && u32BigAt(head, 4) < 45
}

/** Source: mach-o/loader.h and mach-o/fat.h. CAFEBABE is shared with Java classes, whose next word is a version of 45 or more. */
export const machOFormat = defineFormat({
  kind: 'mach-o',
  title: 'Mach-O program or library',
  extensions: ['.dylib'],
  canRun: true,
  probe: ({ head, offset }) => (isMachO(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectExecutable('mach-o', 'Mach-O program or library', readMachO),
  rules: [],
})
