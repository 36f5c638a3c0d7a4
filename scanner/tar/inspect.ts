import { Buffer } from 'node:buffer'
import { checkMemberName } from '../archive/check-member-name.ts'
import { archiveKind } from '../archive/kind-of.ts'
import { createMemberNames } from '../archive/member-names.ts'
import type { ArchiveHeader, ArchiveMember } from '../archive/types.ts'
import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText, hexOf } from '../evidence.ts'
import { partOf } from '../nested/part-of.ts'
import { block, readTarHeader, type TarHeader } from './read-header.ts'
import { type Pax, readPax } from './read-pax.ts'

const maxMembers = 120_000
const maxListed = 200
/** Long names and pax headers; honest ones have hundreds of bytes. */
const maxExtension = 256 * 1024
/** Zeros behind the end that are read; drives pad to 10 KiB, some tools to more. */
const maxZeros = 64 * 1024 * 1024
const step = 1024 * 1024
/** Blocks searched for the next header after one that is broken. */
const maxResync = 65_536

/** Sizes from here on do not fit the plain header, which then says 0. */
const plainLimit = 2 ** 33

type Extensions = { pax: Pax; longName?: string; longLink?: string }

/**
 * Reads a tar archive member by member: v7, ustar, pax and GNU. Archives behind the end of the first one, which some readers go on to,
 * are read as well.
 */
