import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { codeOf } from './copy-file.ts'

export type Found = { path: string; kind: 'file' | 'folder' | 'other'; size: number }

/** Everything below a folder; folders come before what is in them. Paths are relative, with slashes. Links are named, not followed. */
export async function* walk(folder: string, below = ''): AsyncGenerator<Found> {
  const items = await readdir(join(folder, below), { withFileTypes: true })
  for (const item of items.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? item.name : `${below}/${item.name}`
    if (item.isDirectory()) {
      yield { path, kind: 'folder', size: 0 }
      yield* walk(folder, path)
    } else {
      const about = await lstat(join(folder, path)).catch(ifGone)
      if (about !== undefined) yield { path, kind: about.isFile() ? 'file' : 'other', size: about.size }
    }
  }
}

/** Bytes of a file, or of all files below a folder; 0 for what is not there. */
export async function sizeOf(path: string): Promise<number> {
  const about = await lstat(path).catch(ifGone)
  if (about?.isDirectory() !== true) return about?.size ?? 0
  let bytes = 0
  for await (const found of walk(path)) bytes += found.size
  return bytes
}

function ifGone(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error
}
