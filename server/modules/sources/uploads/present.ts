import type { Upload, UploadDetail, UploadFile } from '../../../../contract/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { noUpload } from './errors.ts'
import {
  findUpload,
  listUploadRows,
  pageUploadFiles,
  type UploadFileRow,
  type UploadRow,
  type UploadState,
} from './upload-store.ts'

const presentUpload = (row: UploadRow): Upload => ({
  id: row.id,
  projectId: row.project_id,
  name: row.name,
  state: row.state,
  fileCount: row.file_count,
  totalBytes: row.total_bytes,
  receivedBytes: row.received_bytes,
  listDigest: row.list_digest,
  createdBy: row.created_by_name,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  source: row.state === 'ready' ? { type: 'disk', upload: row.id, mode: 'copy' } : null,
})

export const presentFile = ({ ordinal, path, size, received, stated }: UploadFileRow): UploadFile => ({
  ordinal,
  path,
  size,
  receivedBytes: received,
  sha256: stated,
})

/** Throws `not_found`. */
export async function readUpload(db: Db, id: string): Promise<Upload> {
  const row = await findUpload(db, id)
  if (row === undefined) throw noUpload(id)
  return presentUpload(row)
}

/** The upload with a page of its files. Throws `not_found`. */
export async function readUploadFiles(
  db: Db,
  id: string,
  page: { limit: number; cursor?: string },
): Promise<UploadDetail> {
  const upload = await readUpload(db, id)
  const after = page.cursor === undefined ? -1 : decodeCursor(page.cursor, ['integer'])[0]
  const rows = await pageUploadFiles(db, id, page.limit + 1, after)
  return { ...upload, files: toPage(rows, page.limit, presentFile, ({ ordinal }) => [ordinal]) }
}

export async function listUploads(
  db: Db,
  input: { limit: number; cursor?: string; state?: UploadState | undefined; listDigest?: string | undefined },
): Promise<Page<Upload>> {
  const { limit, cursor, state, listDigest } = input
  const rows = await listUploadRows(db, {
    limit,
    ...(cursor === undefined ? {} : { before: decodeCursor(cursor, ['text'])[0] }),
    ...(state === undefined ? {} : { state }),
    ...(listDigest === undefined ? {} : { listDigest }),
  })
  return toPage(rows, limit, presentUpload, ({ id }) => [id])
}
