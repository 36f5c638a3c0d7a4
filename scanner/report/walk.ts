import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { invalid } from '../../kernel/index.ts'

export type WalkedFile = {
  /** Path on disk. */
  file: string
  /** Relative to the root, `/`-separated. */
  path: string
  kind: 'file' | 'link' | 'special' | 'unreadable'
}

/**
 * Every entry below the given paths, folders descended in the order of names, symbolic links reported and never followed.
 * A path that is itself a link is what the user asked for and is resolved. Throws `invalid` for a path that does not exist.
 */
export async function* walk(paths: readonly string[], signal?: AbortSignal): AsyncGenerator<WalkedFile> {
  const used = new Set<string>()
  for (const given of paths) {
    const start = await resolveStart(given)
    const root = (await lstat(start)).isDirectory() ? start : dirname(start)
    for await (const found of walkFrom(start, signal)) {
      const inRoot = relative(root, found.file).split(sep).join('/') || basename(found.file)
      // Two roots can hold the same relative path; the second is then named with its root.
      const path = used.has(inRoot) ? `${given.replace(/\/+$/, '')}/${inRoot}` : inRoot
      if (used.has(path)) continue
      used.add(path)
      yield { ...found, path }
    }
  }
}

async function resolveStart(given: string): Promise<string> {
  try {
    return await realpath(given)
  } catch (cause) {
    throw invalid('scan_path_not_found', `There is no file or folder at ${given}.`, 'Check the path.', { cause })
  }
}

async function* walkFrom(file: string, signal: AbortSignal | undefined): AsyncGenerator<Omit<WalkedFile, 'path'>> {
  signal?.throwIfAborted()
  const stat = await lstat(file).catch(() => undefined)
  if (stat === undefined) yield { file, kind: 'unreadable' }
  else if (stat.isSymbolicLink()) yield { file, kind: 'link' }
  else if (stat.isFile()) yield { file, kind: 'file' }
  else if (stat.isDirectory()) {
    const names = await readdir(file).catch(() => undefined)
    if (names === undefined) yield { file, kind: 'unreadable' }
    else for (const name of names.sort()) yield* walkFrom(join(file, name), signal)
  } else yield { file, kind: 'special' }
}
