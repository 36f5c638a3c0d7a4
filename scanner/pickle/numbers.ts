import type { Input } from './input.ts'

/** A little-endian signed integer of at most 7 bytes. */
export function longValue(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
  return length > 0 && (bytes[at + length - 1] ?? 0) >= 128 ? value - 256 ** length : value
}

/** What an INT or LONG line says; undefined when it is no number that a double holds exactly. */
export function intLine(line: string): number | 'true' | 'false' | undefined {
  if (line === '00' || line === '01') return line === '01' ? 'true' : 'false'
  const value = /^\s*[+-]?\d{1,15}L?\s*$/.test(line) ? Number(line.replace('L', '')) : Number.NaN
  return Number.isSafeInteger(value) ? value : undefined
}

const lineWindow = 65_536

/** Where the next line feed is, counted from the start of the reader; undefined when there is none. */
export function lineEnd(input: Input, from: number): number | undefined {
  const within = from - input.base
  const near = within >= 0 && within < input.limit ? input.bytes.indexOf(0x0a, within) : -1
  if (near >= 0) return input.base + near
  // Behind what the window holds.
  for (let at = Math.max(from, input.base + input.limit); at < input.size; at += lineWindow) {
    const window = input.peek(at, Math.min(lineWindow, input.size - at))
    if (window.length === 0) return undefined
    const found = window.indexOf(0x0a)
    if (found >= 0) return at + found
  }
  return undefined
}
