import { Buffer } from 'node:buffer'
import type { InspectContext } from '../define-format.ts'
import { hasAt, u16At, u32At } from '../probe.ts'
import type { ExecutableFacts } from './note-executable.ts'

const machines: { readonly [machine: number]: string } = {
  0x14c: 'x86',
  0x1c0: 'ARM',
  0x1c4: 'ARM',
  0x8664: 'x86-64',
  0xaa64: 'ARM64',
}
const maxSections = 96

/** How a program for several systems begins: a shell script to Unix, an MZ header to Windows. Source: Actually Portable Executable. */
export function isManySystems(head: Uint8Array): boolean {
  return hasAt(head, 0, "MZqFpD='") || hasAt(head, 0, "jartsr='") || hasAt(head, 0, "APEDBG='")
}

/** The PE header and the extent of its sections. Source: Microsoft, PE Format. */
export function readPortableExecutable({ reader, offset, length }: InspectContext): ExecutableFacts {
  const head = reader.read(offset, 64 * 1024)
  const manySystems = isManySystems(head)
  const model = manySystems ? findModel(head) : undefined
  const at = u32At(head, 0x3c)
  if (!hasAt(head, at, 'PE\u0000\u0000'))
    return { role: 'program', manySystems, ...(model === undefined ? {} : { length: model }) }
  const traits = u16At(head, at + 22)
  const facts = {
    role: (traits & 0x2000) !== 0 ? 'library' : 'program',
    machine: machines[u16At(head, at + 4)],
    manySystems,
  }
  const table = at + 24 + u16At(head, at + 20)
  let end = 0
  for (let i = 0; i < Math.min(u16At(head, at + 6), maxSections); i++) {
    const section = table + i * 40
    if (section + 40 > head.length) break
    end = Math.max(end, u32At(head, section + 16) + u32At(head, section + 20))
  }
  // The other systems' parts lie outside the sections.
  const own = manySystems ? model : end > table && end <= length ? end : undefined
  return { ...facts, ...(own === undefined ? {} : { length: own }) }
}

/** A GGUF of a known version right behind the program's start; larger programs bring it in an archive. */
function findModel(head: Uint8Array): number | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
  for (let at = bytes.indexOf('GGUF'); at > 0; at = bytes.indexOf('GGUF', at + 1)) {
    const version = u32At(head, at + 4)
    if (version >= 1 && version <= 3) return at
  }
  return undefined
}
