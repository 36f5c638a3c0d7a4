import { listReverifications, startReverify } from '../../modules/lifecycle/index.ts'
import { resolveProject } from '../../modules/projects/index.ts'
import type { Handlers } from '../call.ts'
import { withCursor } from '../cursor.ts'
import type { HandlerDeps } from './deps.ts'
import { presentJob } from './present-job.ts'

type Ids =
  | 'createUpload'
  | 'listUploads'
  | 'getUpload'
  | 'sendUploadFile'
  | 'finishUpload'
  | 'deleteUpload'
  | 'listReverifications'
  | 'reverifyVersion'

export function uploadHandlers({ lifecycle, uploads }: HandlerDeps): Pick<Handlers, Ids> {
  const { db } = lifecycle.database
  return {
    createUpload: async ({ body }, { actor, once }) => {
      const project = await resolveProject(db, body.project)
      const { id } = await once(lifecycle, ({ database }) => uploads.create(actor, project, body, database))
      return uploads.read(id)
    },
    listUploads: ({ query }) => uploads.list(withCursor(query)),
    getUpload: ({ params, query }) => uploads.readFiles(params.id, withCursor(query)),
    sendUploadFile: ({ params, query, body }) => uploads.send({ ...params, ...query }, body),
    finishUpload: ({ params, body }, { actor }) => uploads.finish(actor, params.id, body),
    deleteUpload: ({ params }, { actor }) => uploads.remove(actor, params.id),
    listReverifications: ({ query }) => listReverifications(db, withCursor(query)),
    reverifyVersion: async ({ params }, { actor }) => presentJob(db, await startReverify(lifecycle, actor, params.id)),
  }
}
