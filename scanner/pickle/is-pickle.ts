import { deniedReason, permissionOf } from '../globals/policy.ts'
import { isOpcode, walkPickleHead } from './walk-head.ts'

/** True when bytes begin as a pickle of any protocol does. Protocols 0 and 1 have no signature: their first opcodes must make a program. */
export function isPickle(head: Uint8Array): boolean {
  const protocol = head[1] ?? 0xff
  // What follows PROTO may be broken on purpose: loaders run a stream up to where it breaks.
  if (head[0] === 0x80 && protocol <= 5) return head.length < 3 || isOpcode(head[2])
  // The first letter of a ZIP is an opcode too (PERSID), at which every loader of pickles stops.
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) return false
  if (namesKnownGlobal(head)) return true
  const walked = walkPickleHead(head)
  // Text can look like a few opcodes by chance; naming a callable and calling it, or a whole container up to STOP, cannot.
  return (
    walked.call || (walked.stopped && (walked.global || walked.opcodes >= 3)) || (walked.cut && walked.opcodes >= 64)
  )
}

/** True for a first import of something on a list, whatever comes behind: loaders do it before they find the rest broken. */
function namesKnownGlobal(head: Uint8Array): boolean {
  if (head[0] !== 0x63 && head[0] !== 0x28) return false
  const start = String.fromCharCode(...head.subarray(0, 256))
  const match = /^\({0,8}c([\w.]{1,100})\r?\n([\w.]{1,100})\r?\n/.exec(start)
  const [, module, name] = match ?? []
  if (module === undefined || name === undefined) return false
  return permissionOf(module, name) !== undefined || deniedReason(module, name) !== undefined
}

/**
 * Where in a window the next stream begins that is worth following: one with a protocol that runs to its STOP or calls, or one that
 * names and calls. -1 when there is none.
 * @param sure only streams that begin with PROTO and call
 */
export function findPickle(window: Uint8Array, from: number, sure: boolean = false): number {
  for (let at = from; at < window.length; at++) {
    const byte = window[at] ?? 0
    // PROTO, GLOBAL, INST, MARK, FRAME and a text are how a stream that calls can begin.
    if (sure && byte !== 0x80) continue
    if (byte === 0x80 ? (window[at + 1] ?? 0xff) > 5 : byte !== 0x63 && byte !== 0x28 && byte !== 0x95 && byte !== 0x8c)
      continue
    const walked = walkPickleHead(window.subarray(at, at + 2048))
    if (walked.call || (!sure && byte === 0x80 && walked.stopped && walked.opcodes >= 2)) return at
  }
  return -1
}
