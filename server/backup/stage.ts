import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, copyFile } from './copy-file.ts'
import { damaged } from './damaged.ts'
import { eachOf } from './each-of.ts'
import { flushWidth } from './flush-tree.ts'
import { blobPath, digestFile, manifestFile, unfinishedFile } from './layout.ts'
import { type Manifest, unfinished } from './manifest.ts'
import { walk } from './walk.ts'

type Expected = { path: string; size: number; sha256: string }

const expectedOf = (manifest: Manifest): Expected[] => [
  ...manifest.files,
  ...manifest.blobs.map((blob) => ({ path: blobPath(blob.sha256), ...blob })),
]

/** Bytes of everything in a backup but its manifest. */
export const bytesOf = (manifest: Manifest): number => expectedOf(manifest).reduce((sum, { size }) => sum + size, 0)

/**
 * Compares what lies in a backup with its manifest, by name and size: nothing missing, nothing more, no links.
 * Throws `conflict` `backup_damaged`, `invalid` `backup_unfinished`.
 */
export async function checkListing(backup: string, manifest: Manifest): Promise<void> {
  const left = new Map<string, number>()
  for (const { path, size } of expectedOf(manifest)) {
    if (left.has(path)) throw damaged(path, 'is listed twice')
    left.set(path, size)
  }
  const folders = new Set(manifest.folders)
  for await (const { path, kind, size } of walk(backup)) {
    if (path === unfinishedFile) throw unfinished(backup)
    if (kind === 'other') throw damaged(path, 'is a link, or no regular file')
    if (kind === 'folder') {
      folders.delete(path)
      continue
    }
    if (path === manifestFile || path === digestFile) continue
    const expected = left.get(path)
    if (expected === undefined) throw damaged(path, 'is not in the manifest')
    if (expected !== size) throw damaged(path, `has ${size} bytes; the manifest says ${expected}`)
    left.delete(path)
  }
  const [missing] = [...left.keys(), ...folders]
  if (missing !== undefined) throw damaged(missing, 'is missing')
}

/**
 * Copies a backup into an empty folder, comparing every byte with the manifest. The copy is not flushed.
 * Throws `conflict` `backup_damaged`, the signal's reason.
 */
export async function stage(
  backup: string,
  folder: string,
  manifest: Manifest,
  view: { signal?: AbortSignal | undefined; onBytes: (bytes: number) => void },
): Promise<void> {
  const expected = expectedOf(manifest)
  for (const path of new Set([...manifest.folders, ...expected.map((one) => dirname(one.path))])) {
    await mkdir(join(folder, path), { recursive: true, mode: 0o700 })
  }
  await eachOf(expected, flushWidth, async ({ path, size, sha256 }) => {
    const copied = await copyOne(join(backup, path), join(folder, path), path, view)
    if (copied.size !== size) throw damaged(path, `has ${copied.size} bytes`)
    if (copied.sha256 !== sha256) throw damaged(path, `has the SHA-256 ${copied.sha256}`)
  })
}

async function copyOne(
  from: string,
  to: string,
  name: string,
  view: { signal?: AbortSignal | undefined; onBytes: (bytes: number) => void },
) {
  try {
    return await copyFile(from, to, { ...view, flush: false })
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT') throw damaged(name, 'is missing')
    if (code === 'ELOOP' || code === 'EINVAL') throw damaged(name, 'is a link, or no regular file')
    if (code === 'EIO') throw damaged(name, 'cannot be read from its disk')
    throw error
  }
}

/** The envelope key that lies in a folder; undefined when there is none. */
export async function keyIn(path: string): Promise<Uint8Array | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : Buffer.from(text.trim(), 'base64')
}
