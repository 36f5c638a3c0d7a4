import { hasAt, u16At, u32At } from '../probe.ts'
import type { Reader } from '../reader.ts'
import { u64At } from './fields.ts'
import { centralSignature } from './read-directory.ts'

/** An end-of-central-directory record, with its ZIP64 companion when it has one. */
export type EndRecord = {
  at: number
  /** Behind its comment, at most the end of the file. */
  end: number
  commentLength: number
  /** Members claimed. */
  count: number
  directorySize: number
  /** Counted from where the archive begins. */
  directoryOffset: number
  /** Where its ZIP64 records and their locator stand. */
  wide: { at: number; length: number }[]
  /** Places where a directory begins by this record, with the beginning of the archive that this means. */
  places: { at: number; base: number }[]
  /** What in the record contradicts itself. */
  contradiction?: string
}

export const endSignature: readonly number[] = [0x50, 0x4b, 0x05, 0x06]
const fixed = 22
const searched = 64 * 1024 + fixed
const maxEnds = 16

/**
 * Every end record in the last 64 KiB that leads to a directory, the last one first: that is the one which most loaders take.
 * @param start where the archive may begin at the earliest
 * @param end where it ends at the latest
 */
export function findEnds(reader: Reader, start: number, end: number): EndRecord[] {
  const from = Math.max(start, end - searched)
  const tail = reader.read(from, end - from)
  const ends: EndRecord[] = []
  for (let at = tail.length - fixed; at >= 0 && ends.length < maxEnds; at--) {
    if (tail[at] !== 0x50 || !hasAt(tail, at, endSignature)) continue
    const found = readEnd(reader, from + at, start, end)
    if (found !== undefined) ends.push(found)
  }
  return ends
}

/** The end record at a place; undefined when it leads to no directory. */
export function readEnd(reader: Reader, at: number, start: number, fileEnd: number): EndRecord | undefined {
  const bytes = reader.read(at, fixed)
  if (bytes.length < fixed || !hasAt(bytes, 0, endSignature)) return undefined
  const commentLength = u16At(bytes, 20)
  const end = Math.min(fileEnd, at + fixed + commentLength)
  const narrow = { count: u16At(bytes, 10), size: u32At(bytes, 12), offset: u32At(bytes, 16) }
  const wides = readWide(reader, at, start)
  const wide = wides[0]
  const complaints: string[] = []
  if (at + fixed + commentLength > fileEnd) complaints.push('the comment is longer than the file')
  if (u16At(bytes, 4) !== u16At(bytes, 6)) complaints.push('the archive claims to have several disks')
  if (u16At(bytes, 8) !== narrow.count) complaints.push('two counts of members differ')
  const places: EndRecord['places'] = []
  const add = (size: number, offset: number, behind: number): void => {
    for (const place of placesOf(reader, { size, offset, behind, start })) {
      if (!places.some((known) => known.at === place.at && known.base === place.base)) places.push(place)
    }
  }
  if (wide === undefined) add(narrow.size, narrow.offset, at)
  else {
    for (const one of wides) add(one.size, one.offset, one.at)
    if (wides.length > 1) complaints.push('there are two ZIP64 records')
    const differs =
      (narrow.size !== 0xffffffff && narrow.size !== wide.size) ||
      (narrow.offset !== 0xffffffff && narrow.offset !== wide.offset) ||
      (narrow.count !== 0xffff && narrow.count !== wide.count)
    if (differs) {
      complaints.push('the ZIP64 record says otherwise')
      if (narrow.offset !== 0xffffffff) add(narrow.size, narrow.offset, at)
    }
  }
  const isEmpty = (wide ?? narrow).count === 0 && (wide ?? narrow).size === 0
  if (places.length === 0 && !(isEmpty && end === fileEnd)) return undefined
  if (new Set(places.map((place) => place.at)).size > 1) complaints.push('its offset and its size lead to two places')
  return {
    at,
    end,
    commentLength,
    count: wide?.count ?? narrow.count,
    directorySize: wide?.size ?? narrow.size,
    directoryOffset: wide?.offset ?? narrow.offset,
    wide: [
      ...wides.map((one) => ({ at: one.at, length: wideLength })),
      ...(wide === undefined ? [] : [{ at: at - locatorLength, length: locatorLength }]),
    ],
    places,
    ...(complaints.length === 0 ? {} : { contradiction: complaints.join(', ') }),
  }
}

type Claim = { size: number; offset: number; behind: number; start: number }

/**
 * Readers count either back from the record or forward from the start of the archive. Both lead to the same place in an ordinary file,
 * and only the first of them in one that has other data in front.
 */
function placesOf(reader: Reader, { size, offset, behind, start }: Claim): EndRecord['places'] {
  const places: EndRecord['places'] = []
  const back = behind - size
  const isDirectory = (at: number): boolean =>
    size > 0 && at >= start && at < behind && hasAt(reader.read(at, 4), 0, centralSignature)
  if (isDirectory(back)) places.push({ at: back, base: back >= offset ? back - offset : start })
  // Some count from the start of the file even when the archive begins later.
  for (const base of new Set([start, 0])) {
    if (base + offset !== back && isDirectory(base + offset)) places.push({ at: base + offset, base })
  }
  return places
}

type Wide = { at: number; count: number; size: number; offset: number }

const wideLength = 56
const locatorLength = 20

/**
 * The ZIP64 end records that belong to an end record: some readers go where the locator points, others look right in front of it.
 * Source: APPNOTE.TXT, sections 4.3.14 and 4.3.15.
 */
function readWide(reader: Reader, endAt: number, start: number): Wide[] {
  const locatorAt = endAt - locatorLength
  const locator = reader.read(locatorAt, locatorLength)
  if (locatorAt < start || !hasAt(locator, 0, [0x50, 0x4b, 0x06, 0x07])) return []
  const found: Wide[] = []
  for (const at of new Set([locatorAt - wideLength, u64At(locator, 8), start + u64At(locator, 8)])) {
    if (!(at >= start && at + wideLength <= locatorAt)) continue
    const bytes = reader.read(at, wideLength)
    if (!hasAt(bytes, 0, [0x50, 0x4b, 0x06, 0x06])) continue
    found.push({ at, count: u64At(bytes, 32), size: u64At(bytes, 40), offset: u64At(bytes, 48) })
  }
  return found
}
