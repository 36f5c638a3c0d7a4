import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { invalid } from '../../kernel/index.ts'

export type WalkedFile = {
  /** Path on disk. */
  file: string
  /** Relative to the root, `/`-separated. */
  path: string
  kind: 'file' | 'link' | 'special' | 'unreadable' | 'unnamed'
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

/** Depth first, with a list of its own of what is left: a folder may hold as many folders in one another as its path has room for. */
async function* walkFrom(start: string, signal: AbortSignal | undefined): AsyncGenerator<Omit<WalkedFile, 'path'>> {
  const left: Name[] = [{ name: start, whole: true }]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    signal?.throwIfAborted()
    const file = next.name
    const kind = next.whole ? await kindOf(file) : 'unnamed'
    if (kind !== 'folder') {
      yield { file, kind }
      continue
    }
    const names = await readdir(file, { encoding: 'buffer' }).catch(() => undefined)
    if (names === undefined) {
      yield { file, kind: 'unreadable' }
      continue
    }
    const inside = names.map(decodeName).sort(byName)
    for (const { name, whole } of inside.reverse()) left.push({ name: join(file, name), whole })
  }
}

async function kindOf(file: string): Promise<WalkedFile['kind'] | 'folder'> {
  const stat = await lstat(file).catch(() => undefined)
  if (stat === undefined) return 'unreadable'
  if (stat.isSymbolicLink()) return 'link'
  if (stat.isFile()) return 'file'
  return stat.isDirectory() ? 'folder' : 'special'
}

/** `whole` is false when the bytes of the name are no UTF-8: asked for by its decoded name another file would answer, or none. */
type Name = { name: string; whole: boolean }

function decodeName(bytes: Buffer): Name {
  const name = bytes.toString('utf8')
  return { name, whole: Buffer.from(name).equals(bytes) }
}

const byName = (a: Name, b: Name): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
