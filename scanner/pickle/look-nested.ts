import { Buffer } from 'node:buffer'
import { walkPickleHead } from './walk-head.ts'

/** The first bytes of a constant that are looked at. */
export const lookedAt = 4_096

/** How a constant carries a pickle. */
export type NestedPickle = 'bytes' | 'base64' | 'hex'

/** First bytes of a constant that may be a pickle: PROTO, the opcodes that streams without one begin with, and these in base64 and hexadecimal. */
const beginnings: ReadonlySet<number> = new Set(
  Array.from('\x80\x95\x8cc(])}igY8', (character) => character.charCodeAt(0)),
)

/** False for nearly all constants, at the price of one look. */
export function mayBeNested(first: number | undefined, length: number): boolean {
  return length >= 4 && beginnings.has(first ?? 0)
}

/**
 * Tells whether a constant of a pickle is itself a pickle, plain or as text. Chance must not do: it has to name something and use it, or
 * to run from its protocol to its STOP.
 * @param head the first `lookedAt` bytes of the constant
 * @param length bytes of the constant
 */
export function lookNested(head: Uint8Array, length: number): NestedPickle | undefined {
  if (length < 4) return undefined
  if (isNested(head, length)) return 'bytes'
  const [first = 0, second = 0] = head
  // The beginnings of 0x80 and of protocol-0 imports in base64, and of 0x80 in hexadecimal.
  const base64 = (first === 0x67 && second === 0x41) || (first === 0x59 && second >= 0x32 && second <= 0x33)
  const hex = first === 0x38 && second === 0x30
  if (!base64 && !hex) return undefined
  const text = Buffer.from(head).toString('latin1')
  if (base64 && /^[A-Za-z0-9+/_\-\r\n]{16,}={0,2}\s*$/.test(text)) {
    const decoded = Buffer.from(text, 'base64')
    if (isNested(decoded, Math.floor((length * 3) / 4))) return 'base64'
  }
  if (
    hex &&
    /^[0-9a-fA-F]{12,}\s*$/.test(text) &&
    isNested(Buffer.from(text.trim().slice(0, text.trim().length & ~1), 'hex'), length >> 1)
  )
    return 'hex'
  return undefined
}

function isNested(head: Uint8Array, length: number): boolean {
  const first = head[0] ?? 0
  const hasProtocol = first === 0x80 && (head[1] ?? 0xff) <= 5
  // GLOBAL, MARK, the empty containers and FRAME begin the streams that name no protocol.
  if (!hasProtocol && !/^[c(\]})i\x95\x8c]/.test(String.fromCharCode(first))) return false
  const walked = walkPickleHead(head)
  if (walked.call) return true
  if (!hasProtocol) return walked.stopped && walked.global
  // Whoever unpickles it imports before it finds the rest broken.
  return (
    walked.global || (walked.stopped && walked.opcodes >= 1) || (walked.cut && length > lookedAt && walked.opcodes >= 8)
  )
}
