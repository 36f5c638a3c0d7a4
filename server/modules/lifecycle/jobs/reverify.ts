import { defineJob, defineStep } from '../../../jobs/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { reverifyVersion } from '../reverify/reverify-version.ts'
import { actorOf, VersionInput } from './input.ts'

/** Reads every file of one version again, because somebody asked for it. */
export const reverifyJob = defineJob<VersionInput, LifecycleJobDeps>({
  kind: 'reverify',
  title: 'Read the files again',
  concurrency: 1,
  maxAttempts: 3,
  steps: [
    defineStep<VersionInput, LifecycleJobDeps>({
      name: 'read',
      title: 'Hash every file again',
      run: ({ deps, job, input, tx, log, signal, progress }) => {
        let bytesDone = 0
        return reverifyVersion(deps, VersionInput.parse(input).versionId, {
          run: job.id,
          trigger: 'request',
          actor: actorOf(job.actor),
          tx,
          log: (message) => log('warn', message),
          onBytes: (bytes) => {
            bytesDone += bytes
            progress({ bytesDone, message: 'Reading files' })
          },
          signal,
        })
      },
    }),
  ],
})
