import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { invalid } from '../../kernel/index.ts'

export type LocalFile = {
  /** In the upload: relative, with forward slashes. */
  path: string
  /** Here. */
  full: string
  size: number
}

export type Collected = {
  files: LocalFile[]
  /** What people recognize it by. */
  name: string
  /** Links and other things that were left out. */
  leftOut: string[]
}

/** The hub leaves these out of folders as well: they are no part of a model. */
const skippedFolders = new Set(['.git', '.cache', '__pycache__', 'node_modules'])

/**
 * The files of some paths, in the order of their names: of one folder what is in it, of several paths each under its own name. Links to
 * files count as those files. Throws `invalid` `no_file`.
 */
export async function collectFiles(folder: string, paths: readonly string[]): Promise<Collected> {
  const files: LocalFile[] = []
  const leftOut: string[] = []
  for (const path of paths) {
    const full = resolve(folder, path)
    const found = await stat(full).catch(() => null)
    if (found === null) throw invalid('no_file', `There is nothing at ${full}.`, 'Check the spelling.')
    if (found.isFile()) files.push({ path: basename(full), full, size: found.size })
    else await walk(full, paths.length === 1 ? '' : `${basename(full)}/`, files, leftOut)
  }
  if (files.length === 0) throw invalid('no_file', 'There are no files to upload.', 'Give the folder of a model.')
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return { files, name: basename(resolve(folder, paths[0] ?? '')), leftOut }
}

async function walk(full: string, prefix: string, files: LocalFile[], leftOut: string[]): Promise<void> {
  for (const entry of await readdir(full, { withFileTypes: true })) {
    const at = join(full, entry.name)
    const path = `${prefix}${entry.name}`
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) await walk(at, `${path}/`, files, leftOut)
      continue
    }
    // A cache of Hugging Face holds links to its files.
    const found = entry.isFile() || entry.isSymbolicLink() ? await stat(at).catch(() => null) : null
    if (found?.isFile() === true) files.push({ path, full: at, size: found.size })
    else leftOut.push(path)
  }
}

/** As the hub computes it, so that an upload of the same list is found again. */
export function listDigestOf(files: readonly LocalFile[]): string {
  const hash = createHash('sha256')
  for (const { path, size } of files) hash.update(`${size} ${path}\n`)
  return hash.digest('hex')
}
