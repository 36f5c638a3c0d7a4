import { stat } from 'node:fs/promises'
import { HubError } from '../../../../kernel/index.ts'
import { type DigestPatch, type FileRow, hashFile, readFileRows } from '../../artifacts/index.ts'
import { fingerprintOf, isAt, sameFingerprint, untilSettled } from '../../sources/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { openUnchecked } from './open-file.ts'

type Deps = Pick<LifecycleDeps, 'database' | 'blobs'>

export type Intact = {
  /** What is wrong with the first bad file, as the end of a sentence about it; null when every file is what was hashed. */
  damage: { path: string; what: 'is missing' | 'has changed' | 'cannot be read' } | null
  /** Files whose bytes are the same but whose fingerprint is another one: touched, moved back, or on a disk that was mounted again. */
  touched: DigestPatch[]
}

/** True when every file that was registered in place has the fingerprint of what was hashed, and every stored one is still there. */
export async function checkIntact(deps: Deps, version: { id: string }): Promise<boolean> {
  for (const file of await readFileRows(deps.database.db, version.id)) {
    if (isInPlace(file)) {
      const found = await stat(file.real_path, { bigint: true }).catch(() => null)
      if (found === null || !sameFingerprint(fingerprintOf(found), file.fingerprint)) return false
    }
    if (file.stored === 'blob' && file.sha256 !== null && !(await deps.blobs.has(file.sha256))) return false
  }
  return true
}

export type ReadAgain = {
  /** Which files in place are read again: all, or those whose fingerprint differs. */
  which: 'all' | 'touched'
  /** What it gives is waited for. */
  onBytes?: (bytes: number) => void | Promise<void>
  signal?: AbortSignal | undefined
}

/** The same, but where the fingerprint does not decide the bytes do. Stored files are only looked for. Throws only when it is aborted. */
export async function checkBytes(deps: Deps, version: { id: string }, how: ReadAgain): Promise<Intact> {
  const touched: DigestPatch[] = []
  for (const file of await readFileRows(deps.database.db, version.id)) {
    how.signal?.throwIfAborted()
    const result = await checkFile(deps, file, how)
    if (typeof result === 'string') return { damage: { path: file.path, what: result }, touched }
    if (result !== null) touched.push(result)
  }
  return { damage: null, touched }
}

export type FileDamage = NonNullable<Intact['damage']>['what']

/** One file: what is wrong with it; or its new fingerprint where only that differs; or null. A stored file is only looked for. */
export async function checkFile(
  deps: Pick<Deps, 'blobs'>,
  file: FileRow,
  how: ReadAgain,
): Promise<FileDamage | DigestPatch | null> {
  if (file.stored === 'blob' && file.sha256 !== null) {
    return (await deps.blobs.has(file.sha256)) ? null : 'is missing'
  }
  return isInPlace(file) ? await lookAt(file, how) : null
}

type InPlace = FileRow & { real_path: string; fingerprint: NonNullable<FileRow['fingerprint']> }

const isInPlace = (file: FileRow): file is InPlace =>
  file.stored === 'in_place' && file.real_path !== null && file.fingerprint !== null

async function lookAt(file: InPlace, how: ReadAgain): Promise<FileDamage | DigestPatch | null> {
  const handle = await openUnchecked(file.real_path).catch((error: NodeJS.ErrnoException) => error)
  if (handle instanceof Error) {
    // A link, or a folder that is none any more, stands where the file was.
    if (handle.code === 'ELOOP' || handle.code === 'ENOTDIR') return 'has changed'
    return handle.code === 'ENOENT' ? 'is missing' : 'cannot be read'
  }
  try {
    const found = await handle.stat({ bigint: true })
    const fingerprint = fingerprintOf(found)
    const same = sameFingerprint(fingerprint, file.fingerprint)
    if (same && how.which === 'touched') return null
    if (!found.isFile() || Number(found.size) !== file.size || !(await isAt(handle, file.real_path)))
      return 'has changed'
    await untilSettled(handle, fingerprint)
    const sha256 = await hashFile(handle, file.size, how.onBytes ?? (() => undefined), how.signal)
    const after = fingerprintOf(await handle.stat({ bigint: true }))
    if (sha256 !== file.sha256 || !sameFingerprint(after, fingerprint)) return 'has changed'
    return same ? null : { path: file.path, sha256, stored: file.stored, real_path: file.real_path, fingerprint }
  } catch (error) {
    how.signal?.throwIfAborted()
    return error instanceof HubError && error.code === 'file_changed' ? 'has changed' : 'cannot be read'
  } finally {
    await handle.close()
  }
}
