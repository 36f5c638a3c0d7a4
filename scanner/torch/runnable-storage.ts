import { Buffer } from 'node:buffer'
import { elfFormat } from '../formats/elf.ts'
import { machOFormat } from '../formats/mach-o.ts'
import { portableExecutableFormat } from '../formats/portable-executable.ts'
import { wasmFormat } from '../formats/wasm.ts'
import { partOf } from '../nested/part-of.ts'
import { probeWindow } from '../probe.ts'
import type { Reader } from '../reader.ts'

/** First bytes worth a closer look; anything else costs one small read. */
const firstBytes: ReadonlySet<number> = new Set([0x7f, 0x4d, 0xfe, 0xcf, 0xce, 0xca, 0x00])
const executables = [elfFormat, portableExecutableFormat, machOFormat, wasmFormat]
/**
 * A pickle that imports, in its first opcodes. Two bytes of a protocol begin one storage in 16,000 by chance, so more is asked for: a
 * frame, or module and name.
 */
const pickle =
  // oxlint-disable-next-line no-control-regex
  /^(?:\x80[\x02-\x05](?:\x95[^]{3}\0{5}|[^]{0,64}?c[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n|[^]{0,64}?\x8c[^][A-Za-z_][\w.]*(?:\x94|q[^])?\x8c[^][A-Za-z_][\w.]*(?:\x94|q[^])?\x93)|\(?c[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n)/
const script = /^#! ?\/[\w./-]+[ \n]/
const headBytes = 512
const tailBytes = 4096

/**
 * What else the bytes of a tensor are, such as a program or an archive, judged by where such a thing would have to begin or end; the bytes
 * between are never looked at. Undefined for what weights look like.
 */
export function runnableStorage(reader: Reader, offset: number, length: number): string | undefined {
  const head = Buffer.from(reader.read(offset, Math.min(headBytes, length))).toString('latin1')
  if (head.startsWith('PK\x03\x04')) return 'a ZIP archive'
  if (head.startsWith("7z\xbc\xaf'\x1c")) return 'a 7z archive'
  if (head.startsWith('Rar!\x1a\x07')) return 'a RAR archive'
  if (pickle.test(head)) return 'a pickle'
  if (script.test(head)) return 'a script'
  if (firstBytes.has(head.charCodeAt(0)) && length >= 64) {
    const window = probeWindow(partOf(reader, offset, length), 0, '')
    const found = executables.find(({ probe }) => probe(window)?.offset === 0)
    if (found !== undefined) return found.title
  }
  const tail = Buffer.from(reader.read(offset + Math.max(0, length - tailBytes), Math.min(tailBytes, length)))
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  const isEnd = end >= 0 && end + 22 <= tail.length && end + 22 + tail.readUInt16LE(end + 20) === tail.length
  return isEnd ? 'a ZIP archive at its end' : undefined
}
