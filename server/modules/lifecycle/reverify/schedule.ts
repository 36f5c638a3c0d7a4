import { HubError } from '../../../../kernel/index.ts'
import { systemActor } from '../../../platform/actor.ts'
import { unlessTaken } from '../../../platform/db/index.ts'
import { createBandwidth } from '../../../platform/net/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { nextToReverify } from './reverify-store.ts'
import { reverifyVersion } from './reverify-version.ts'

const lookEveryMs = 60_000
const dayMs = 86_400_000
const scheduled = 'schedule'

export type ReverifySchedule = {
  /** Reads every version that is due now; ends early when the hub stops or another process is at it. */
  round: () => Promise<void>
  /** A version that is being read is gone on with after the next start. */
  stop: () => Promise<void>
}

/**
 * Reads the files of every version again each so many days, one version at a time and no faster than `bytesPerSecond`; of several
 * processes one does it.
 * @param settings.days 0: never
 */
export function scheduleReverification(
  deps: LifecycleDeps,
  settings: { days: number; bytesPerSecond: number; lookEveryMs?: number },
): ReverifySchedule {
  const stopping = new AbortController()
  const { signal } = stopping
  const pace = createBandwidth(settings.bytesPerSecond)
  let running: Promise<void> | undefined

  const readDue = async () => {
    // None is read twice in a round, whatever is wrong with it.
    const tried = new Set<string>()
    while (!signal.aborted) {
      const notBefore = new Date(deps.clock.now() - settings.days * dayMs)
      const id = await nextToReverify(deps.database.db, notBefore, scheduled)
      if (id === null || tried.has(id)) return
      tried.add(id)
      await readOne(id, notBefore)
    }
  }
  const readOne = async (versionId: string, notBefore: Date) => {
    try {
      await reverifyVersion(deps, versionId, {
        run: scheduled,
        trigger: 'schedule',
        actor: systemActor,
        tx: (body) => deps.database.transaction(body),
        log: (message) => deps.log.warn({ versionId }, message),
        notBefore,
        onBytes: (bytes) => pace(bytes, signal),
        signal,
      })
    } catch (error) {
      // It was deleted meanwhile.
      if (!(error instanceof HubError && error.kind === 'not_found')) throw error
    }
  }
  const round = async () => {
    if (settings.days === 0) return
    running ??= unlessTaken(deps.database, 'modelhub.reverify', readDue).finally(() => {
      running = undefined
    })
    await running
  }
  const timer = setInterval(() => {
    round().catch((error: unknown) => {
      if (!signal.aborted) deps.log.warn({ err: error }, 'could not read the files of versions again')
    })
  }, settings.lookEveryMs ?? lookEveryMs)
  timer.unref()
  return {
    round,
    stop: async () => {
      clearInterval(timer)
      stopping.abort()
      await running?.catch(() => undefined)
    },
  }
}
