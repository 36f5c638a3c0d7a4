import { messageOf } from '../kernel/index.ts'
import { type CoverageLog, createCoverageLog } from './coverage.ts'
import { PastEnd } from './cursor.ts'
import type { FormatDefinition, Inspected } from './define-format.ts'
import { escapeText } from './evidence.ts'
import { formats } from './formats/index.ts'
import { createObservationLog, type ObservationLog } from './observations.ts'
import { baseName } from './path.ts'
import { probeWindow } from './probe.ts'
import type { Reader } from './reader.ts'
import type { FileFacts, FilePart } from './types.ts'
import { scannerVersion } from './version.ts'

export type InspectHints = {
  /** Path of the file in its repository. It chooses no inspector for binary formats and never lowers attention. */
  path?: string
}

/** Thrown by a reader's `onRead` to end an inspection from outside; passes through `inspect`. */
export class InspectionEnded extends Error {}

const maxParts = 16

/**
 * The facts about one file: what it is by content, what its structure says, which bytes are accounted for.
 * Never runs, renders or deserializes what it reads. Broken input gives observations, not errors; throws only what the reader throws
 * (and then nothing is known about the file).
 */
export function inspect(reader: Reader, hints: InspectHints = {}): FileFacts {
  const path = hints.path ?? ''
  const coverage = createCoverageLog(reader.size)
  const observations = createObservationLog()
  const parts: FilePart[] = []
  let primary: FormatDefinition | undefined
  let header: FileFacts['header']

  const boundaries = [0]
  const begun = new Set<string>()
  for (let i = 0; i < boundaries.length && parts.length < maxParts; i++) {
    const boundary = boundaries[i] ?? 0
    for (const claim of claimsAt(reader, boundary, path)) {
      const name = `${claim.format.kind}@${claim.offset}`
      if (begun.has(name) || parts.length >= maxParts) continue
      const done = attempt(claim.format, claim.offset, { reader, path, coverage, observations })
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

  if (reader.size > 0 && parts.length === 0) {
    observations.add({ code: 'scan.unknown-format', offset: 0, data: { title: 'unknown' } })
    parts.push({ format: 'unknown', offset: 0, length: reader.size })
  }
  return {
    scannerVersion,
    size: reader.size,
    format: primary?.kind ?? (reader.size === 0 ? 'empty' : 'unknown'),
    title: primary?.title ?? (reader.size === 0 ? 'Empty file' : 'Unknown format'),
    parts,
    coverage: coverage.finish(),
    observations: observations.finish(),
    ...(header === undefined ? {} : { header }),
    ...(probeWindow(reader, 0, path).text === undefined ? {} : { readAs: baseName(path).toLowerCase() }),
  }
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

type Surroundings = { reader: Reader; path: string; coverage: CoverageLog; observations: ObservationLog }

/** Runs one inspector. What it noted counts only when it does not decline. */
function attempt(format: FormatDefinition, offset: number, around: Surroundings): Inspected | undefined {
  const { reader, path, coverage, observations } = around
  const trial = observations.begin()
  const covered: Parameters<CoverageLog['add']>[] = []
  const commit = (): void => {
    trial.commit()
    for (const range of covered) coverage.add(...range)
  }
  try {
    const done = format.inspect({
      reader,
      offset,
      length: reader.size - offset,
      path,
      observe: trial.add,
      cover: (...range) => void covered.push(range),
    })
    if (done !== undefined) commit()
    return done
  } catch (error) {
    if (error instanceof InspectionEnded) throw error
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