export function inspectTar(context: InspectContext): Inspected {
  const { reader, offset: start, observe, cover } = context
  const fileEnd = start + context.length
  const names = createMemberNames(observe)
  const all: { name: string }[] = []
  const listed: ArchiveMember[] = []
  let claimedBytes = 0
  let extensions: Extensions = { pax: { sparse: false } }
  let at = start
  let end = start
  let afterEnd = false
  let stopped = false
  let lost = false

  while (at + block <= fileEnd && !stopped) {
    const bytes = reader.read(at, block)
    if (isZero(bytes)) {
      const next = skipZeros(at)
      cover(at, next - at, 'parsed')
      end = next
      // A lone block of zeros is no end to some readers.
      if (next - at < 2 * block && next === fileEnd) break
      at = next
      afterEnd = true
      continue
    }
    const header = readTarHeader(bytes)
    if (header === undefined || !header.checksumHolds || !Number.isSafeInteger(header.size)) {
      // Behind the end anything but another header is no matter of tar.
      if (afterEnd) break
      const next = resync(at)
      const detail = next === undefined ? 'no other header follows' : `the next header is at ${next}`
      const evidence = hexOf(bytes)
      observe({ code: 'tar.checksum', offset: at, detail, evidence })
      if (next === undefined) {
        lost = true
        break
      }
      at = next
      continue
    }
    if (afterEnd) observe({ code: 'archive.trailing', offset: at, detail: `another member after the end, at ${at}` })
    afterEnd = false
    if (all.length >= maxMembers) {
      observe({ code: 'archive.count', offset: at, detail: `more than ${maxMembers}` })
      observe({ code: 'scan.limit', offset: at, detail: `${maxMembers} members of the archive were read` })
      lost = true
      break
    }
    at = readEntry(at, header)
    end = Math.min(at, fileEnd)
  }
  names.finish()
  // Nothing says where the archive ends, so the rest stays unaccounted for.
  if (lost) return { header: factsOf(), end: fileEnd }
  if (end < fileEnd) {
    const detail = `${fileEnd - end} bytes from ${end} to the end of the file`
    observe({ code: 'archive.trailing', offset: end, detail })
  } else if (!afterEnd) {
    // A file that is cut between two members looks whole but for this.
    observe({ code: 'archive.broken', offset: end, detail: 'the two zero blocks at the end are missing' })
  }
  return { header: factsOf(), end }

  /** Reads one header with its content; returns where the next one is. */
  function readEntry(place: number, header: TarHeader): number {
    const dataAt = place + block
    cover(place, block, 'parsed')
    if ('xgLK'.includes(header.type)) return readExtension(place, header)
    const { pax, longName, longLink } = extensions
    extensions = { pax: { sparse: false } }
    const name = pax.path ?? longName ?? header.name
    const target = pax.linkPath ?? longLink ?? header.linkName
    const where = { member: name, offset: place }
    if (pax.size !== undefined && pax.size !== header.size && !(header.size === 0 && pax.size >= plainLimit)) {
      // Readers that skip by the one find other members than those that skip by the other.
      const detail = `${pax.size} bytes by the extended header, ${header.size} by the plain one`
      observe({ code: 'tar.size-differs', ...where, detail })
    }
    const isLink = header.type === '1' || header.type === '2'
    // Nothing follows a link or a folder, whatever its size says.
    const size = isLink || '3456'.includes(header.type) ? 0 : (pax.size ?? header.size)
    names.add({ name, offset: place, ...(isLink ? { link: { target, hard: header.type === '1' } } : {}) })
    if (header.name !== name && header.name !== '' && !name.startsWith(header.name))
      checkMemberName(header.name, observe, place)
    if ('346'.includes(header.type)) observe({ code: 'archive.device', ...where, detail: `type ${header.type}` })
    if (pax.sparseName !== undefined) checkMemberName(pax.sparseName, observe, place)
    all.push({ name })
    if (size > 0) claimedBytes += size
    const sparse = pax.sparse || header.type === 'S'
    const format = Number.isSafeInteger(size) ? inspectContent(name, place, size, sparse) : null
    if (listed.length < maxListed)
      listed.push({ name: escapeText(name), size: Number.isSafeInteger(size) ? size : null, method: 'stored', format })
    if (isLink && header.size > 0)
      observe({ code: 'tar.size-differs', ...where, detail: `a link that claims ${header.size} bytes of content` })
    if (!Number.isSafeInteger(size)) {
      observe({ code: 'archive.broken', ...where, detail: 'its size is no number' })
      return fileEnd
    }
    return coverPadding(dataAt, size)
  }

  function inspectContent(name: string, place: number, size: number, sparse: boolean): string | null {
    const dataAt = place + block
    const where = { member: name, offset: place }
    if (dataAt + size > fileEnd)
      observe({ code: 'archive.broken', ...where, detail: `bytes up to ${dataAt + size}, the file has ${fileEnd}` })
    if (sparse) observe({ code: 'archive.opaque', ...where, detail: 'stored as a sparse file' })
    const available = Math.min(size, fileEnd - dataAt)
    if (available <= 0) return null
    const seen = context.nested({ name, reader: partOf(reader, dataAt, available), offset: dataAt })
    if (seen.complete && !sparse && available === size) {
      const { tensorBytes, parsedBytes, inertBytes } = seen.coverage
      const isTensor = tensorBytes > parsedBytes + inertBytes
      cover(dataAt, size, isTensor ? 'tensor' : inertBytes > parsedBytes ? 'inert' : 'parsed')
    }
    return seen.format
  }

  /** The rest of the last block. */
  function coverPadding(dataAt: number, size: number): number {
    const contentEnd = dataAt + size
    const next = dataAt + Math.ceil(size / block) * block
    if (contentEnd >= fileEnd) return next
    const padding = reader.read(contentEnd, Math.min(next, fileEnd) - contentEnd)
    if (isZero(padding)) cover(contentEnd, padding.length, 'parsed')
    else {
      const detail = `${padding.length} bytes behind the content of a member`
      observe({ code: 'zip.gap', offset: contentEnd, detail, evidence: hexOf(padding) })
    }
    return next
  }

  /** Long names and pax headers, which speak of the next member. */
  function readExtension(place: number, header: TarHeader): number {
    const dataAt = place + block
    const where = { offset: place, detail: `an extended header of ${header.size} bytes` }
    if (header.size > maxExtension || dataAt + header.size > fileEnd) {
      observe({ code: 'archive.broken', ...where })
      return coverPadding(dataAt, header.size)
    }
    const bytes = reader.read(dataAt, header.size)
    let whole = true
    if (header.type === 'x' || header.type === 'g') {
      const read = readPax(bytes)
      whole = read.whole
      // A global header holds until the next one; the last word is what readers take.
      extensions.pax = { ...extensions.pax, ...read.pax }
    } else {
      const text = Buffer.from(bytes).toString('utf8').replace(/\0+$/, '')
      if (header.type === 'L') extensions.longName = text
      else extensions.longLink = text
    }
    if (whole) cover(dataAt, header.size, 'parsed')
    else observe({ code: 'archive.broken', ...where, detail: 'an extended header that is none' })
    return coverPadding(dataAt, header.size)
  }

  function skipZeros(from: number): number {
    const limit = Math.min(fileEnd, from + maxZeros)
    for (let place = from; place < limit; ) {
      const bytes = reader.read(place, Math.min(step, limit - place))
      const other = bytes.findIndex((byte) => byte !== 0)
      if (other >= 0) return Math.max(from, place + other - ((place + other - start) % block))
      place += bytes.length
      if (bytes.length === 0) return place
    }
    if (limit < fileEnd) stopped = true
    return limit
  }

  /** The next place where a header with a right checksum stands. */
  function resync(from: number): number | undefined {
    for (let i = 1; i <= maxResync; i++) {
      const place = from + i * block
      if (place + block > fileEnd) return undefined
      const header = readTarHeader(reader.read(place, block))
      if (header?.checksumHolds === true) return place
    }
    return undefined
  }

  function factsOf(): ArchiveHeader {
    return {
      kind: 'tar',
      archive: archiveKind(all),
      memberCount: all.length,
      claimedBytes: Math.min(claimedBytes, Number.MAX_SAFE_INTEGER),
      members: listed,
    }
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}
