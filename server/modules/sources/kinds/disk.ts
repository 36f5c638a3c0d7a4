import { constants, existsSync } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { DiskSource, type SourceNote } from '../../../../contract/index.ts'
import { invalid, limitReached } from '../../../../kernel/index.ts'
import { readChecksums } from '../checksums.ts'
import { browse } from '../disk-browse.ts'
import { isAt } from '../disk-descriptor.ts'
import { changed, isDenied, notReadable } from '../disk-errors.ts'
import { resolveInRoots } from '../disk-roots.ts'
import { readDiskText } from '../disk-text.ts'
import { listUpload, oneDigest, uploadOf, withStated } from '../disk-upload.ts'
import { plannedFile, walkFolder } from '../disk-walk.ts'
import { fingerprintOf, sameFingerprint } from '../fingerprint.ts'
import { resolveCacheFolder } from '../hugging-face-cache.ts'
import type { LocalSourceKind, OpenedFile, PlannedFile, SourceContext } from '../source-kind.ts'

/** Files of one version: more is refused before anything is stored. */
const maxFiles = 100_000

export const diskSource: LocalSourceKind<DiskSource> = {
  kind: 'disk',
  reads: 'local',
  title: 'Disk',
  checks:
    'Allowed folder, real paths, no link out of it, every byte hashed and compared with checksums that are there, files unchanged since.',
  config: DiskSource as never,
  address: (source) => source.path ?? `upload ${source.upload}`,
  list: listFiles,
  open: openFile,
  browse,
}

async function* listFiles(
  source: DiskSource,
  context: SourceContext,
  onNote: (note: SourceNote) => void,
  signal?: AbortSignal,
): AsyncGenerator<PlannedFile> {
  if (source.upload !== undefined) {
    yield* listUpload(source, source.upload, context, onNote, signal)
    return
  }
  const path = pathOf(source)
  const real = await resolveInRoots(path, context.roots)
  const top = await stat(real, { bigint: true })
  const read = (folder: string) => (name: string, most: number) => readDiskText(folder, name, context.roots, most)
  if (top.isFile()) {
    const file = plannedFile(basename(real), real, top)
    const stated = await readChecksums(
      { ...source, top: await namesIn(dirname(real)), single: file.path, read: read(dirname(real)) },
      onNote,
    )
    yield await withStated(file, stated, existsSync(`${real}.sha256`))
    stated.end(onNote)
    return
  }
  if (!top.isDirectory()) {
    throw invalid('not_a_folder', `${path} is neither a file nor a folder.`, 'Give a model file or its folder.')
  }
  if (source.sha256 !== undefined) throw oneDigest()
  const folder = await resolveCacheFolder(real, onNote)
  const stated = await readChecksums(
    { ...source, top: await namesIn(folder), single: null, read: read(folder) },
    onNote,
  )
  const twins = createTwinWatch(onNote)
  let count = 0
  for await (const { sidecar, ...file } of walkFolder(folder, context, onNote, signal)) {
    count += 1
    if (count > maxFiles) {
      throw limitReached(
        'too_many_files',
        `The folder holds more than ${maxFiles.toLocaleString('en')} files.`,
        'Give the folder of one model.',
      )
    }
    twins(file.path)
    yield await withStated(file, stated, sidecar)
  }
  stated.end(onNote)
}

/** Names of the files at the top of a folder; one that cannot be read is told by the walk. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map(({ name }) => name)
}

/** Throws `invalid` for a source that is an upload. */
function pathOf(source: DiskSource): string {
  if (source.path !== undefined) return source.path
  throw invalid('no_path', 'The source names no path.', 'Give an absolute path, or an upload.')
}

/** Notes the first names that other systems take for one another; here they are different files. */
function createTwinWatch(onNote: (note: SourceNote) => void): (path: string) => void {
  const seen = new Set<string>()
  let noted = 0
  return (path) => {
    const folded = path.normalize('NFC').toLowerCase()
    if (seen.has(folded) && noted < 10) {
      noted += 1
      onNote({
        level: 'doubt',
        message: `${path} differs from another name only by case or by how its letters are composed; other systems overwrite one with the other.`,
      })
    }
    seen.add(folded)
  }
}

async function openFile(source: DiskSource, file: PlannedFile, context: SourceContext): Promise<OpenedFile> {
  const roots = source.upload === undefined ? context.roots : [(await uploadOf(context, source.upload)).folder]
  const real = await resolveInRoots(file.realPath, roots)
  if (real !== file.realPath) throw changed(file.path)
  // O_NOFOLLOW: a link put in place of the file between the walk and now is refused by the kernel. O_NONBLOCK: a pipe put there
  // would otherwise keep a thread waiting for a writer for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(real, flags).catch((cause: unknown) => {
    throw isDenied(cause) ? notReadable(file.path, cause) : changed(file.path, cause)
  })
  const found = await handle.stat({ bigint: true })
  const fingerprint = fingerprintOf(found)
  // Both times the same folder on the way could have been swapped for a link: where the descriptor is decides.
  if (!found.isFile() || !sameFingerprint(fingerprint, file.fingerprint) || !(await isAt(handle, real))) {
    await handle.close()
    throw changed(file.path)
  }
  return { handle, size: Number(found.size), fingerprint }
}
