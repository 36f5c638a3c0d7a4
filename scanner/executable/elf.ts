import type { InspectContext } from '../define-format.ts'
import type { ExecutableFacts } from './note-executable.ts'

const roles: { readonly [type: number]: string } = {
  1: 'object file',
  2: 'program',
  3: 'shared library or program',
  4: 'core dump',
}
const machines: { readonly [machine: number]: string } = {
  3: 'x86',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 's390',
  40: 'ARM',
  62: 'x86-64',
  183: 'ARM64',
  190: 'CUDA',
  243: 'RISC-V',
  247: 'BPF',
  258: 'LoongArch',
}
const maxHeaders = 1024

/** The ELF header and the extent of its segments and sections. Source: System V ABI, chapter 4. */
export function readElf({ reader, offset, length }: InspectContext): ExecutableFacts {
  const head = reader.read(offset, 64)
  if (head.length < 52) return {}
  const wide = head[4] === 2
  const little = head[5] !== 2
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const facts = { role: roles[view.getUint16(16, little)], machine: machines[view.getUint16(18, little)] }
  if (wide && head.length < 64) return facts
  const word = (data: DataView, at: number): number =>
    wide ? Number(data.getBigUint64(at, little)) : data.getUint32(at, little)
  const [programs, sections] = wide ? [word(view, 32), word(view, 40)] : [word(view, 28), word(view, 32)]
  const counts = wide ? 54 : 42
  const [programSize = 0, programCount = 0, sectionSize = 0, sectionCount = 0] = [0, 2, 4, 6].map((at) =>
    view.getUint16(counts + at, little),
  )
  let end = Math.max(programs + programSize * programCount, sections + sectionSize * sectionCount)
  const least = wide ? 40 : 20
  for (let i = 0; i < Math.min(programCount, maxHeaders) && programSize >= least; i++) {
    const entry = reader.read(offset + programs + i * programSize, least)
    if (entry.length < least) break
    const data = new DataView(entry.buffer, entry.byteOffset, entry.length)
    end = Math.max(end, wide ? word(data, 8) + word(data, 32) : word(data, 4) + word(data, 16))
  }
  // Sections of their own, such as symbols, lie between the segments and the table of sections, which comes last.
  return { ...facts, ...(end > 64 && end <= length ? { length: end } : {}) }
}
