import { constants } from 'node:fs'
import { lstat, open, opendir, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { type DiskListing, DiskSource, type SourceNote } from '../../../../contract/index.ts'
import { conflict, forbidden, invalid, limitReached } from '../../../../kernel/index.ts'
import { isInside, realRoots, resolveInRoots } from '../disk-roots.ts'
import { fingerprintOf, sameFingerprint } from '../fingerprint.ts'
import type { OpenedFile, PlannedFile, SourceContext, SourceKind } from '../source-kind.ts'

/** Bounds of one version: more is refused before anything is stored. */
const maxFiles = 100_000
const maxDepth = 32
const maxListed = 1_000
/** Version-control and cache folders are no part of a model. */
const skippedFolders = new Set(['.git', '.cache', '__pycache__', 'node_modules'])

type OnNote = (note: SourceNote) => void

export const diskSource: SourceKind<DiskSource> = {
  kind: 'disk',
  title: 'Disk',
  checks: 'Allowed folder, real paths, no link out of it, every byte hashed, files unchanged since.',
  config: DiskSource as never,
  address: (source) => source.path,
  list: listFiles,
  open: openFile,
  browse,
}

async function* listFiles(
  source: DiskSource,
  context: SourceContext,
  onNote: OnNote,
  signal?: AbortSignal,
): AsyncGenerator<PlannedFile> {
  const real = await resolveInRoots(source.path, context.roots)
  const top = await stat(real, { bigint: true })
  if (top.isFile()) {
    yield { path: basename(real), size: Number(top.size), realPath: real, fingerprint: fingerprintOf(top) }
    return
  }
  if (!top.isDirectory()) {
    throw invalid('not_a_folder', `${source.path} is neither a file nor a folder.`, 'Give a model file or its folder.')
  }
  let count = 0
  for await (const file of walk(real, real, 0, context, onNote, signal)) {
    count += 1
    if (count > maxFiles) {
      throw limitReached(
        'too_many_files',
        `The folder holds more than ${maxFiles.toLocaleString('en')} files.`,
        'Give the folder of one model.',
      )
    }
    yield file
  }
}

async function* walk(
  top: string,
  folder: string,
  depth: number,
  context: SourceContext,
  onNote: OnNote,
  signal?: AbortSignal,
): AsyncGenerator<PlannedFile> {
  if (depth > maxDepth) {
    throw limitReached(
      'too_deep',
      `${folder} lies more than ${maxDepth} folders deep.`,
      'Give the folder of one model.',
    )
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EACCES' || cause.code === 'EPERM'
      ? forbidden('not_readable', `The hub may not read ${folder}.`, 'Give its user the right to read the folder.', {
          cause,
        })
      : cause
  })
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  for (const entry of entries) {
    signal?.throwIfAborted()
    const path = join(folder, entry.name)
    const shown = path
      .slice(top.length + 1)
      .split(sep)
      .join('/')
    if (entry.name.includes('\ufffd')) {
      throw invalid('name_not_utf8', `${shown} has a name that is not UTF-8.`, 'Rename it.')
    }
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) yield* walk(top, path, depth + 1, context, onNote, signal)
    } else if (entry.isSymbolicLink()) {
      const file = await followLink(path, shown, context, onNote)
      if (file !== null) yield file
    } else if (entry.isFile()) {
      const found = await lstat(path, { bigint: true })
      yield { path: shown, size: Number(found.size), realPath: path, fingerprint: fingerprintOf(found) }
    } else {
      onNote({ level: 'doubt', message: `${shown} is neither a file nor a folder and was left out.` })
    }
  }
}

/** A link counts as the file it names when that lies below an allowed root, as in a Hugging Face cache; otherwise it is left out and named. */
async function followLink(
  path: string,
  shown: string,
  context: SourceContext,
  onNote: OnNote,
): Promise<PlannedFile | null> {
  let real: string
  try {
    real = await realpath(path)
  } catch {
    onNote({ level: 'doubt', message: `${shown} is a link to nothing and was left out.` })
    return null
  }
  if (!(await realRoots(context.roots)).some((root) => isInside(root, real))) {
    throw invalid(
      'link_escapes',
      `${shown} is a link out of the allowed folders.`,
      'Replace the link by the file, or allow the folder it points to.',
    )
  }
  const found = await stat(real, { bigint: true })
  if (!found.isFile()) {
    onNote({ level: 'doubt', message: `${shown} is a link to a folder and was left out.` })
    return null
  }
  return { path: shown, size: Number(found.size), realPath: real, fingerprint: fingerprintOf(found) }
}

async function openFile(_source: DiskSource, file: PlannedFile, context: SourceContext): Promise<OpenedFile> {
  const real = await resolveInRoots(file.realPath, context.roots)
  if (real !== file.realPath) throw changed(file)
  // O_NOFOLLOW: a link put in place of the file between the walk and now is refused by the kernel. O_NONBLOCK: a pipe put there
  // would otherwise keep a thread waiting for a writer for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK
  const handle = await open(real, flags).catch((cause: unknown) => {
    throw changed(file, cause)
  })
  const found = await handle.stat({ bigint: true })
  const fingerprint = fingerprintOf(found)
  if (!found.isFile() || !sameFingerprint(fingerprint, file.fingerprint)) {
    await handle.close()
    throw changed(file)
  }
  return { handle, size: Number(found.size), fingerprint }
}

function changed(file: PlannedFile, cause?: unknown) {
  return conflict(
    'file_changed',
    `${file.path} changed while it was being registered.`,
    'Wait until nothing writes to the folder, then retry.',
    cause === undefined ? undefined : { cause },
  )
}

async function browse(path: string | undefined, context: SourceContext): Promise<DiskListing> {
  if (path === undefined) {
    const roots = await realRoots(context.roots)
    return {
      path: null,
      parent: null,
      entries: roots.map((root) => ({ name: root, path: root, kind: 'folder' as const, size: null })),
      truncated: false,
    }
  }
  const real = await resolveInRoots(path, context.roots)
  if (!(await stat(real)).isDirectory()) {
    throw invalid('not_a_folder', `${path} is not a folder.`, 'Give a folder.')
  }
  const roots = await realRoots(context.roots)
  const entries: DiskListing['entries'] = []
  let truncated = false
  for await (const entry of await opendir(real)) {
    if (entries.length >= maxListed) {
      truncated = true
      break
    }
    const full = join(real, entry.name)
    const kind = entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other'
    const size = kind === 'file' ? (await lstat(full)).size : null
    entries.push({ name: entry.name, path: full, kind, size })
  }
  entries.sort((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || (a.name < b.name ? -1 : 1))
  const above = dirname(real)
  return { path: real, parent: roots.some((root) => isInside(root, above)) ? above : null, entries, truncated }
}
