import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { randomText } from '../../kernel/index.ts'

// What these have done survives a power cut once they return: the bytes of a file are flushed, and so is the folder that names it.

/** Makes a folder and those above it (mode 0700 unless told), with their entries flushed. */
export function makeFolderDurably(path: string, mode = 0o700): void {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.push(at)
  if (missing.length === 0) return
  mkdirSync(path, { recursive: true, mode })
  for (const made of missing) fsyncEntry(made)
}

/** Replaces a file (mode 0600) whole: whoever reads it finds the old content or the new one, after a power cut too. */
export function replaceFileDurably(path: string, content: string | Uint8Array): void {
  // Always the same name beside it, so that a kill leaves one at most.
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  fsyncPath(dirname(path))
}

/**
 * Makes a file (mode 0600) where there is none, whole or not at all. Of two callers at once one wins; both find the same content.
 * @returns false when it was there before
 */
export function makeFileOnce(path: string, content: string): boolean {
  // A name of its own for every caller: process ids are the same in two containers on one volume.
  const temporary = `${path}.${randomText(12)}`
  const file = openSync(temporary, 'wx', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    // A link refuses to replace, unlike a rename.
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    return false
  } finally {
    unlinkSync(temporary)
    fsyncPath(dirname(path))
  }
}

/** Flushes that `path` is there. A folder that may be written and not read cannot be flushed by us. */
function fsyncEntry(path: string): void {
  try {
    fsyncPath(dirname(path))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error
  }
}

/** Flushes every file and folder below `folder` to the disk. */
export function fsyncTree(folder: string): void {
  for (const item of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, item.name)
    if (item.isDirectory()) fsyncTree(path)
    else if (item.isFile()) fsyncPath(path)
  }
  fsyncPath(folder)
}

/** Flushes one file, or the entries of one folder, to the disk. */
export function fsyncPath(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Flushes the entries of one folder without making anybody wait. */
export async function fsyncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
