import * as z from 'zod'
import { defineJob, defineStep, type JobDefinition } from '../jobs/index.ts'
import { abandonTarget, assertClaimed, clearTarget } from './claim-target.ts'
import { type BackupSource, writeBackup } from './write-backup.ts'

const BackupInput = z.object({ target: z.string(), proof: z.string() })
export type BackupInput = z.infer<typeof BackupInput>

/**
 * Writes a backup of the running hub. After a restart of the hub it begins anew: a backup shows one instant. A failure is not tried
 * again, because whoever asked is waiting for the answer.
 */
export function createBackupJob(source: BackupSource): JobDefinition {
  const step = defineStep<BackupInput, unknown>({
    name: 'copy',
    title: 'Copy and check',
    run: async ({ input, signal, progress, log }) => {
      const { target, proof } = BackupInput.parse(input)
      await assertClaimed(target, proof, source.dataFolder)
      try {
        const summary = await writeBackup(source, target, {
          signal,
          stage: (message) => progress({ message }),
          progress,
        })
        const { digest, instant, bytes, blobs } = summary
        log(
          'info',
          `The backup of ${instant} is in ${target}: ${blobs} stored files (${summary.reusedBlobs} shared with the backup before), manifest ${digest}`,
        )
        if (summary.lostBlobs.length > 0) {
          log('warn', `${summary.lostBlobs.length} stored files were already lost or damaged and are not in it`)
        }
        if (summary.audit?.ok === false) log('warn', `The audit trail was already broken: ${summary.audit.message}`)
        return { digest, instant, bytes, blobs, lost: summary.lostBlobs.length }
      } catch (error) {
        await clearTarget(target).catch(() => undefined)
        throw error
      }
    },
    undo: ({ input }) => {
      const { target, proof } = BackupInput.parse(input)
      return abandonTarget(target, proof)
    },
  })
  return defineJob<BackupInput, unknown>({
    kind: 'backup',
    title: 'Back up the hub',
    concurrency: 1,
    maxAttempts: 1,
    steps: [step],
  }) as unknown as JobDefinition
}
