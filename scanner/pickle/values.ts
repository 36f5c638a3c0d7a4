/**
 * An abstract value is one 32-bit number: its kind in the low 4 bits, what is known of it above. A pickle of twelve million opcodes
 * then needs no object per opcode, and nothing is ever constructed.
 */
export type Value = number

/** Nothing is known: a missing memo entry, an out-of-band value. */
export const UNKNOWN = 0
/** Data that cannot be called and has no parts of interest; the payload is one of `plain`. */
export const PLAIN = 1
/** The payload is the number plus `intBias`. */
export const INT = 2
/** The payload is an index into the texts of the heap. */
export const TEXT = 3
/** A text that begins with two underscores. */
export const DUNDER = 4
/** The payload is an index into the numbers of the heap. */
export const NUMBER = 5
export const LIST = 6
/** The payload is 0, or one more than where its pairs stand as a tuple. */
export const DICT = 7
export const SET = 8
/** The payload is where the elements stand in the heap; see `emptyTuple`, `forgottenTuple`. */
export const TUPLE = 9
/** An imported module attribute; the payload is its number in the heap. */
export const GLOBAL = 10
/** What a call gave; the payload is its number in the heap. */
export const MADE = 11
/** What the loader supplies for a persistent id, such as a tensor storage. */
export const PERSISTENT = 12
/** A byte string of some length; the payload tells which of the latest. */
export const BYTES = 13

/** Payloads of PLAIN. */
export const plain = { none: 1, true: 2, false: 3, float: 4, bytes: 5, longText: 6, hugeInt: 7, buffer: 8 } as const

export const intBias = 2 ** 27
const payloadLimit = 2 ** 28
/** Payload of a text, tuple or made thing beyond what is kept track of. */
export const untracked: number = payloadLimit - 1
export const emptyTuple: Value = valueOf(TUPLE, untracked - 1)
export const forgottenTuple: Value = valueOf(TUPLE, untracked)

export function valueOf(kind: number, payload: number): Value {
  return (payload << 4) | kind
}

export function kindOf(value: Value): number {
  return value & 15
}

export function payloadOf(value: Value): number {
  return value >>> 4
}

/** True for values that cannot be anything but data: they hold no callable and no object of a class. */
export function isData(value: Value): boolean {
  const kind = value & 15
  return (kind >= PLAIN && kind <= TUPLE) || kind === BYTES
}
