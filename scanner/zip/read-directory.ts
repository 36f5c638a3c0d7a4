import { Buffer } from 'node:buffer'
import { hasAt, u16At, u32At } from '../probe.ts'
import type { Reader } from '../reader.ts'
import { isPlain, readExtra } from './fields.ts'
import type { CentralRecord } from './types.ts'

export const centralSignature: readonly number[] = [0x50, 0x4b, 0x01, 0x02]
const fixed = 46
const windowSize = 256 * 1024

export type ReadDirectory = {
  records: CentralRecord[]
  /** Where reading stopped: behind the last record. */
  end: number
  /** False when the bound on members or names ended it. */
  whole: boolean
  /** Records with bytes of unknown purpose in their extra fields or comment. */
  odd: { offset: number; length: number }[]
}

/** Members an archive may have; torch archives have one per tensor, and the largest known have some 20,000. */
export const maxMembers: number = 120_000
const maxNameBytes = 24 * 1024 * 1024
const maxOdd = 1000

/**
 * The records of a central directory from a place on, as many as follow one another.
 * @param base what their offsets are counted from
 * @param limit where the directory must end
 */
export function readDirectory(reader: Reader, start: number, limit: number, base: number): ReadDirectory {
  const result: ReadDirectory = { records: [], end: start, whole: true, odd: [] }
  let nameBytes = 0
  let window = new Uint8Array(0) as Uint8Array
  let windowAt = start
  const need = (at: number, length: number): Uint8Array => {
    if (at < windowAt || at + length > windowAt + window.length) {
      windowAt = at
      window = reader.read(at, Math.max(length, windowSize))
    }
    return window.subarray(at - windowAt, at - windowAt + length)
  }
  for (let at = start; at + fixed <= limit; ) {
    const head = need(at, fixed)
    if (!hasAt(head, 0, centralSignature)) break
    const nameLength = u16At(head, 28)
    const length = fixed + nameLength + u16At(head, 30) + u16At(head, 32)
    if (at + length > limit) break
    nameBytes += nameLength
    if (result.records.length >= maxMembers || nameBytes > maxNameBytes) {
      result.whole = false
      break
    }
    const { record, explained } = recordOf(need(at, length), at, base)
    result.records.push(record)
    if (!explained && result.odd.length < maxOdd) result.odd.push({ offset: at, length })
    at += length
    result.end = at
  }
  return result
}

function recordOf(bytes: Uint8Array, at: number, base: number): { record: CentralRecord; explained: boolean } {
  const nameLength = u16At(bytes, 28)
  const extraLength = u16At(bytes, 30)
  const name = bytes.subarray(fixed, fixed + nameLength)
  const extra = readExtra(bytes.subarray(fixed + nameLength, fixed + nameLength + extraLength), name)
  const comment = bytes.subarray(fixed + nameLength + extraLength)
  // Only the values that do not fit are in the field, in this order.
  const wide = extra.zip64.values()
  const value = (narrow: number): number => (narrow === 0xffffffff ? (wide.next().value ?? narrow) : narrow)
  const size = value(u32At(bytes, 24))
  const packed = value(u32At(bytes, 20))
  const offset = value(u32At(bytes, 42))
  const record: CentralRecord = {
    at,
    raw: Buffer.from(name).toString('latin1'),
    flags: u16At(bytes, 8),
    method: u16At(bytes, 10),
    crc: u32At(bytes, 16),
    packed,
    size,
    offset: base + offset,
    mode: u16At(bytes, 40),
  }
  if (extra.unicode !== undefined) record.unicode = extra.unicode
  return { record, explained: extra.explained && isPlain(comment) }
}
