import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { DiskSource, SourceNote } from '../../../contract/index.ts'
import { conflict, invalid } from '../../../kernel/index.ts'
import { type Checksums, readChecksums } from './checksums.ts'
import { readDiskText } from './disk-text.ts'
import { plannedFile } from './disk-walk.ts'
import type { PlannedFile, SourceContext } from './source-kind.ts'
import type { OpenUpload, UploadedFile } from './uploads/open-upload.ts'

/** The files of a finished upload. The hub hashed them when they came, and nobody else writes there. */
export async function* listUpload(
  source: DiskSource,
  id: string,
  context: SourceContext,
  onNote: (note: SourceNote) => void,
  signal?: AbortSignal,
): AsyncGenerator<PlannedFile> {
  const upload = await uploadOf(context, id)
  const files = new Map<string, UploadedFile>()
  for await (const file of upload.files()) files.set(file.path, file)
  const [only] = files.keys()
  const single = files.size === 1 ? (only ?? null) : null
  if (source.sha256 !== undefined && single === null) throw oneDigest()
  const read = async (path: string, most: number) => {
    const file = files.get(path)
    return file === undefined ? null : await readDiskText(upload.folder, String(file.ordinal), [upload.folder], most)
  }
  const top = [...files.keys()].filter((path) => !path.includes('/'))
  const stated = await readChecksums({ ...source, top, single, read }, onNote)
  for (const { ordinal, path, sha256, size } of files.values()) {
    signal?.throwIfAborted()
    const real = join(upload.folder, String(ordinal))
    const found = await lstat(real, { bigint: true }).catch(() => null)
    if (found?.isFile() !== true || Number(found.size) !== size) throw uploadGone(path)
    const file = { ...plannedFile(path, real, found), ref: { size, arrived: sha256 } }
    yield await withStated(file, stated, files.has(`${path}.sha256`))
  }
  stated.end(onNote)
}

/** The file with what is stated of it. */
export async function withStated(file: PlannedFile, checksums: Checksums, sidecar: boolean): Promise<PlannedFile> {
  const more = await checksums.of(file.path, sidecar)
  if (more.length === 0) return file
  const { ref } = file
  return { ...file, ref: { size: file.size, ...ref, stated: [...(ref?.stated ?? []), ...more] } }
}

/** Throws what `SourceContext.upload` throws. */
export async function uploadOf(context: SourceContext, id: string): Promise<OpenUpload> {
  if (context.upload !== undefined) return await context.upload(id)
  throw invalid('no_uploads', 'Uploads cannot be read here.', 'Give an absolute path.')
}

const uploadGone = (path: string) =>
  conflict(
    'upload_gone',
    `${path} of the upload is not on the disk of the hub any more.`,
    'Upload it again, and register the model from that.',
  )

/** A digest is that of one file. */
export const oneDigest = () =>
  invalid(
    'several_files',
    'One SHA-256 was given for a folder.',
    'Give the one file that it belongs to, or a file of checksums.',
  )
