import { conflict } from '../../../../kernel/index.ts'
import { type UploadDeps, uploadFolder } from './deps.ts'
import { noUpload } from './errors.ts'
import { findUpload, pageUploadFiles } from './upload-store.ts'

/** A finished upload, as a source of files. */
export type OpenUpload = {
  name: string | null
  projectId: string
  /** Holds the files, each named by its ordinal; nobody but the hub writes there, and the hub no more. */
  folder: string
  files: () => AsyncIterable<UploadedFile>
}

export type UploadedFile = { ordinal: number; path: string; size: number /** As computed here. */; sha256: string }

/** Throws `not_found` `upload_not_found`, `conflict` `upload_not_ready`. */
export async function openUpload(deps: Pick<UploadDeps, 'database' | 'folder'>, id: string): Promise<OpenUpload> {
  const { db } = deps.database
  const upload = await findUpload(db, id)
  if (upload === undefined) throw noUpload(id)
  const notReady = () =>
    conflict('upload_not_ready', 'The upload is not finished.', 'Send what is missing and finish it first.')
  if (upload.state !== 'ready') throw notReady()
  return {
    name: upload.name,
    projectId: upload.project_id,
    folder: uploadFolder(deps, id),
    files: async function* () {
      for (let after = -1; ; ) {
        const rows = await pageUploadFiles(db, id, 1_000, after)
        for (const { ordinal, path, size, arrived } of rows) {
          if (arrived === null) throw notReady()
          yield { ordinal, path, size, sha256: arrived }
        }
        const last = rows.at(-1)
        if (last === undefined) return
        after = last.ordinal
      }
    },
  }
}
