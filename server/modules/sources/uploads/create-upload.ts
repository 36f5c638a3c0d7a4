import { createHash } from 'node:crypto'
import type { CreateUpload } from '../../../../contract/index.ts'
import { invalid, limitReached } from '../../../../kernel/index.ts'
import type { Actor } from '../../../platform/actor.ts'
import { isSafePath } from '../safe-path.ts'
import { keepMs, type UploadDeps } from './deps.ts'
import { countUploads, insertUpload } from './upload-store.ts'

/** Bytes of one upload; sums of these stay exact. */
const mostBytes = 64 * 2 ** 40

/** Uploads that are kept at a time. */
const mostUploads = 1_000

/** SHA-256 of the lines `<size> <path>` in the order of the files. */
export function listDigestOf(files: readonly { path: string; size: number }[]): string {
  const hash = createHash('sha256')
  for (const { path, size } of files) hash.update(`${size} ${path}\n`)
  return hash.digest('hex')
}

/**
 * Begins an upload of these files. Nothing is made on the disk yet; that there is room for all of them is asked. Throws `invalid`
 * `bad_file_name`, `duplicate_file`; `limit` `disk_full`, `upload_too_large`, `too_many_uploads`.
 */
export async function createUpload(
  deps: UploadDeps,
  actor: Actor,
  project: { id: string },
  input: Pick<CreateUpload, 'files' | 'name'>,
): Promise<{ id: string }> {
  assertNames(input.files)
  const totalBytes = input.files.reduce((sum, { size }) => sum + size, 0)
  if (totalBytes > mostBytes) {
    throw limitReached('upload_too_large', 'The upload holds more than 64 TiB.', 'Send the files of one model.', {
      details: { status: 413 },
    })
  }
  if ((await countUploads(deps.database.db)) >= mostUploads) {
    throw limitReached(
      'too_many_uploads',
      `There are ${mostUploads.toLocaleString('en')} uploads already.`,
      'Remove some with modelhub uploads rm, or wait until they expire.',
    )
  }
  // Promised for this moment only: whoever sends bytes is promised room for the rest of them.
  deps.reserveRoom(deps.folder, totalBytes).release()
  const now = deps.clock.date()
  const id = deps.newId('upload')
  return await deps.database.transaction(async (trx) => {
    await insertUpload(
      trx,
      {
        id,
        project_id: project.id,
        name: input.name ?? null,
        state: 'open',
        list_digest: listDigestOf(input.files),
        file_count: input.files.length,
        total_bytes: totalBytes,
        created_by: actor.id,
        created_by_name: actor.name,
        created_at: now,
        updated_at: now,
        expires_at: new Date(now.getTime() + keepMs),
      },
      input.files.map(({ path, size, sha256 }, ordinal) => ({ ordinal, path, size, stated: sha256 ?? null })),
    )
    await deps.audit(trx, {
      actor,
      action: 'upload.create',
      object: { type: 'upload', id, ...(input.name === undefined ? {} : { name: input.name }) },
      projectId: project.id,
      after: { files: input.files.length, bytes: totalBytes },
    })
    return { id }
  })
}

/** Names that every system takes, each once, and none of a file that is also a folder. */
function assertNames(files: readonly { path: string }[]): void {
  const paths = new Set<string>()
  for (const { path } of files) {
    if (!isSafePath(path)) {
      throw invalid(
        'bad_file_name',
        `${JSON.stringify(path.slice(0, 200))} is no name that every system takes.`,
        'Give a relative path with forward slashes, without control characters, "..", or the names of devices.',
      )
    }
    // Case and composition count for the digest of a version, but a name that others take for the same must not come twice.
    if (paths.has(path.normalize('NFC').toLowerCase())) {
      throw invalid(
        'duplicate_file',
        `${path.slice(0, 200)} is named twice, perhaps with other capitals.`,
        'Name each file once.',
      )
    }
    paths.add(path.normalize('NFC').toLowerCase())
  }
  for (const path of paths) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (!paths.has(path.slice(0, at))) continue
      throw invalid(
        'duplicate_file',
        `${path.slice(0, at)} is named as a file and as a folder.`,
        'Name each file once.',
      )
    }
  }
}
