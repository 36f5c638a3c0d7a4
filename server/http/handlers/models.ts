import { forbidden } from '../../../kernel/index.ts'
import {
  archive,
  editModel,
  listModels,
  listVersions,
  onboard,
  publish,
  readActivity,
  readFiles,
  readinessOf,
  readLineage,
  readModel,
  readScan,
  readVersion,
  removeModel,
  replaceLink,
  rescan,
  retry,
  unpublish,
} from '../../modules/lifecycle/index.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'
import { presentJob } from './present-job.ts'

type Ids =
  | 'createModel'
  | 'listModels'
  | 'getModel'
  | 'updateModel'
  | 'deleteModel'
  | 'listModelVersions'
  | 'getVersion'
  | 'listVersionFiles'
  | 'getVersionScan'
  | 'getVersionReadiness'
  | 'getVersionLineage'
  | 'listVersionActivity'
  | 'retryVersion'
  | 'replaceVersionLink'
  | 'rescanVersion'
  | 'publishVersion'
  | 'unpublishVersion'
  | 'archiveVersion'

export function modelHandlers(deps: HandlerDeps): Pick<Handlers, Ids> {
  const { lifecycle, gatewaysTold } = deps
  const { db } = lifecycle.database
  return {
    createModel: async ({ body }, { actor, once }) => {
      if (body.onboarding?.publish === true && !actor.permissions.has('model.publish')) {
        throw forbidden(
          'permission_missing',
          'Publishing at the end needs the permission model.publish.',
          'Leave it out, or ask an administrator.',
        )
      }
      const ownerId = actor.type === 'user' ? actor.id : null
      const { modelId, versionId, job } = await once(lifecycle, (deps) => onboard(deps, actor, body, { ownerId }))
      return {
        model: await readModel(db, modelId),
        version: await readVersion(db, versionId),
        job: job === null ? null : await presentJob(db, job),
      }
    },
    listModels: ({ query }) => listModels(db, query),
    getModel: ({ params }) => readModel(db, params.id),
    updateModel: async ({ params, body }, { actor }) => {
      await editModel(lifecycle, actor, params.id, body)
      return readModel(db, params.id)
    },
    deleteModel: ({ params }, { actor }) => removeModel(lifecycle, actor, params.id),
    listModelVersions: ({ params, query }) => listVersions(db, params.id, withCursor(query)),
    getVersion: ({ params }) => readVersion(db, params.id),
    listVersionFiles: ({ params, query }) => readFiles(db, params.id, withCursor(query)),
    getVersionScan: ({ params, query }) => readScan(lifecycle, db, params.id, query.scan),
    getVersionReadiness: ({ params }, { actor }) => readinessOf(lifecycle, params.id, actor),
    getVersionLineage: ({ params }) => readLineage(db, params.id),
    listVersionActivity: ({ params, query }) => readActivity(db, params.id, withCursor(query)),
    retryVersion: async ({ params }, { actor }) => presentJob(db, await retry(lifecycle, actor, params.id)),
    replaceVersionLink: async ({ params, body }, { actor }) => {
      const job = await replaceLink(lifecycle, actor, params.id, body.url)
      return { version: await readVersion(db, params.id), job: job === null ? null : await presentJob(db, job) }
    },
    rescanVersion: async ({ params }, { actor }) => presentJob(db, await rescan(lifecycle, actor, params.id)),
    publishVersion: async ({ params, body }, { actor }) => {
      await publish(lifecycle, params.id, { actor, ...body, serve: (trx, version) => lifecycle.serve(trx, version.id) })
      await gatewaysTold()
      return readVersion(db, params.id)
    },
    unpublishVersion: async ({ params, body }, { actor }) => {
      await unpublish(lifecycle, params.id, actor, body.reason)
      await gatewaysTold()
      return readVersion(db, params.id)
    },
    archiveVersion: async ({ params, body }, { actor }) => {
      await archive(lifecycle, params.id, actor, body.reason)
      await gatewaysTold()
      return readVersion(db, params.id)
    },
  }
}
