import { messageOf } from '../kernel/index.ts'
import { type CoverageLog, createCoverageLog } from './coverage.ts'
import { PastEnd } from './cursor.ts'
import { type Deadline, noDeadline, OutOfTime } from './deadline.ts'
import type { FormatDefinition, Inspected, Nested, NestedFacts } from './define-format.ts'
import { escapeText } from './evidence.ts'
import { formats } from './formats/index.ts'
import { isIncomplete } from './incomplete.ts'
import { type Budget, createBudget } from './nested/budget.ts'
import { createObservationLog, type ObservationLog } from './observations.ts'
import { baseName } from './path.ts'
import { probeWindow } from './probe.ts'
import type { Reader } from './reader.ts'
import type { ByteRange, FileFacts, FilePart, Observation } from './types.ts'
import { scannerVersion } from './version.ts'

export type InspectHints = {
  /** Path of the file in its repository. It chooses no inspector for binary formats and never lowers attention. */
  path?: string
}

/** Thrown by a reader's `onRead` to end an inspection from outside; passes through `inspect`. */
export class InspectionEnded extends Error {}

const maxParts = 16
/** Probes find formats by their end in the last 64 KiB. */
const seenAtEnd = 128 * 1024

/**
 * The facts about one file: what it is by content, what its structure says, which bytes are accounted for.
 * Never runs, renders or deserializes what it reads. Broken input gives observations, not errors; throws only what the reader throws
 * (and then nothing is known about the file). When the time of `deadline` is up, the facts are what was seen by then, and incomplete.
 */
export function inspect(reader: Reader, hints: InspectHints = {}, deadline: Deadline = noDeadline): FileFacts {
  return inspectWithin(reader, hints.path ?? '', createBudget(reader.size, deadline)).facts
}

/** The same for a file and for what is nested in it, which share a budget. */
function inspectWithin(reader: Reader, path: string, budget: Budget): { facts: FileFacts; found?: unknown } {
  const coverage = createCoverageLog(reader.size)
  const observations = createObservationLog()
  const parts: FilePart[] = []
  let primary: FormatDefinition | undefined
  let header: FileFacts['header']
  let found: unknown
  let claims: FileFacts['claims']

  const nestedRanges: ByteRange[] = []
  const boundaries = [0]
  const begun = new Set<string>()
  let isText = false
  const inTime = (): boolean => !budget.deadline.isOver()
  const claimsFrom = (boundary: number): FoundClaim[] => {
    try {
      if (boundary === 0) isText = probeWindow(reader, 0, path).text !== undefined
      return claimsAt(reader, boundary, path)
    } catch (error) {
      // Something within something whose time is up.
      if (!(error instanceof OutOfTime)) throw error
      return []
    }
  }
  for (let i = 0; i < boundaries.length && parts.length < maxParts && inTime(); i++) {
    const boundary = boundaries[i] ?? 0
    for (const claim of claimsFrom(boundary)) {
      if (!inTime()) break
      const name = `${claim.format.kind}@${claim.offset}`
      if (begun.has(name) || parts.length >= maxParts) continue
      // A member of an archive, inspected as that: what follows it belongs to the archive.
      if (nestedRanges.some(({ offset }) => offset === claim.offset && offset > 0)) continue
      const done = attempt(claim.format, claim.offset, { reader, path, coverage, observations, budget, nestedRanges })
      if (done === undefined) continue
      begun.add(name)
      const isFirst = parts.length === 0
      parts.push({
        format: claim.format.kind,
        offset: claim.offset,
        length: Math.max(0, Math.min(done.end, reader.size) - claim.offset),
        ...(isFirst || done.header === undefined ? {} : { facts: done.header }),
      })
      if (isFirst) {
        primary = claim.format
        header = done.header
        found = done.found
        claims = done.claims
      } else {
        observations.add({
          code: claim.format.canRun === true ? 'poly.runnable' : 'poly.data',
          offset: claim.offset,
          detail: `${claim.format.title} at byte ${claim.offset} of a file that begins as ${primary?.title ?? 'something else'}`,
          data: { format: claim.format.kind },
        })
      }
      if (done.end > boundary && done.end < reader.size && !boundaries.includes(done.end)) boundaries.push(done.end)
      // Guesses are alternatives of one another: the first that accepts the whole is what the text is.
      if (claim.certainty === 'guess') break
    }
  }

  if (!inTime())
    observations.add({
      code: 'scan.incomplete',
      detail: 'the time of the file was up, what was seen by then is kept',
      data: { cause: 'deadline' },
    })
  if (reader.size > 0 && parts.length === 0) {
    if (inTime()) observations.add({ code: 'scan.unknown-format', offset: 0, data: { title: 'unknown' } })
    parts.push({ format: 'unknown', offset: 0, length: reader.size })
  }
  const facts: FileFacts = {
    scannerVersion,
    size: reader.size,
    format: primary?.kind ?? (reader.size === 0 ? 'empty' : 'unknown'),
    title: primary?.title ?? (reader.size === 0 ? 'Empty file' : 'Unknown format'),
    parts,
    coverage: coverage.finish(),
    observations: observations.finish(),
    ...(header === undefined ? {} : { header }),
    ...(claims === undefined || claims.length === 0 ? {} : { claims }),
    ...(isText ? { readAs: baseName(path).toLowerCase() } : {}),
  }
  return { facts, found }
}

