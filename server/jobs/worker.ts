import { type Clock, messageOf, type Registry, randomText } from '../../kernel/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'
import { claimNext, heartbeat, leaseSeconds, releaseForgotten, releaseGoneOwners } from './claim-store.ts'
import type { JobDefinition } from './definition.ts'
import { appendEvents } from './event-store.ts'
import { interruptOf } from './interrupt.ts'
import { createLiveRun, type LiveRun } from './live-run.ts'
import { createReporter } from './reporter.ts'
import { runJob } from './run-job.ts'
import { type JobRow, workChannel } from './store.ts'

export type Worker = {
  start: () => Promise<void>
  stop: (options: { graceMs: number }) => Promise<void>
}

export type WorkerDeps = {
  database: Database
  clock: Clock
  log: Log
  definitions: Registry<JobDefinition>
  deps: unknown
  owner: string
  /** Jobs that this process runs at once, of all kinds together. */
  concurrency: number
  /** Pause between sweeps in milliseconds; they find what no notification told and renew the leases (of 15 s). */
  sweepMs: number
  random: () => number
}

/** Pause before a job whose run was broken off is taken up again. */
const forgottenPauseMs = 500

/** Pause before the next look at a worker that seems to be gone. */
const soonMs = 200

/** Claims jobs and runs them, up to the limits per kind and in all; looks after the leases of what runs. */
export function createWorker(deps: WorkerDeps): Worker {
  const owner = `${deps.owner}-${randomText(10)}`
  const live = new Map<string, LiveRun>()
  const running = new Set<Promise<void>>()
  const ends: (() => Promise<void>)[] = []
  let stopping = false
  let timer: NodeJS.Timeout | undefined
  let claiming: Promise<void> | undefined
  let claimAgain = false
  /** A claim or a run ended without being able to write so: its row may still say that it runs here. */
  let mayHoldForgotten = false
  let lookSoon = false
  /** By the monotonic clock. */
  let lastHeartbeat = performance.now()

  const freeKinds = (): string[] => {
    if (stopping || live.size >= deps.concurrency) return []
    const busy = new Map<string, number>()
    for (const run of live.values()) busy.set(run.kind, (busy.get(run.kind) ?? 0) + 1)
    return deps.definitions.all.filter((one) => (busy.get(one.kind) ?? 0) < one.concurrency).map((one) => one.kind)
  }

  const claim = async () => {
    if (mayHoldForgotten) {
      await releaseForgotten(deps.database, {
        owner,
        live: [...live.keys()],
        runAfter: new Date(deps.clock.now() + forgottenPauseMs),
      })
      mayHoldForgotten = false
    }
    for (let kinds = freeKinds(); kinds.length > 0; kinds = freeKinds()) {
      const row = await deps.database.transaction(async (trx) => {
        const at = deps.clock.date()
        const claimed = await claimNext(trx, { owner, kinds, now: at })
        if (claimed !== undefined) {
          await appendEvents(trx, claimed.id, [
            { type: 'state', at, data: { state: 'running', attempt: claimed.attempt } },
          ])
        }
        return claimed
      })
      if (row === undefined) return
      begin(row)
    }
  }
  /** Claims until nothing is due or no room is left. A call during a claim makes it look once more. */
  const wake = () => {
    if (claiming !== undefined) {
      claimAgain = true
      return
    }
    claiming = claim()
      .catch((error: unknown) => {
        deps.log.warn({ err: error }, 'jobs could not be claimed')
        // The claim may be written although nobody heard so.
        mayHoldForgotten = true
      })
      .finally(() => {
        claiming = undefined
        if (!claimAgain) return
        claimAgain = false
        wake()
      })
  }

  const begin = (row: JobRow) => {
    const lease = { jobId: row.id, owner, attempt: row.attempt }
    const run = createLiveRun(lease, row.kind)
    live.set(row.id, run)
    const log = deps.log.child({ jobId: row.id, kind: row.kind })
    const reporter = createReporter({ database: deps.database, clock: deps.clock, log, lease })
    const definition = deps.definitions.get(row.kind)
    const work = runJob({ ...deps, definition, log, live: run, reporter })
      .catch((error: unknown) => {
        log.error({ err: error }, 'a job was broken off, most likely by the database; it is taken up again')
        mayHoldForgotten = true
      })
      .finally(() => {
        // Given up because the database was silent, the job may still be ours and nobody else's to take.
        if (interruptOf(run.work.reason) === 'lease_lost') mayHoldForgotten = true
        live.delete(row.id)
        running.delete(work)
        wake()
      })
    running.add(work)
  }

  const checkLeases = async () => {
    if (live.size === 0) {
      lastHeartbeat = performance.now()
      return
    }
    const asked = [...live.values()]
    try {
      const held = new Map((await heartbeat(deps.database, owner)).map((job) => [job.id, job]))
      lastHeartbeat = performance.now()
      for (const run of asked) {
        const job = held.get(run.lease.jobId)
        if (job?.attempt !== run.lease.attempt) run.interrupt('lease_lost')
        else if (job.cancelling) run.interrupt('job_cancelled')
      }
    } catch (error) {
      deps.log.warn({ message: messageOf(error) }, 'the leases of running jobs could not be renewed')
      // Before others may take the jobs, their work here must have ended.
      const silentMs = performance.now() - lastHeartbeat
      if (deps.database.kind === 'postgres' && silentMs > leaseSeconds * 666) {
        for (const run of asked) run.interrupt('lease_lost')
      }
    }
  }
  const sweep = async () => {
    await checkLeases()
    lookSoon = await releaseGoneOwners(deps.database, owner)
    wake()
  }
  const scheduleSweep = () => {
    if (stopping) return
    timer = setTimeout(
      () => {
        sweep()
          .catch((error: unknown) => deps.log.warn({ err: error }, 'the sweep for due jobs failed'))
          .finally(scheduleSweep)
      },
      lookSoon ? Math.min(soonMs, deps.sweepMs) : deps.sweepMs,
    )
  }

  return {
    start: async () => {
      ends.push(await deps.database.presence.announce(owner))
      const onNotice = (payload: string) => {
        if (payload.startsWith('cancel ')) live.get(payload.slice('cancel '.length))?.interrupt('job_cancelled')
        wake()
      }
      // The database is back: leases are renewed and work goes on at once, not at the next sweep.
      const onGap = () => {
        sweep().catch((error: unknown) => deps.log.warn({ err: error }, 'the sweep for due jobs failed'))
      }
      ends.push(await deps.database.listen(workChannel, onNotice, onGap))
      lookSoon = await releaseGoneOwners(deps.database, owner)
      wake()
      scheduleSweep()
    },
    stop: async ({ graceMs }) => {
      if (stopping) return
      stopping = true
      clearTimeout(timer)
      await claiming
      for (const run of live.values()) run.interrupt('hub_stopping')
      const grace = Promise.withResolvers<void>()
      const limit = setTimeout(grace.resolve, graceMs)
      await Promise.race([Promise.allSettled(running), grace.promise])
      clearTimeout(limit)
      for (const end of ends) await end().catch(() => undefined)
    },
  }
}
