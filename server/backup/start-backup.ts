import { conflict, type HubError } from '../../kernel/index.ts'
import type { Job, Jobs } from '../jobs/index.ts'
import { resolveProject } from '../modules/projects/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { WriteAudit } from '../platform/audit.ts'
import type { Database } from '../platform/db/index.ts'
import type { BackupInput } from './backup-job.ts'
import { assertClaimed } from './claim-target.ts'

type Deps = { database: Database; jobs: Jobs; audit: WriteAudit; dataFolder: string }

/**
 * Starts a backup of the running hub into a folder of its machine that the caller has marked.
 * Throws `conflict` `backup_needs_pg_dump`, and what `assertClaimed` throws.
 */
export async function startBackup(deps: Deps, actor: Actor, input: BackupInput): Promise<Job> {
  if (deps.database.backup === undefined) throw needsPgDump()
  await assertClaimed(input.target, input.proof, deps.dataFolder)
  return deps.database.transaction(async (trx) => {
    const project = await resolveProject(trx, undefined)
    const job = await deps.jobs.enqueue(trx, {
      kind: 'backup',
      input,
      projectId: project.id,
      actor: { type: actor.type, id: actor.id, name: actor.name },
    })
    await deps.audit(trx, {
      actor,
      action: 'hub.backup',
      object: { type: 'job', id: job.id },
      projectId: project.id,
      evidence: { target: input.target },
    })
    return job
  })
}

/** The answer of a hub on PostgreSQL. */
export const needsPgDump = (): HubError =>
  conflict(
    'backup_needs_pg_dump',
    'This hub keeps its data in PostgreSQL, which is backed up and restored with its own tools.',
    'Run pg_dump on the database of MODELHUB_DATABASE_URL first, then copy blobs/ and secret.key of the data folder; the guide shows both ways.',
  )
