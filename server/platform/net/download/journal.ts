import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import * as z from 'zod'
import { replaceFileDurably } from '../../durable-files.ts'
import type { Extent } from './extents.ts'

/** What is known of a file under way. Each line of a journal is one of these; the last whole line counts. */
export type Progress = {
  /** Bytes of the whole file; null until somebody said it. */
  size: number | null
  /** Entity tag of the answers the bytes came from; null when they had none. */
  etag: string | null
  /** Entity tag that was given with the link; null when none was. */
  statedEtag: string | null
  /** Bytes that are in the part file and flushed. */
  have: readonly Extent[]
}

const count = z.int().min(0)
const tag = z.string().max(1_024).nullable()
const Line = z.object({
  size: count.nullable(),
  etag: tag,
  statedEtag: tag,
  have: z.array(z.tuple([count, count])).max(10_000),
})

/** A line is far shorter; what is longer was not written by us. */
const longestTail = 256 * 1024

/**
 * What a killed or cut download left; null when there is nothing that can be relied on: no journal, none of its lines whole, or a part
 * file that is shorter than it says.
 */
export function readJournal(journalPath: string, partPath: string): Progress | null {
  const tail = readTail(journalPath)
  const held = readSize(partPath)
  if (tail === null || held === null) return null
  // A line that was being written when the process died cannot be parsed.
  for (const line of tail.split('\n').reverse()) {
    const found = Line.safeParse(parse(line))
    if (found.success) return found.data.have.every(([start, end]) => start < end && end <= held) ? found.data : null
  }
  return null
}

export const journalLine = (progress: Progress): string => `${JSON.stringify(progress)}\n`

/** Begins a journal anew, with one line. */
export function beginJournal(path: string, progress: Progress): void {
  replaceFileDurably(path, journalLine(progress))
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return null
  }
}

function readTail(path: string): string | null {
  return withFile(path, (file) => {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, longestTail))
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, size - bytes.length))
  })
}

const readSize = (path: string): number | null => withFile(path, (file) => fstatSync(file).size)

function withFile<T>(path: string, use: (file: number) => T): T | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  try {
    return use(file)
  } finally {
    closeSync(file)
  }
}
