import { steadyClock } from '../../../kernel/index.ts'
import type { Actor } from '../../platform/actor.ts'
import { addPulls, dropPullersBefore, firstPullOfHour, type PullCount } from '../catalog/index.ts'
import type { DistributionDeps } from './deps.ts'

export type Pull = {
  actor: Actor
  version: { id: string; name: string; number: number; projectId: string; digest: string }
  /** The first file of it that was asked for. */
  file: string
  door: 'huggingface'
}

export type PullLedger = {
  /**
   * Notes that a caller gets bytes of a version: one audit event in an hour, however many files and parts.
   * @param whole a file was asked for from its first byte to its last
   */
  begin: (pull: Pull, whole: boolean) => Promise<void>
  /** Bytes that have left. */
  sent: (versionId: string, bytes: number) => void
  /** Writes what is noted. Throws when the database refuses; what is noted stays. */
  flush: () => Promise<void>
  /** Writes what is noted and ends; what cannot be written is told to the log. */
  close: () => Promise<void>
}

const hourMs = 3_600_000
/** A killed hub loses what was pulled in this time. */
const flushEveryMs = 1_000
/** Pulls that wait to be written: then whoever comes waits for the database. */
const mostWaiting = 1_000
/** Callers and versions that are known to have been told of in this hour. */
const mostTold = 50_000

/** Counts pulls and writes them down a second later, so that nobody who pulls waits for the database. */
export function createPullLedger(
  deps: Pick<DistributionDeps, 'database' | 'clock' | 'audit' | 'log'>,
  options: { flushEveryMs?: number } = {},
): PullLedger {
  let counts = new Map<string, PullCount>()
  const waiting = new Map<string, Pull & { at: Date }>()
  const told = new Set<string>()
  let toldHour = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> | undefined
  let closed = false
  let failedAt = Number.NEGATIVE_INFINITY

  const count = (versionId: string, downloads: number, bytes: number) => {
    const found = counts.get(versionId) ?? { versionId, downloads: 0, bytes: 0, at: deps.clock.date() }
    found.downloads += downloads
    found.bytes += bytes
    found.at = deps.clock.date()
    counts.set(versionId, found)
    schedule()
  }
  const schedule = () => {
    if (closed || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      flush().catch((error: unknown) => {
        // Once a minute: it is tried again each second while the database is away.
        if (steadyClock.now() - failedAt > 60_000) deps.log.warn({ err: error }, 'could not write down pulls yet')
        failedAt = steadyClock.now()
        schedule()
      })
    }, options.flushEveryMs ?? flushEveryMs)
    timer.unref()
  }

  const write = async () => {
    for (const [key, pull] of waiting) {
      await tell(deps, pull)
      waiting.delete(key)
    }
    if (counts.size === 0) return
    const taken = counts
    counts = new Map()
    try {
      await deps.database.transaction((trx) => addPulls(trx, [...taken.values()]))
    } catch (error) {
      for (const { versionId, downloads, bytes } of taken.values()) count(versionId, downloads, bytes)
      throw error
    }
  }
  const flush = async () => {
    // What came while an earlier write was under way is written by the next one.
    await writing?.catch(() => undefined)
    writing ??= write().finally(() => {
      writing = undefined
    })
    await writing
  }

  return {
    begin: async (pull, whole) => {
      const at = deps.clock.date()
      const hour = Math.floor(at.getTime() / hourMs)
      if (hour !== toldHour || told.size >= mostTold) told.clear()
      toldHour = hour
      const key = `${hour} ${pull.version.id} ${pull.actor.id}`
      if (!told.has(key)) {
        if (waiting.size >= mostWaiting) await flush()
        told.add(key)
        waiting.set(key, { ...pull, at })
      }
      count(pull.version.id, whole ? 1 : 0, 0)
    },
    sent: (versionId, bytes) => {
      if (bytes > 0) count(versionId, 0, bytes)
    },
    flush,
    close: async () => {
      closed = true
      clearTimeout(timer)
      await flush().catch((error: unknown) =>
        deps.log.error({ err: error }, 'pulls of the last second are not written'),
      )
    },
  }
}

/** The event and the proof that it is the first of its hour stand or fall together; other processes of the hub tell it too. */
async function tell(
  deps: Pick<DistributionDeps, 'database' | 'audit'>,
  { actor, version, file, door, at }: Pull & { at: Date },
): Promise<void> {
  const hour = new Date(Math.floor(at.getTime() / hourMs) * hourMs)
  await deps.database.transaction(async (trx) => {
    if (!(await firstPullOfHour(trx, version.id, actor.id, hour))) return
    await dropPullersBefore(trx, new Date(hour.getTime() - 24 * hourMs))
    await deps.audit(trx, {
      actor,
      action: 'version.pull',
      object: { type: 'version', id: version.id, name: `${version.name}@${version.number}` },
      projectId: version.projectId,
      evidence: { door, file, digest: version.digest, hour: hour.toISOString() },
    })
  })
}
