import { defineFormat } from '../define-format.ts'
import { inspectExecutable } from '../executable/note-executable.ts'
import { isManySystems, readPortableExecutable } from '../executable/portable-executable.ts'
import { hasAt, u32At } from '../probe.ts'

function isProgram(head: Uint8Array): boolean {
  if (isManySystems(head)) return true
  return hasAt(head, 0, 'MZ') && head.length >= 64 && hasAt(head, u32At(head, 0x3c), 'PE\u0000\u0000')
}

/** Source: PE format. A program for several systems at once (llamafile) has no such header. Two letters are not enough: raw weights begin with MZ by chance, so the header it points to must be there. */
export const portableExecutableFormat = defineFormat({
  kind: 'pe',
  title: 'Windows program or library',
  extensions: ['.exe', '.dll'],
  canRun: true,
  probe: ({ head, offset }) => (isProgram(head) ? { offset, certainty: 'signature' } : undefined),
  inspect: inspectExecutable('pe', 'Windows program or library', readPortableExecutable),
  rules: [],
})
