import type { InspectContext } from '../define-format.ts'
import { escapeText, hexOf } from '../evidence.ts'
import { hasAt } from '../probe.ts'
import { isPlain, shownName } from './fields.ts'
import { type EndRecord, findEnds, readEnd } from './find-ends.ts'
import { memberOf, mergeMember } from './member-of.ts'
import { centralSignature, maxMembers, readDirectory } from './read-directory.ts'
import { descriptorLength, localSignature, readLocal } from './read-local.ts'
import { sizeUnlisted } from './size-unlisted.ts'
import type { CentralRecord, Member } from './types.ts'

export type Layout = {
  /** The union of what directories list and what a walk over the file finds, in the order of the file. */
  members: Member[]
  /** Where the archive ends by its last end record. */
  end: number
}

type Range = { at: number; end: number }

const descriptorFlag = 0x0008
/** Gaps are searched for members this far, in all. */
const maxSearched = 64 * 1024 * 1024
const searchStep = 1024 * 1024
/** Zeros up to this are padding. */
const maxPadding = 1024 * 1024

/**
 * Reads an archive from both ends: its directories, and its bytes one after the other. Notes every disagreement. Undefined when all of it
 * was inspected before.
 */
export function readLayout(context: InspectContext): Layout | undefined {
  const { reader, offset: start, observe, cover } = context
  const fileEnd = start + context.length
  const found = findEnds(reader, start, fileEnd)
  const last = found[0]
  if (last !== undefined && context.alreadyInspected(start, last.end - start)) return undefined
  const members = new Map<number, Member>()
  const listed = new Map<number, CentralRecord[]>()
  const structures: Range[] = []
  const directoriesRead = new Set<string>()
  let recordCount = 0
  let searched = 0
  let full = false

  function addDirectory(at: number, base: number, limit: number): number {
    const key = `${at}/${base}`
    if (directoriesRead.has(key)) return at
    directoriesRead.add(key)
    const { records, end, whole, odd } = readDirectory(reader, at, limit, base)
    structures.push({ at, end })
    let covered = at
    for (const { offset, length } of odd) {
      cover(covered, offset - covered, 'parsed')
      covered = offset + length
    }
    cover(covered, end - covered, 'parsed')
    for (const record of records) {
      const here = listed.get(record.offset)
      if (++recordCount > maxMembers) full = true
      else if (here === undefined) listed.set(record.offset, [record])
      else here.push(record)
    }
    if (!whole) full = true
    return end
  }

  function addEnd(end: EndRecord): void {
    if (end.contradiction !== undefined) observe({ code: 'zip.directory', offset: end.at, detail: end.contradiction })
    for (const [index, place] of end.places.entries()) {
      const limit = end.wide.find(({ at }) => at > place.at)?.at ?? end.at
      const before = recordCount
      const reached = addDirectory(place.at, place.base, limit)
      const records = recordCount - before
      const honest = reached === limit && records === end.count && reached - place.at === end.directorySize
      if (index === 0 && !full && end === found[0] && !honest) {
        const detail = `${end.count} members in ${end.directorySize} bytes claimed, ${records} in ${reached - place.at} found`
        observe({ code: 'zip.directory', offset: end.at, detail })
      }
    }
    for (const { at, length } of end.wide) {
      structures.push({ at, end: at + length })
      cover(at, length, 'parsed')
    }
    structures.push({ at: end.at, end: end.end })
    cover(end.at, 22, 'parsed')
    const comment = reader.read(end.at + 22, end.end - end.at - 22)
    if (isPlain(comment)) cover(end.at + 22, comment.length, 'parsed')
    else if (comment.length > 0) {
      const evidence = hexOf(comment)
      observe({ code: 'zip.gap', offset: end.at + 22, detail: 'a comment that is no text', evidence })
    }
  }

  /** Makes members of what the directories list since the last call. */
  function resolveListed(): void {
    for (const [at, central] of listed) {
      const known = members.get(at)
      if (known !== undefined) {
        mergeMember(known, central, observe)
        continue
      }
      const local = readLocal(reader, at)
      if (local === undefined) {
        const name = shownName(central[0]?.raw ?? '')
        observe({ code: 'zip.no-local-header', member: name, offset: central[0]?.at ?? 0, detail: `expected at ${at}` })
      } else coverHeader(at, local.header.dataAt, local.explained, shownName(local.header.raw))
      const member = memberOf(central, local?.header, observe)
      if (member === undefined) continue
      if (central.length > 1) {
        member.shared = true
        const detail = `the directory lists the bytes from ${at} ${central.length} times`
        observe({ code: 'archive.overlap', member: member.name, offset: at, detail })
      }
      if (at < start || member.dataEnd > fileEnd) {
        const detail = `bytes up to ${member.dataEnd}, the file has ${fileEnd}`
        observe({ code: 'archive.broken', member: member.name, offset: at, detail })
        member.dataEnd = Math.min(member.dataEnd, fileEnd)
      }
      const flags = (local?.header.flags ?? 0) | (central[0]?.flags ?? 0)
      addMember(member, flags)
    }
    listed.clear()
  }

  function coverHeader(at: number, dataAt: number, explained: boolean, name: string): void {
    if (explained) cover(at, dataAt - at, 'parsed')
    else observe({ code: 'zip.gap', member: name, offset: at, detail: 'bytes of unknown purpose in the header' })
  }

  function addMember(member: Member, flags: number): void {
    members.set(member.at, member)
    member.end = member.dataEnd
    if ((flags & descriptorFlag) !== 0) {
      const said = { crc: member.crc ?? 0, packed: member.packed, size: member.size }
      const contentEnd = member.dataAt + member.packed
      const length = descriptorLength(reader, contentEnd, said)
      cover(contentEnd, length, 'parsed')
      member.end = Math.max(member.end, contentEnd + length)
    }
    structures.push(member)
  }

  /** A member that only its own header tells of. Returns where it ends. */
  function addUnlisted(at: number, limit: number): number | undefined {
    const local = readLocal(reader, at)
    if (local === undefined || members.has(at)) return undefined
    if (members.size >= maxMembers) {
      full = true
      return undefined
    }
    const header = sizeUnlisted(context, local.header, limit)
    if (header === undefined) return undefined
    const member = memberOf([], header, observe)
    if (member === undefined) return undefined
    coverHeader(at, header.dataAt, local.explained, shownName(header.raw))
    if (member.dataEnd > limit) {
      const detail = `bytes up to ${member.dataEnd}, there are bytes up to ${limit}`
      observe({ code: 'archive.broken', member: member.name, offset: at, detail })
      member.dataEnd = limit
    }
    addMember(member, header.flags)
    return Math.max(at + 30, member.end)
  }

  /** Walks from the start when no end record is where it should be, and takes the directory and the end record that it meets. */
  function walk(): number {
    let at = start
    const places: number[] = []
    for (let steps = 0; at < fileEnd && steps < maxMembers; steps++) {
      const head = reader.read(at, 4)
      if (hasAt(head, 0, localSignature)) {
        const local = readLocal(reader, at)
        const header = local === undefined ? undefined : sizeUnlisted(context, local.header, fileEnd)
        if (header === undefined) break
        at = header.dataAt + header.packed
        const said = { crc: header.crc, packed: header.packed, size: header.size }
        if ((header.flags & descriptorFlag) !== 0) at += descriptorLength(reader, at, said)
      } else if (hasAt(head, 0, centralSignature)) {
        places.push(at)
        at = readDirectory(reader, at, fileEnd, start).end
        if (at === places.at(-1)) break
      } else if (hasAt(head, 0, [0x50, 0x4b, 0x06, 0x06])) at += 56
      else if (hasAt(head, 0, [0x50, 0x4b, 0x06, 0x07])) at += 20
      else {
        const end = readEnd(reader, at, start, fileEnd)
        if (end !== undefined) found.push(end)
        break
      }
    }
    if (found.length === 0) for (const place of places) addDirectory(place, start, fileEnd)
    return Math.min(at, fileEnd)
  }

  /** Bytes that nothing owns: padding, a member that no directory lists, or a place to hide in. */
  function fill(from: number, to: number): void {
    if (isPadding(from, to)) {
      cover(from, to - from, 'parsed')
      return
    }
    let at = from
    let lastSeen = from
    while (at < to && searched < maxSearched && !full) {
      const bytes = reader.read(at, Math.min(searchStep, to - at))
      searched += bytes.length
      const hit = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf('PK\x03\x04', 0, 'latin1')
      if (hit < 0) {
        if (at + bytes.length >= to) break
        at += Math.max(1, bytes.length - 3)
        continue
      }
      const place = at + hit
      const next = addUnlisted(place, to)
      if (next === undefined) at = place + 4
      else {
        const name = members.get(place)?.name ?? ''
        if (found.length > 0) observe({ code: 'zip.unlisted', member: name, offset: place })
        if (place > lastSeen) noteGap(lastSeen, place)
        at = next
        lastSeen = next
      }
    }
    if (lastSeen < to) noteGap(lastSeen, to)
  }

  function noteGap(from: number, to: number): void {
    if (isPadding(from, to)) return cover(from, to - from, 'parsed')
    const evidence = hexOf(reader.read(from, 16))
    observe({ code: 'zip.gap', offset: from, detail: `${to - from} bytes from ${from}`, evidence })
  }

  function isPadding(from: number, to: number): boolean {
    return to - from <= maxPadding && reader.read(from, to - from).every((byte) => byte === 0)
  }

  if (start > 0) observe({ code: 'zip.front', offset: 0, detail: `the archive begins at byte ${start}` })
  let walkedTo = start
  if (found.length === 0) walkedTo = walk()
  const primary = found[0]
  if (primary === undefined) observe({ code: 'zip.no-directory', offset: walkedTo })
  else {
    addEnd(primary)
    resolveListed()
    for (const end of found.slice(1)) {
      const from = Math.min(...end.places.map(({ base }) => base))
      // An archive stored in an archive has its own end record; it is read as a member.
      const isMember = [...members.values()].some((one) => one.dataAt <= from && end.end <= one.dataEnd)
      if (isMember) continue
      const detail = `one ends at ${primary.end}, another at ${end.end}`
      observe({ code: 'zip.several-directories', offset: end.at, detail })
      addEnd(end)
      resolveListed()
    }
  }
  resolveListed()

  const end = primary === undefined ? walkedTo : Math.max(...found.map((one) => one.end))
  noteOverlaps(structures, members, observe)
  for (const gap of gapsBetween(structures, start, end)) fill(gap.at, gap.end)
  if (full) {
    observe({ code: 'archive.count', offset: start, detail: `more than ${maxMembers}` })
    observe({ code: 'scan.limit', offset: start, detail: `${maxMembers} members of the archive were read` })
  }
  return { members: [...members.values()].sort((a, b) => a.at - b.at), end }
}

