import { u32At } from '../probe.ts'

/** What a look at the first opcodes of a possible pickle shows. */
export type PickleHead = {
  /** Opcodes read before the stream ended, broke, or the window was used up. */
  opcodes: number
  /** An opcode that names a module and attribute was seen. */
  global: boolean
  /** An opcode that calls was seen after one that names. */
  call: boolean
  /** The STOP opcode was reached. */
  stopped: boolean
  /** The window ended inside the stream. */
  cut: boolean
}

/** Stack effect and argument of each opcode. Source: CPython Lib/pickletools.py. */
type Argument = number | 'line' | 'line2' | 'int-line' | 'len1' | 'len4' | 'len8'
type Opcode = { argument: Argument; needs: number; leaves: number; names?: true; calls?: true; toMark?: true }

const table = new Map<number, Opcode>()
const define = (codes: string, argument: Argument, needs: number, leaves: number, more: Partial<Opcode> = {}): void => {
  for (const code of codes) table.set(code.charCodeAt(0), { argument, needs, leaves, ...more })
}
define('N\x88\x89)]}\x8f', 0, 0, 1)
define('(', 0, 0, 1)
define('K', 1, 0, 1)
define('M', 2, 0, 1)
define('J', 4, 0, 1)
define('G', 8, 0, 1)
define('ILF', 'int-line', 0, 1)
define('SV', 'line', 0, 1)
define('P', 'line', 0, 1)
define('UC\x8c\x8a', 'len1', 0, 1)
define('TBX\x8b', 'len4', 0, 1)
define('\x8d\x8e\x96', 'len8', 0, 1)
define('p', 'int-line', 1, 1)
define('q', 1, 1, 1)
define('r', 4, 1, 1)
define('\x94', 0, 1, 1)
define('g', 'int-line', 0, 1)
define('h', 1, 0, 1)
define('j', 4, 0, 1)
define('c', 'line2', 0, 1, { names: true })
define('\x93', 0, 2, 1, { names: true })
define('i', 'line2', 0, 1, { names: true, calls: true, toMark: true })
define('o', 0, 1, 1, { calls: true, toMark: true })
define('R\x81', 0, 2, 1, { calls: true })
define('\x92', 0, 3, 1, { calls: true })
define('b', 0, 2, 1, { calls: true })
define('\x82', 1, 0, 1, { names: true })
define('\x83', 2, 0, 1, { names: true })
define('\x84', 4, 0, 1, { names: true })
define('tld1eu\x90\x91', 0, 1, 1, { toMark: true })
define('a', 0, 2, 1)
define('s', 0, 3, 1)
define('0', 0, 1, 0)
define('2', 0, 1, 2)
define('\x85Q', 0, 1, 1)
define('\x86', 0, 2, 1)
define('\x87', 0, 3, 1)
define('\x97', 0, 0, 1)
define('\x98', 0, 1, 1)
define('\x80', 1, 0, 0)
define('\x95', 8, 0, 0)

const maxOpcodes = 4096
/** Loaders look up whatever stands there; odd names are how streams hide from scanners. */
const nameLine = /^[\x21-\x7e]{1,256}\r?$/
const stop = 0x2e
const stackGlobal = 0x93
/** Opcodes that push a text. */
const textCodes: ReadonlySet<number> = new Set([0x8c, 0x58, 0x8d, 0x55, 0x54, 0x56, 0x53])

/**
 * Follows opcodes without executing anything and without keeping any value. Ends at the first byte that no pickle has there.
 */
export function walkPickleHead(bytes: Uint8Array): PickleHead {
  const seen: PickleHead = { opcodes: 0, global: false, call: false, stopped: false, cut: false }
  let at = 0
  let depth = 0
  let texts = 0
  const marks: number[] = []
  while (seen.opcodes < maxOpcodes) {
    if (at >= bytes.length) return { ...seen, cut: true }
    const code = bytes[at] ?? 0
    if (code === stop) return { ...seen, stopped: depth > 0 }
    const opcode = table.get(code)
    if (opcode === undefined || depth < opcode.needs) return seen
    const next = argumentEnd(bytes, at + 1, opcode.argument)
    if (next === undefined) return seen
    if (next > bytes.length) return { ...seen, cut: true }
    if (code === 0x28) marks.push(depth)
    if (opcode.toMark === true) {
      const mark = marks.pop()
      if (mark === undefined) return seen
      // `a(...e` and its like fold what is above the mark into the value below it, or into a new one.
      depth = mark
      if (['e', 'u', '\x90'].includes(String.fromCharCode(code)) && depth > 0) depth -= 1
    } else depth -= opcode.needs
    depth += opcode.leaves
    seen.opcodes++
    if (textCodes.has(code)) texts++
    const names = opcode.names === true && (code !== stackGlobal || texts >= 2)
    if (opcode.calls === true && (seen.global || names)) seen.call = true
    if (names) seen.global = true
    at = next
  }
  return { ...seen, cut: true }
}

/** Where an argument ends; beyond the window when it does not fit; undefined when it is malformed. */
function argumentEnd(bytes: Uint8Array, at: number, argument: Argument): number | undefined {
  if (typeof argument === 'number') return at + argument
  if (argument === 'len1') return at + 1 + (bytes[at] ?? 0)
  if (argument === 'len4') return at + 4 + u32At(bytes, at)
  if (argument === 'len8') return at + 8 + u32At(bytes, at) + u32At(bytes, at + 4) * 4294967296
  const end = lineEnd(bytes, at)
  if (end === undefined) return bytes.length - at < 4096 ? undefined : bytes.length + 1
  if (argument === 'line') return end + 1
  const line = String.fromCharCode(...bytes.subarray(at, end))
  if (argument === 'int-line')
    return /^-?[\d.]+(e[+-]?\d+)?L?$|^-?(inf|nan)$|^0[01]$/i.test(line.trim()) ? end + 1 : undefined
  const second = lineEnd(bytes, end + 1)
  if (second === undefined) return undefined
  const name = String.fromCharCode(...bytes.subarray(end + 1, second))
  return nameLine.test(line) && nameLine.test(name) ? second + 1 : undefined
}

/** True when some opcode begins with this byte. */
export function isOpcode(byte: number | undefined): boolean {
  return byte !== undefined && (byte === stop || table.has(byte))
}

function lineEnd(bytes: Uint8Array, at: number): number | undefined {
  const end = bytes.subarray(at, at + 4096).indexOf(0x0a)
  return end < 0 ? undefined : at + end
}
