import { DICT, LIST, PLAIN, plain, SET, type Value, valueOf } from './values.ts'

/** Values that opcodes push and of which no more is known than their kind. */
export const none: Value = valueOf(PLAIN, plain.none)
export const yes: Value = valueOf(PLAIN, plain.true)
export const no: Value = valueOf(PLAIN, plain.false)
export const float: Value = valueOf(PLAIN, plain.float)
export const bytesValue: Value = valueOf(PLAIN, plain.bytes)
export const longText: Value = valueOf(PLAIN, plain.longText)
export const hugeInt: Value = valueOf(PLAIN, plain.hugeInt)
export const buffer: Value = valueOf(PLAIN, plain.buffer)
export const list: Value = valueOf(LIST, 0)
export const dict: Value = valueOf(DICT, 0)
export const set: Value = valueOf(SET, 0)