function gapsBetween(ranges: readonly Range[], start: number, end: number): Range[] {
  const gaps: Range[] = []
  let reached = start
  for (const range of [...ranges].sort((a, b) => a.at - b.at)) {
    if (range.at > reached) gaps.push({ at: reached, end: Math.min(range.at, end) })
    reached = Math.max(reached, range.end)
  }
  if (end > reached) gaps.push({ at: reached, end })
  return gaps.filter((gap) => gap.end > gap.at)
}

function noteOverlaps(ranges: Range[], members: ReadonlyMap<number, Member>, observe: InspectContext['observe']): void {
  ranges.sort((a, b) => a.at - b.at || a.end - b.end)
  let previous: Range | undefined
  for (const range of ranges) {
    if (previous !== undefined && range.at < previous.end && range.end > range.at) {
      const one = members.get(range.at)
      const other = members.get(previous.at)
      // Two readings of the same directory are no members.
      if (one !== undefined || other !== undefined) {
        const detail = `the bytes from ${range.at} belong to ${escapeText(other?.name ?? 'the directory', 120)} too`
        observe({ code: 'archive.overlap', member: one?.name ?? '', offset: range.at, detail })
        if (one !== undefined) one.shared = true
        if (other !== undefined) other.shared = true
      }
    }
    if (previous === undefined || range.end > previous.end) previous = range
  }
}
