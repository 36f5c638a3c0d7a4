import type { InspectContext } from '../define-format.ts'
import type { ExecutableFacts } from './note-executable.ts'

const roles: { readonly [type: number]: string } = { 1: 'object file', 2: 'program', 6: 'library', 8: 'bundle' }
const machines: { readonly [type: number]: string } = { 7: 'x86', 0x1000007: 'x86-64', 12: 'ARM', 0x100000c: 'ARM64' }
const maxCommands = 4096

/** The Mach-O header and the extent of its segments. Source: mach-o/loader.h and mach-o/fat.h. */
export function readMachO({ reader, offset, length }: InspectContext): ExecutableFacts {
  const head = reader.read(offset, 64 * 1024)
  if (head.length < 28) return {}
  const view = new DataView(head.buffer, head.byteOffset, head.length)
  const magic = view.getUint32(0)
  if (magic === 0xcafebabe) return readFat(view, length)
  const little = magic === 0xcefaedfe || magic === 0xcffaedfe
  const wide = magic === 0xfeedfacf || magic === 0xcffaedfe
  const facts = { machine: machines[view.getUint32(4, little)], role: roles[view.getUint32(12, little)] }
  let at = wide ? 32 : 28
  let end = 0
  for (let left = Math.min(view.getUint32(16, little), maxCommands); left > 0 && at + 56 <= head.length; left--) {
    const command = view.getUint32(at, little)
    const size = view.getUint32(at + 4, little)
    if (size < 8) break
    if (command === 1) end = Math.max(end, view.getUint32(at + 32, little) + view.getUint32(at + 36, little))
    if (command === 0x19)
      end = Math.max(end, Number(view.getBigUint64(at + 40, little) + view.getBigUint64(at + 48, little)))
    at += size
  }
  return { ...facts, ...(end > at && end <= length ? { length: end } : {}) }
}

/** Programs for several processors in one file. */
function readFat(view: DataView, length: number): ExecutableFacts {
  let end = 0
  const names: string[] = []
  for (let i = 0; i < Math.min(view.getUint32(4), 44) && 8 + i * 20 + 20 <= view.byteLength; i++) {
    const at = 8 + i * 20
    names.push(machines[view.getUint32(at)] ?? 'other')
    end = Math.max(end, view.getUint32(at + 8) + view.getUint32(at + 12))
  }
  return { role: 'universal', machine: names.join(' and '), ...(end > 28 && end <= length ? { length: end } : {}) }
}
