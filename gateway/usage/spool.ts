import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import type { UsageRecord } from '../../contract/index.ts'
import { messageOf } from '../../kernel/index.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { findSegments, openPath, type Segment, sealSegment } from './segment.ts'

/** What a request leaves behind; the spool adds where it stands in the sequence. */
export type UsageEntry = Omit<UsageRecord, 'epoch' | 'seq'>

/**
 * Append-only usage on disk. Records are written in groups within `usageFlushMs` and not synced one by one: they survive
 * a `kill -9` of the gateway once written, and not a power cut within the seconds the system keeps them in memory.
 */
export type Spool = {
  epoch: string
  append: (entry: UsageEntry) => void
  /** The oldest closed segment; closes the one being written when there is no other. */
  oldest: () => Promise<Segment | undefined>
  /** Deletes an acknowledged segment. */
  remove: (segment: Segment) => Promise<void>
  /** Records written or waiting and not acknowledged. */
  pending: () => number
  /** Records lost in this run because the spool was full or could not be written. */
  dropped: () => number
  /** Writes what waits and closes the file. */
  close: () => Promise<void>
}

// When the disk refuses, memory holds this many records before they are lost (counted and logged).
const mostWaiting = 20_000

export async function openSpool(
  folder: string,
  epoch: string,
  deps: { limits: Limits; log: Log; metrics: Metrics },
): Promise<Spool> {
  const { limits, log, metrics } = deps
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const segments = await findSegments(folder)
  let waiting: { seq: number; line: string }[] = []
  let nextSeq = 1
  let file:
    | { handle: FileHandle; path: string; first: number; last: number; records: number; bytes: number }
    | undefined
  let timer: NodeJS.Timeout | undefined
  // Counted by itself: while a group is being written it is neither among the waiting nor in a file.
  let pending = segments.reduce((sum, segment) => sum + segment.records, 0)
  let dropped = 0
  let cutShort = false
  let turn: Promise<unknown> = Promise.resolve()
  // Writing, closing and removing take turns: each sees the file as the one before left it.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.then(work)
    turn = next.catch(() => {})
    return next
  }

  const lose = (count: number, reason: string) => {
    dropped += count
    pending -= count
    metrics.usageDropped.inc(count)
    log.error({ records: count, reason }, 'usage records lost')
  }

  const write = async () => {
    const group = waiting
    const [first, last] = [group[0], group.at(-1)]
    if (first === undefined || last === undefined) return
    waiting = []
    try {
      if (file === undefined) {
        const path = openPath(folder, epoch, first.seq)
        const handle = await open(path, 'a', 0o600)
        file = { handle, path, first: first.seq, last: last.seq, records: 0, bytes: 0 }
      }
      // After a write cut short, a newline parts its torn end from the lines sent again; empty lines are skipped.
      const bytes = Buffer.from((cutShort ? '\n' : '') + group.map((entry) => entry.line).join(''))
      await file.handle.appendFile(bytes)
      cutShort = false
      file.last = last.seq
      file.records += group.length
      file.bytes += bytes.length
    } catch (error) {
      log.error({ reason: messageOf(error) }, 'usage spool not written')
      // Some of these lines may be on disk: sent twice they count once, as the sequence is the same.
      cutShort = true
      waiting = [...group, ...waiting]
      const over = waiting.length - mostWaiting
      if (over > 0) {
        waiting = waiting.slice(over)
        lose(over, 'the spool cannot be written')
      }
      schedule(1_000)
      return
    }
    if (file.bytes >= limits.usageSegmentBytes) await seal()
    await shrink()
  }

  const seal = async () => {
    if (file === undefined) return
    const { handle, path, ...about } = file
    file = undefined
    await handle.close()
    segments.push(await sealSegment(folder, path, { epoch, ...about }))
  }

  const shrink = async () => {
    let total = (file?.bytes ?? 0) + segments.reduce((sum, segment) => sum + segment.bytes, 0)
    while (total > limits.usageBytes) {
      const oldest = segments.shift()
      if (oldest === undefined) return
      total -= oldest.bytes
      await rm(oldest.path, { force: true })
      lose(oldest.records, 'the spool is full and the control plane away')
    }
  }

  const schedule = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = undefined
      void inTurn(write)
    }, ms)
  }

  return {
    epoch,
    append: (entry) => {
      const seq = nextSeq++
      pending++
      const record: UsageRecord = { epoch, seq, ...entry }
      waiting.push({ seq, line: `${JSON.stringify(record)}\n` })
      schedule(limits.usageFlushMs)
    },
    oldest: () =>
      inTurn(async () => {
        if (segments.length === 0) await seal()
        return segments[0]
      }),
    remove: (segment) =>
      inTurn(async () => {
        const at = segments.indexOf(segment)
        if (at !== -1) pending -= segments.splice(at, 1)[0]?.records ?? 0
        await rm(segment.path, { force: true })
      }),
    pending: () => pending,
    dropped: () => dropped,
    close: async () => {
      clearTimeout(timer)
      await inTurn(write)
      clearTimeout(timer)
      await inTurn(seal)
    },
  }
}
