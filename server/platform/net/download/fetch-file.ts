import { setTimeout as sleep } from 'node:timers/promises'
import { HubError } from '../../../../kernel/index.ts'
import { rest } from '../rest.ts'
import { lied } from './answer.ts'
import { contiguousEnd, countBytes, firstGap } from './extents.ts'
import { fetchPart, type Step } from './fetch-part.ts'
import type { Progress } from './journal.ts'
import type { Link } from './link.ts'
import { createMeter, type Meter } from './meter.ts'
import { nextPart, type Part } from './next-part.ts'
import { openPartFile, type PartFile } from './part-file.ts'
import type { DownloadDeps, Downloaded, DownloadProgress, DownloadRequest } from './request.ts'
import { createWidth } from './width.ts'

const lookEveryMs = 100
const tellEveryMs = 250
/** Less than this is no progress: a source that is cut after each byte must not be followed for ever. */
const someProgress = 64 * 1024
/** How often in a row a link may be refused, each time after the source was asked for another. */
const mostRefusals = 2

export type FetchJob = DownloadDeps & {
  link: Link
  request: DownloadRequest
  paths: { part: string; journal: string }
  begin: Progress
  /** False for a source that gives whole files only. */
  ranges: boolean
  onProgress: (progress: DownloadProgress) => void
}

export type FetchOutcome =
  | { done: Omit<Downloaded, 'path'> }
  /** Begin anew, without ranges or with another file; the reason is thrown when that happens too often. */
  | { anew: 'whole' | 'changed'; reason: HubError }

/** Fetches what is missing, with as many streams as pay, until the file is whole or has to be begun anew. */
export async function fetchFile(job: FetchJob, outer: AbortSignal): Promise<FetchOutcome> {
  const meter = createMeter()
  const file = await openPartFile(job.paths, job.begin, meter.add)
  try {
    const outcome = await runStreams(job, file, meter, outer)
    if (outcome !== null) return outcome
    const { size, etag, have } = file.progress()
    const whole = size ?? contiguousEnd(have)
    return { done: { size: whole, sha256: await file.finish(whole, outer), etag } }
  } finally {
    // After an abort or a failure too: what is there is there. What this throws is less than what was thrown already.
    await file.sync().catch(() => undefined)
    await file.close()
  }
}

/** Null when every byte is there. */
async function runStreams(
  job: FetchJob,
  file: PartFile,
  meter: Meter,
  outer: AbortSignal,
): Promise<FetchOutcome | null> {
  const { tuning = {} } = job
  const tries = tuning.tries ?? 6
  const backoffMs = tuning.backoffMs ?? 500
  const width = createWidth(job.ranges ? (tuning.streams ?? 8) : 1)
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const settled = Promise.withResolvers<FetchOutcome | null>()
  /** What streams are at, so that no two fetch the same. */
  const taken = new Set<Part>()
  let streams = 0
  /** Until when a source asked all of them to wait. */
  let restUntil = 0
  let isWhole = false
  const part = {
    ...job,
    file,
    tuning,
    sizeStated: job.request.size !== null,
    onWhole: () => {
      isWhole = true
    },
  }

  /** One stream: part after part, until there is none, too many streams run, or the file has to be begun anew. */
  const stream = async (): Promise<void> => {
    let [failures, refusals] = [0, 0]
    for (;;) {
      const mine = streams > width.now() ? null : nextPart(file.progress(), taken, width.now(), tuning)
      if (mine === null) return
      taken.add(mine)
      try {
        while (mine.position < mine.end) {
          await rest(Math.max(0, restUntil - performance.now()), signal)
          const from = mine.position
          const step = await fetchPart(part, mine, taken.size > 1, signal).catch((error: unknown): Step => {
            signal.throwIfAborted()
            if (!mayPass(error)) throw error
            return { kind: 'again', reason: error, waitMs: null, busy: false }
          })
          if (mine.position - from >= someProgress) failures = refusals = 0
          if (step.kind === 'ended') {
            // Less than asked is allowed; a few bytes at a time for ever is not.
            if (mine.position < mine.end && mine.position - from < someProgress && ++failures >= tries) throw crumbs()
            continue
          }
          if (step.kind === 'anew') return settled.resolve({ anew: step.how, reason: step.reason })
          // Without ranges nothing can be kept of what was cut.
          if (isWhole) return settled.resolve({ anew: 'whole', reason: step.reason })
          if (step.kind === 'link') {
            if (++refusals > mostRefusals) throw step.reason
            job.link.renew(step.age)
            continue
          }
          if (++failures >= tries) {
            // Perhaps it takes fewer connections: the others go on, and take over what is left of this part.
            if (streams === 1) throw step.reason
            return width.lower()
          }
          const waitMs = step.waitMs ?? backoffMs * 2 ** (failures - 1)
          if (step.busy) {
            width.lower()
            restUntil = Math.max(restUntil, performance.now() + waitMs)
          } else await rest(waitMs, signal)
        }
      } finally {
        taken.delete(mine)
      }
    }
  }

  /** Starts what is to run; ends it all when nothing is missing. */
  const tend = () => {
    const progress = file.progress()
    if (progress.size !== null && firstGap(progress.have, progress.size) === null) return settled.resolve(null)
    while (!signal.aborted && streams < width.now() && nextPart(file.progress(), taken, width.now(), tuning) !== null) {
      streams += 1
      stream().then(
        () => {
          streams -= 1
          tend()
        },
        (error: unknown) => {
          streams -= 1
          settled.reject(error)
        },
      )
    }
  }
  let toldAt = 0
  const tell = () => {
    toldAt = performance.now()
    const { size, have } = file.progress()
    job.onProgress({ done: countBytes(have), size, bytesPerSecond: meter.rate(), streams })
  }
  const look = () => {
    const { size, have } = file.progress()
    const remaining = Math.max(0, (size ?? 0) - countBytes(have))
    width.look({ atMs: performance.now(), bytes: meter.total(), remaining, capacity: file.capacity() })
    tend()
    if (performance.now() - toldAt >= tellEveryMs) tell()
  }
  const timer = setInterval(() => {
    try {
      look()
    } catch (error) {
      settled.reject(error)
    }
  }, lookEveryMs)
  const abort = () => settled.reject(outer.reason)
  outer.addEventListener('abort', abort, { once: true })
  try {
    outer.throwIfAborted()
    tend()
    return await settled.promise
  } finally {
    clearInterval(timer)
    outer.removeEventListener('abort', abort)
    stop.abort(new Error('the download has ended'))
    // None of them may write when the file is closed.
    while (streams > 0) await sleep(5)
    tell()
  }
}

const crumbs = (): HubError =>
  lied('too_short', 'The source sends a few bytes of what it is asked for, again and again.')

const passing = new Set(['unreachable', 'timed_out', 'too_short', 'too_long', 'too_slow', 'too_many_requests'])

/** What may be otherwise at the next try: the network, and what came through it. */
const mayPass = (error: unknown): error is HubError => error instanceof HubError && passing.has(error.code)
