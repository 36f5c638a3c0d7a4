import { type Clock, type NewId, notFound } from '../../../kernel/index.ts'
import type { Database, Db, Trx } from '../../platform/db/index.ts'
import { findProject, insertProject, type ProjectRow } from './store.ts'

export type { ProjectRow } from './store.ts'

/** The project that owns what names no other. */
const defaultProjectName = 'default'

/** Makes the default project where it is missing; safe to call at every start. */
export async function ensureDefaultProject(deps: { database: Database; clock: Clock; newId: NewId }): Promise<void> {
  await deps.database.transaction(async (trx) => {
    await insertProject(trx, {
      id: deps.newId('project'),
      name: defaultProjectName,
      name_key: defaultProjectName,
      visibility: 'organization',
      created_at: deps.clock.date(),
    })
  })
}

/** The project of that id or name, the default one for undefined. Throws `not_found`. */
export async function resolveProject(db: Db | Trx, idOrName: string | undefined): Promise<ProjectRow> {
  const row = await findProject(db, idOrName ?? defaultProjectName)
  if (row === undefined) {
    throw notFound(
      'project_not_found',
      `There is no project "${idOrName}".`,
      'List the projects with `modelhub projects ls`.',
    )
  }
  return row
}
