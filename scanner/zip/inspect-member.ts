import type { InspectContext, NestedFacts } from '../define-format.ts'
import type { Reader } from '../reader.ts'
import { type OpenedMember, openMember } from './open-member.ts'
import { type Member, namesOf, type Reading } from './types.ts'

/** What inspecting a member taught: the facts of its first reading, and all that its pickles refer to. */
export type InspectedMember = {
  format: string | null
  found: unknown[]
  /** What the first way to read it gives. */
  content?: Reader
}

const symbolicLink = 0xa000
const fileType = 0xf000
const maxTarget = 4096

/** Inspects a member in every way that a loader may read it, and accounts for its bytes when all of them were read in full. */
export function inspectMember(context: InspectContext, member: Member): InspectedMember {
  const { cover } = context
  const result: InspectedMember = { format: null, found: [] }
  const readings = [member, ...(member.otherReadings ?? [])]
  const ways = readings.map((reading) => inspectReading(context, member, reading, result))
  const all = ways.every((way) => way.complete)
  const kind = ways[0]?.kind ?? 'parsed'
  if (all && ways.length > 0) {
    const read = Math.min(...ways.map((way) => way.read))
    cover(member.dataAt, read, kind)
  }
  return result
}

/** Where a symbolic link leads by its content, the member being one; undefined for anything else. */
export function linkTarget(context: InspectContext, member: Member): string | undefined {
  if ((member.mode & fileType) !== symbolicLink) return undefined
  const { reader } = openMember(context.reader, member.dataAt, member, context.budget)
  return new TextDecoder().decode(reader.read(0, maxTarget))
}

type Way = { complete: boolean; kind: 'parsed' | 'tensor' | 'inert'; read: number }

function inspectReading(context: InspectContext, member: Member, reading: Reading, result: InspectedMember): Way {
  const { observe } = context
  const opened = openMember(context.reader, member.dataAt, reading, context.budget)
  const where = { member: member.name, offset: member.at }
  const { problem, crc, slack } = opened
  const wrong = crc !== undefined && reading.crc !== undefined && crc !== reading.crc
  let encrypted = false
  if (member.encrypted) {
    // Lenient loaders ignore the mark, so it is ignored first; only content that then makes no sense is encrypted.
    encrypted = problem !== undefined || crc === undefined || wrong
    if (encrypted) observe({ code: 'archive.encrypted', ...where })
    else observe({ code: 'zip.flag-lie', ...where })
  } else {
    if (problem !== undefined) observe({ code: problem.code, ...where, detail: problem.detail })
    if (wrong) {
      const detail = `${hex(reading.crc ?? 0)} claimed, ${hex(crc)} found`
      observe({ code: 'archive.checksum', ...where, detail })
    }
  }
  const size = opened.reader.size
  result.content ??= opened.reader
  if (opened.complete && reading.size !== size && !encrypted) {
    const detail = `${reading.size} bytes claimed, ${size} found`
    observe({ code: 'zip.field-differs', ...where, detail })
  }
  if (slack > 0) observe({ code: 'zip.slack', ...where, detail: `${slack} bytes` })
  if (size === 0) return { complete: opened.complete, kind: 'parsed', read: reading.packed - slack }

  const seen = namesOf(member).map((name) => nestedFacts(context, name, opened))
  const first = seen[0]
  result.format ??= first?.format ?? null
  for (const { found } of seen) if (found !== undefined) result.found.push(found)
  return {
    complete: opened.complete && !encrypted && seen.every(({ complete }) => complete),
    kind: first === undefined ? 'parsed' : mostly(first),
    read: reading.packed - slack,
  }
}

function nestedFacts(context: InspectContext, name: string, opened: OpenedMember): NestedFacts {
  const { reader, offset } = opened
  return context.nested({ name, reader, ...(offset === undefined ? {} : { offset }) })
}

/** What most bytes of the content are. */
function mostly({ coverage }: NestedFacts): Way['kind'] {
  const { parsedBytes, tensorBytes, inertBytes } = coverage
  if (tensorBytes > parsedBytes + inertBytes) return 'tensor'
  return inertBytes > parsedBytes ? 'inert' : 'parsed'
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}
