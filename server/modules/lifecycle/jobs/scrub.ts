import { defineJob, defineStep } from '../../../jobs/index.ts'
import { collectBlobs, scrubBlobs } from '../../../platform/blobs/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { withdrawDamaged } from '../withdraw-damaged.ts'
import { actorOf } from './input.ts'

type ScrubInput = Record<string, never>

/**
 * Reads every stored file and every file registered in place again; a version that lost a byte leaves its state, and service,
 * for needs attention. Then frees what nothing refers to any more.
 */
export const scrubJob = defineJob<ScrubInput, LifecycleJobDeps>({
  kind: 'scrub',
  title: 'Check stored files',
  concurrency: 1,
  maxAttempts: 3,
  steps: [
    defineStep<ScrubInput, LifecycleJobDeps>({
      name: 'rehash',
      title: 'Hash every stored file again',
      run: async ({ deps, signal, progress }) => {
        const report = await scrubBlobs(
          { database: deps.database, store: deps.blobs },
          {
            signal,
            onProgress: ({ checked, bytes }) =>
              progress({ done: checked, bytesDone: bytes, message: `${checked} files` }),
          },
        )
        return {
          checked: report.checked,
          bytes: report.bytes,
          damaged: report.damaged.length,
          missing: report.missing.length,
        }
      },
    }),
    defineStep<ScrubInput, LifecycleJobDeps>({
      name: 'withdraw',
      title: 'Withdraw what is damaged',
      run: ({ deps, job, tx, log, signal, progress }) => {
        let bytesDone = 0
        const onBytes = (bytes: number) => {
          bytesDone += bytes
          progress({ bytesDone, message: 'Reading files in place' })
        }
        const input = { jobId: job.id, actor: actorOf(job.actor), tx, log: (message: string) => log('warn', message) }
        return withdrawDamaged(deps, input, { which: 'all', onBytes, signal })
      },
    }),
    defineStep<ScrubInput, LifecycleJobDeps>({
      name: 'collect',
      title: 'Free what nothing uses',
      run: ({ deps, signal }) =>
        collectBlobs({ database: deps.database, store: deps.blobs, clock: deps.clock }, { signal }),
    }),
  ],
})
