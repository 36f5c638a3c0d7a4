import { resolve } from 'node:path'
import { HubError } from '../../kernel/index.ts'
import { unwrap } from '../../sdk/index.ts'
import type { BackupSummary } from '../../server/backup/index.ts'
import type { Job } from '../api-types.ts'
import { defineCommand } from '../command.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { noteInPlace, viewOf } from '../jobs/backup-view.ts'
import { followJob } from '../jobs/follow-job.ts'
import { jobText } from '../jobs/job-lines.ts'
import { present } from '../present.ts'
import { pairs } from '../text/table.ts'
import { bytes, count } from '../text/units.ts'
import { wrongUse } from '../usage-error.ts'

/** A cancelled backup ends within seconds; a hub that says nothing for so long (ms) is left to itself. */
const cancelLimitMs = 20_000

export const backup = defineCommand({
  name: 'backup',
  summary: 'Back up the hub of this machine into a new folder, while it runs or while it is stopped',
  args: ['<folder>'],
  options: {},
  notes: [
    'The hub is that of MODELHUB_DATA. The folder must be empty or not there, and outside the data folder.',
    'Stored files that the newest backup beside it has are shared with it by hard links, on the same disk.',
    'The backup holds secrets: keep it as safe as the data folder. Models registered in place stay on their disks.',
    'Ctrl-C cancels it and removes what was written. A hub on PostgreSQL is backed up with pg_dump: see the guide.',
    'Exit code: 0 made, 2 made but the hub had lost stored files or its audit trail before, 1 not made.',
  ],
  routes: ['startBackup'],
  run: async (ctx, { positionals }) => {
    const [folder] = positionals
    if (folder === undefined) throw wrongUse('Which folder shall the backup be written to?')
    const target = resolve(ctx.folder, folder)
    const { readConfig } = await import('../../server/platform/config.ts')
    const { backUpStopped, holdsHub, needsPgDump } = await import('../../server/backup/index.ts')
    const config = readConfig({ ...ctx.environment.variables })
    if (config.databaseUrl !== undefined) throw needsPgDump()
    const dataFolder = resolve(ctx.folder, ctx.environment.data)
    let summary: BackupSummary | number | undefined
    if (holdsHub(dataFolder)) {
      const { createLog } = await import('../../server/platform/log.ts')
      const log = createLog({ level: 'silent', name: 'backup' })
      const view = viewOf(ctx)
      try {
        const options = { dataFolder, target, secretKey: config.secretKey, clock: ctx.clock, log }
        summary = await backUpStopped(options, view)
      } catch (error) {
        // Its hub runs, and has the database: it makes the backup itself.
        if (!(error instanceof HubError) || error.code !== 'data_folder_in_use') throw error
      } finally {
        view.end()
      }
    }
    summary ??= await backUpRunning(ctx, target, dataFolder)
    if (typeof summary === 'number') return summary
    if (ctx.flags.json) ctx.json(summary)
    else print(ctx, summary)
    return summary.lostBlobs.length > 0 || summary.audit?.ok === false ? exitCodes.needsAttention : exitCodes.ok
  },
})

/** Asks the running hub for the backup and waits for it. Answers with an exit code when there is nothing to show but the job. */
async function backUpRunning(ctx: Context, target: string, dataFolder: string): Promise<BackupSummary | number> {
  const { claimTarget } = await import('../../server/backup/index.ts')
  const hub = await ctx.hub()
  const claimed = await claimTarget(target, dataFolder)
  const { path, proof } = claimed
  const signal = ctx.signal()
  let job: Job | undefined
  try {
    job = present(await unwrap(hub.client.POST('/storage/backup', { body: { target: path, proof } })), 'the job')
    const { id } = job
    job = await followJob(ctx, hub, id, signal).catch(async (error: unknown) => {
      if (!signal.aborted) throw error
      await unwrap(hub.client.POST('/jobs/{id}/cancel', { params: { path: { id } } }))
      return followJob(ctx, hub, id, AbortSignal.timeout(cancelLimitMs))
    })
  } catch (error) {
    // A hub that still writes there is left alone: the folder keeps the mark of an unfinished backup.
    if (job === undefined) await claimed.abandon()
    else ctx.note(`Whether the backup in ${path} was finished is not known: modelhub jobs ${job.id}.`)
    throw error
  }
  if (job.state !== 'succeeded') {
    await claimed.abandon()
    if (ctx.flags.json) ctx.json(job)
    else ctx.line(jobText(job, ctx.clock.now()))
    return job.state === 'cancelled' ? exitCodes.interrupted : exitCodes.refused
  }
  return (await read(path)) ?? exitCodes.ok
}

/** What the hub wrote; undefined when the hub runs as somebody else, whose files cannot be read. */
async function read(target: string): Promise<BackupSummary | undefined> {
  const { summaryOf } = await import('../../server/backup/index.ts')
  try {
    return await summaryOf(target)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return undefined
    throw error
  }
}

function print(ctx: Context, summary: BackupSummary): void {
  const { lostBlobs, inPlace, audit } = summary
  ctx.line(
    pairs([
      ['backup', summary.target],
      ['of', summary.instant],
      ['hub', `${summary.hubVersion}, schema ${summary.schema}`],
      ['holds', `${bytes(summary.bytes)}, ${count(summary.blobs, 'stored file')}`],
      ['manifest', `sha256 ${summary.digest}`],
      ['secret key', summary.secretKey === 'included' ? 'included' : null],
    ]),
  )
  if (summary.secretKey === 'outside') {
    ctx.note('The secret key is NOT in the backup: keep MODELHUB_SECRET_KEY, without it the hub cannot be restored.')
  }
  if (inPlace.length > 0) noteInPlace(ctx, inPlace)
  if (lostBlobs.length > 0) {
    ctx.note(`${count(lostBlobs.length, 'stored file')} had been lost or damaged before and are not in the backup:`)
    for (const sha256 of lostBlobs.slice(0, 20)) ctx.note(`  ${sha256}`)
    ctx.note('Find the versions with: modelhub storage scrub')
  }
  if (audit?.ok === false) ctx.note(`The audit trail was broken before: ${audit.message}`)
}