type FoundClaim = { format: FormatDefinition; offset: number; certainty: 'signature' | 'guess' }

/** Claims on the bytes from a structural boundary on, those at the boundary first; guesses only where nothing has a signature there. */
function claimsAt(reader: Reader, boundary: number, path: string): FoundClaim[] {
  // Behind the first boundary the name promises nothing about the content.
  const window = probeWindow(reader, boundary, boundary === 0 ? path : '')
  const found: FoundClaim[] = []
  for (const format of formats.all) {
    const claim = format.probe(window)
    if (claim !== undefined) found.push({ format, ...claim })
  }
  const signatures = found.filter((claim) => claim.certainty === 'signature').sort((a, b) => a.offset - b.offset)
  const startKnown = signatures.some((claim) => claim.offset === boundary)
  // After the end of a structure stray text is not a format of its own: the trailing bytes stay unaccounted.
  const guesses = startKnown || boundary > 0 ? [] : found.filter((claim) => claim.certainty === 'guess')
  return [...guesses, ...signatures]
}

type Surroundings = {
  reader: Reader
  path: string
  coverage: CoverageLog
  observations: ObservationLog
  budget: Budget
  /** Nested things that are accounted for in full, as far as they reach into what probes see of the end of the file. */
  nestedRanges: ByteRange[]
}

/** Runs one inspector. What it noted counts only when it does not decline. */
function attempt(format: FormatDefinition, offset: number, around: Surroundings): Inspected | undefined {
  const { reader, path, coverage, observations, budget, nestedRanges } = around
  const trial = observations.begin()
  const covered: Parameters<CoverageLog['add']>[] = []
  const commit = (): void => {
    trial.commit()
    for (const range of covered) coverage.add(...range)
  }
  try {
    const done = format.inspect({
      reader: budget.deadline.watch(reader),
      offset,
      length: reader.size - offset,
      path,
      observe: trial.add,
      cover: (...range) => void covered.push(range),
      budget,
      alreadyInspected: (from, length) =>
        nestedRanges.some((range) => range.offset <= from && from + length <= range.offset + range.length),
      nested: (inner) => {
        const facts = inspectNested(inner, budget, trial.add)
        const end = (inner.offset ?? 0) + inner.reader.size
        if (inner.offset !== undefined && facts.complete && end > reader.size - seenAtEnd)
          nestedRanges.push({ offset: inner.offset, length: inner.reader.size })
        return facts
      },
    })
    if (done !== undefined) commit()
    return done
  } catch (error) {
    if (error instanceof InspectionEnded) throw error
    if (error instanceof OutOfTime) {
      commit()
      return { end: reader.size }
    }
    // A defect of an inspector, or a structure it did not expect: what was accounted for so far stays, the rest is incomplete.
    commit()
    const at = error instanceof PastEnd ? error.offset : offset
    observations.add({
      code: 'scan.inspector-failed',
      offset: at,
      detail: escapeText(messageOf(error)),
      data: { format: format.kind },
    })
    return { end: reader.size }
  }
}

/** Facts of nested bytes; what was noted in them is noted of the container, with the member's name. */
function inspectNested(inner: Nested, budget: Budget, observe: (observation: Observation) => void): NestedFacts {
  const { name, reader } = inner
  if (!budget.enter()) {
    const nothing = { parsedBytes: 0, tensorBytes: 0, inertBytes: 0, unaccountedBytes: reader.size, unaccounted: [] }
    observe({ code: 'scan.limit', member: name, detail: 'too many things inside one another or beside one another' })
    return { format: 'unknown', coverage: nothing, complete: false }
  }
  try {
    const { facts, found } = inspectWithin(reader, name, budget)
    for (const seen of facts.observations) {
      const { offset, member, ...rest } = seen
      observe({
        ...rest,
        member: member === undefined ? name : `${name}/${member}`,
        // Where the member was unpacked there is no such place in the file.
        ...(offset === undefined || inner.offset === undefined ? {} : { offset: inner.offset + offset }),
      })
    }
    return {
      format: facts.format,
      coverage: facts.coverage,
      complete: !isIncomplete(facts),
      ...(facts.header === undefined ? {} : { header: facts.header }),
      ...(found === undefined ? {} : { found }),
    }
  } finally {
    budget.leave()
  }
}
