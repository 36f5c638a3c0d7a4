import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceNote } from '../../../contract/index.ts'
import { invalid, limitReached } from '../../../kernel/index.ts'
import { type OpenFolder, openFolder } from './disk-descriptor.ts'
import { changed, isDenied, notReadable } from './disk-errors.ts'
import { isInside, realRoots } from './disk-roots.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { PlannedFile, SourceContext } from './source-kind.ts'

const maxDepth = 32
/** Bytes of a path in its version. The index of the files holds 2,704 bytes per entry, the id of the version among them. */
const maxPathBytes = 2_000
/** Bytes of one file; sums of these stay exact. */
const maxFileBytes = 16 * 2 ** 40
/** Version-control and cache folders are no part of a model. */
const skippedFolders = new Set(['.git', '.cache', '__pycache__', 'node_modules'])
/** Entries that are looked at together. */
const together = 64

/** `sidecar`: `<path>.sha256` is beside it. */
export type WalkedFile = PlannedFile & { sidecar: boolean }

type Walk = { top: string; context: SourceContext; onNote: (note: SourceNote) => void; signal: AbortSignal | undefined }

/**
 * Every file below `folder`, which must be free of links. Folders are read through their open descriptors: what is swapped for a link
 * on the way is refused, never followed.
 */
export async function* walkFolder(
  folder: string,
  context: SourceContext,
  onNote: (note: SourceNote) => void,
  signal?: AbortSignal,
): AsyncGenerator<WalkedFile> {
  yield* walk({ top: folder, context, onNote, signal }, folder, 0)
}

async function* walk(of: Walk, folder: string, depth: number): AsyncGenerator<WalkedFile> {
  if (depth > maxDepth) {
    throw limitReached(
      'too_deep',
      `${folder} lies more than ${maxDepth} folders deep.`,
      'Give the folder of one model.',
    )
  }
  const opened = await openFolder(folder).catch((cause: unknown) => {
    throw isDenied(cause) ? notReadable(folder, cause) : cause
  })
  if (opened === null) throw changed(folder)
  try {
    const { entries } = opened
    const names = new Set(entries.map(({ name }) => name))
    for (let i = 0; i < entries.length; i += together) {
      of.signal?.throwIfAborted()
      const some = entries.slice(i, i + together)
      const looked = await Promise.all(some.map((entry) => look(of, opened, folder, entry)))
      for (const { file, folder: inner, doubt } of looked) {
        of.signal?.throwIfAborted()
        if (doubt !== undefined) of.onNote({ level: 'doubt', message: doubt })
        if (file !== undefined) yield { ...file, sidecar: names.has(`${file.path.split('/').at(-1)}.sha256`) }
        if (inner !== undefined) yield* walk(of, inner, depth + 1)
      }
    }
  } finally {
    await opened.close()
  }
}

type Looked = { file?: PlannedFile; folder?: string; doubt?: string }

async function look(of: Walk, opened: OpenFolder, folder: string, entry: Dirent): Promise<Looked> {
  const path = join(folder, entry.name)
  const shown = path.slice(of.top === '/' ? 1 : of.top.length + 1)
  if (entry.name.includes('\ufffd')) {
    throw invalid('name_not_utf8', `${shown} has a name that is not UTF-8.`, 'Rename it.')
  }
  if (entry.isDirectory()) return skippedFolders.has(entry.name) ? {} : { folder: path }
  if (Buffer.byteLength(shown) > maxPathBytes) {
    throw limitReached(
      'path_too_long',
      `${shown.slice(0, 100)}… is a path of more than ${maxPathBytes.toLocaleString('en')} bytes.`,
      'Give the folder of one model, or use shorter names.',
    )
  }
  if (entry.isSymbolicLink()) return await followLink(of, path, shown)
  if (!entry.isFile()) return { doubt: `${shown} is neither a file nor a folder and was left out.` }
  const found = await lstat(`${opened.prefix}/${entry.name}`, { bigint: true }).catch((cause: unknown) => {
    throw changed(shown, cause)
  })
  if (!found.isFile()) throw changed(shown)
  return { file: plannedFile(shown, path, found) }
}

/** A link counts as the file it names when that lies below an allowed root, as in a Hugging Face cache; otherwise it is refused by name. */
async function followLink(of: Walk, path: string, shown: string): Promise<Looked> {
  const leaveOut = (what: string): Looked => ({ doubt: `${shown} is a link to ${what} and was left out.` })
  const real = await realpath(path).catch(() => null)
  if (real === null) return leaveOut('nothing')
  if (!(await realRoots(of.context.roots)).some((root) => isInside(root, real))) {
    throw invalid(
      'link_escapes',
      `${shown} is a link out of the allowed folders.`,
      'Replace the link by the file, or allow the folder it points to.',
    )
  }
  const found = await stat(real, { bigint: true }).catch(() => null)
  if (found === null) return leaveOut('nothing')
  if (found.isDirectory()) return leaveOut('a folder')
  if (!found.isFile()) return leaveOut('something that is no file')
  // A cache of Hugging Face names its large files by what they should hash to.
  const claim = /\/blobs\/([0-9a-f]{64})$/.exec(real)?.[1]
  const file = plannedFile(shown, real, found)
  if (claim === undefined) return { file }
  return { file: { ...file, ref: { size: file.size, stated: [{ sha256: claim, by: 'Its name in the cache' }] } } }
}

/** What is known of a file before it is read. Throws `limit` for one that is larger than any model. */
export function plannedFile(path: string, realPath: string, found: BigIntStats): PlannedFile {
  if (found.size > maxFileBytes) {
    throw limitReached(
      'file_too_large',
      `${path} says it holds ${found.size} bytes; a file may have 16 TiB.`,
      'Check the file: no model has one of this size.',
    )
  }
  return { path, size: Number(found.size), realPath, fingerprint: fingerprintOf(found) }
}
