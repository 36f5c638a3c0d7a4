import { stat } from 'node:fs/promises'
import { systemActor } from '../../platform/actor.ts'
import { pagePublishedInPlace } from '../artifacts/index.ts'
import { fingerprintOf, sameFingerprint } from '../sources/index.ts'
import type { LifecycleDeps } from './deps.ts'
import { withdrawIfDamaged } from './withdraw-damaged.ts'

/** How often files are looked at, and how many each time: a look costs some 30 µs. */
const roundMs = 2_000
const filesPerRound = 1_000

export type FileWatch = {
  /** Looks at the next files now. */
  round: () => Promise<void>
  /** Ends the watch; a version that is being read again is left for the next start. */
  stop: () => Promise<void>
}

/**
 * Looks at the files that published versions have in place, some of them every two seconds and then the next. A version with a file
 * that changed is read again and leaves service when its bytes are others. Files in the store belong to the hub; `scrub` reads those.
 */
export function watchFiles(deps: LifecycleDeps, options: { roundMs?: number } = {}): FileWatch {
  let after: { version_id: string; ordinal: number } | null = null
  let running: Promise<void> | undefined
  const stopping = new AbortController()

  const lookAtNext = async () => {
    const files = await pagePublishedInPlace(deps.database.db, filesPerRound, after)
    after = files.length < filesPerRound ? null : (files.at(-1) ?? null)
    const suspects = new Set<string>()
    // One after the other: a disk in the network that does not answer may hold one thread, not all that the hub has.
    for (const file of files) {
      if (stopping.signal.aborted) return
      const found = await stat(file.real_path, { bigint: true }).catch(() => null)
      if (found === null || !sameFingerprint(fingerprintOf(found), file.fingerprint)) suspects.add(file.version_id)
    }
    for (const id of suspects) {
      await withdrawIfDamaged(
        deps,
        id,
        {
          jobId: null,
          actor: systemActor,
          tx: (body) => deps.database.transaction(body),
          log: (message) => deps.log.warn({ versionId: id }, message),
        },
        { which: 'touched', signal: stopping.signal },
      )
    }
  }
  const round = async () => {
    running ??= lookAtNext().finally(() => {
      running = undefined
    })
    await running
  }
  const timer = setInterval(() => {
    round().catch((error: unknown) => {
      if (!stopping.signal.aborted) deps.log.warn({ err: error }, 'could not look at the files in place')
    })
  }, options.roundMs ?? roundMs)
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
