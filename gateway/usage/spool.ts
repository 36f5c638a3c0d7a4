import { appendFile, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { UsageRecord } from '../../contract/index.ts'
import { messageOf } from '../../kernel/index.ts'
import type { Limits } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { type OpenSegment, openSegment } from './open-segment.ts'
import { noteRunning, runningPath } from './running.ts'
import { findSegments, type Segment, setAside } from './segment.ts'

/** What a request leaves behind; the spool adds where it stands in the sequence. */
export type UsageEntry = Omit<UsageRecord, 'epoch' | 'seq'>

/**
 * Append-only usage on disk. Records are written in groups within `usageFlushMs` and synced right after: a `kill -9` of the gateway
 * loses what waited that long, a power cut that and the time of one sync. A disk that refuses keeps them in memory, within bounds.
 */
export type Spool = {
  epoch: string
  append: (entry: UsageEntry) => void
  /**
   * Begins the record of a request. Should the gateway die before `end`, the next one sends what `describe` last gave.
   * @param describe undefined while there is nothing to record
   */
  begin: (describe: () => UsageEntry | undefined) => { end: (entry: UsageEntry) => void }
  /** The oldest closed segment; closes the one being written when there is no other. */
  oldest: () => Promise<Segment | undefined>
  /** Deletes an acknowledged segment. */
  remove: (segment: Segment) => Promise<void>
  /** Passes over a segment that cannot be read. */
  skip: (segment: Segment, reason: string) => Promise<void>
  /** Keeps a record that the control plane will never take in `rejected.ndjson`, within `usageRejectedBytes`. */
  reject: (record: UsageRecord, reason: string) => Promise<void>
  /** Records written or waiting and not acknowledged. */
  pending: () => number
  /** Records lost in this run because the spool was full or could not be written. */
  dropped: () => number
  /** Records set aside in this run because the control plane refused them. */
  rejected: () => number
  /** Why the disk takes no records now; undefined when it does. */
  blocked: () => string | undefined
  /** Writes what waits and closes the file. */
  close: () => Promise<void>
}

const rejectedName = 'rejected.ndjson'

type Waiting = { seq: number; line: string }

export async function openSpool(
  folder: string,
  epoch: string,
  deps: { limits: Limits; log: Log; metrics: Metrics },
): Promise<Spool> {
  const { limits, log, metrics } = deps
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const segments = await findSegments(folder, ({ name, records, reason }) => {
    metrics.usageDamaged.inc(records)
    log.error({ segment: name, records, reason }, 'usage segment skipped')
  })
  let waiting: Waiting[] = []
  let nextSeq = 1
  let file: OpenSegment | undefined
  let timer: NodeJS.Timeout | undefined
  // Counted by itself: while a group is being written it is neither among the waiting nor in a file.
  let pending = segments.reduce((sum, segment) => sum + segment.records, 0)
  let dropped = 0
  let rejected = 0
  let blocked: string | undefined
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

  const noteRefusal = (error: unknown) => {
    const reason = messageOf(error)
    // Once per reason: a disk that is full for a night would fill the log as well.
    if (reason !== blocked) log.error({ reason, waiting: waiting.length }, 'usage spool not written')
    blocked = reason
  }

  const write = async () => {
    const group = waiting
    const [first] = group
    if (first === undefined) return
    waiting = []
    try {
      file ??= await openSegment(folder, epoch, first.seq)
      await file.append(group)
    } catch (error) {
      noteRefusal(error)
      waiting = [...group, ...waiting]
      if (file?.usable() === false) await seal().catch(noteRefusal)
      keepNewest()
      return schedule(limits.usageRetryMs)
    }
    if (blocked !== undefined) log.info({ records: group.length }, 'usage spool written again')
    blocked = undefined
    try {
      if (file.bytes() >= limits.usageSegmentBytes) await seal()
      await shrink()
    } catch (error) {
      noteRefusal(error)
    }
  }

  const keepNewest = () => {
    const over = waiting.length - limits.usageWaiting
    if (over <= 0) return
    waiting = waiting.slice(over)
    lose(over, 'the spool cannot be written')
  }

  /** A disk that refuses must not keep records from a control plane that is there. */
  const fromMemory = (): Segment | undefined => {
    const group = waiting.slice(0, limits.usageBatch)
    const [first, last] = [group[0], group.at(-1)]
    if (first === undefined || last === undefined) return undefined
    const held = group.map(({ line }) => JSON.parse(line) as UsageRecord).sort((a, b) => a.seq - b.seq)
    return { path: '', epoch, first: first.seq, last: last.seq, records: held.length, bytes: 0, held }
  }

  const seal = async () => {
    const sealing = file
    file = undefined
    const segment = await sealing?.seal()
    if (segment !== undefined) segments.push(segment)
  }

  const shrink = async () => {
    let total = (file?.bytes() ?? 0) + segments.reduce((sum, segment) => sum + segment.bytes, 0)
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

  const running = noteRunning(runningPath(folder, epoch), limits.usageRunningMs, noteRefusal)
  const begin: Spool['begin'] = (describe) => {
    const seq = nextSeq++
    running.begin(seq, () => {
      const entry = describe()
      return entry === undefined ? undefined : { epoch, seq, ...entry }
    })
    return {
      end: (entry) => {
        running.end(seq)
        add(seq, entry)
      },
    }
  }
  const add = (seq: number, entry: UsageEntry) => {
    pending++
    const record: UsageRecord = { epoch, seq, ...entry }
    waiting.push({ seq, line: `${JSON.stringify(record)}\n` })
    if (blocked !== undefined) keepNewest()
    schedule(limits.usageFlushMs)
  }

  const forget = (segment: Segment) => {
    if (segment.held !== undefined) {
      const before = waiting.length
      const sent = new Set(segment.held.map(({ seq }) => seq))
      waiting = waiting.filter(({ seq }) => !sent.has(seq))
      pending -= before - waiting.length
      return
    }
    const at = segments.indexOf(segment)
    if (at !== -1) pending -= segments.splice(at, 1)[0]?.records ?? 0
  }

  return {
    epoch,
    append: (entry) => add(nextSeq++, entry),
    begin,
    oldest: () =>
      inTurn(async () => {
        if (segments.length === 0) await seal()
        return segments[0] ?? (blocked === undefined ? undefined : fromMemory())
      }),
    remove: (segment) =>
      inTurn(async () => {
        forget(segment)
        if (segment.held === undefined) await rm(segment.path, { force: true })
      }),
    skip: (segment, reason) =>
      inTurn(async () => {
        metrics.usageDamaged.inc(segment.records)
        log.error({ segment: segment.path, records: segment.records, reason }, 'usage segment skipped')
        forget(segment)
        await setAside(segment.path)
      }),
    reject: (record, reason) =>
      inTurn(async () => {
        rejected++
        metrics.usageRejected.inc()
        log.error({ epoch: record.epoch, seq: record.seq, reason }, 'usage record refused, set aside')
        const path = join(folder, rejectedName)
        const { size } = await stat(path).catch(() => ({ size: 0 }))
        if (size < limits.usageRejectedBytes) await appendFile(path, `${JSON.stringify(record)}\n`, { mode: 0o600 })
      }),
    pending: () => pending,
    dropped: () => dropped,
    rejected: () => rejected,
    blocked: () => blocked,
    close: async () => {
      await running.close()
      clearTimeout(timer)
      await inTurn(write)
      clearTimeout(timer)
      await inTurn(seal)
      if (waiting.length > 0) lose(waiting.length, 'the spool cannot be written')
    },
  }
}
