import { link, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Copied, codeOf, copyFile, hashFile } from './copy-file.ts'
import type { BlobFact } from './facts-store.ts'
import { blobPath } from './layout.ts'

export type CopiedBlobs = {
  blobs: { sha256: string; size: number }[]
  /** Not in the store, or not the bytes of their name. */
  lost: string[]
  /** Shared with the backup before by a hard link. */
  reused: number
}

type Options = {
  dataFolder: string
  target: string
  /** Path by digest in an earlier backup on the same disk. */
  previous: ReadonlyMap<string, string>
  signal?: AbortSignal | undefined
  onBytes?: ((bytes: number) => void) | undefined
}

/** Copies stored files into a backup, each checked against its name while it is read; what the last backup has is linked and checked. */
export async function copyBlobs(facts: readonly BlobFact[], options: Options): Promise<CopiedBlobs> {
  const result: CopiedBlobs = { blobs: [], lost: [], reused: 0 }
  for (const { sha256 } of facts) {
    options.signal?.throwIfAborted()
    const to = join(options.target, blobPath(sha256))
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    const linked = await linkPrevious(sha256, to, options)
    const copied = linked ?? (await copyOne(sha256, to, options))
    if (copied === undefined) result.lost.push(sha256)
    else result.blobs.push({ sha256, size: copied.size })
    if (linked !== undefined) result.reused += 1
  }
  return result
}

async function linkPrevious(sha256: string, to: string, options: Options): Promise<Copied | undefined> {
  const from = options.previous.get(sha256)
  if (from === undefined) return undefined
  try {
    await link(from, to)
    const hashed = await hashFile(to, { signal: options.signal, onBytes: options.onBytes })
    if (hashed.sha256 === sha256) return hashed
  } catch (error) {
    options.signal?.throwIfAborted()
    // Another disk, no hard links there, or the earlier backup has lost it: it is copied.
    if (codeOf(error) === undefined) throw error
  }
  await rm(to, { force: true })
  return undefined
}

async function copyOne(sha256: string, to: string, options: Options): Promise<Copied | undefined> {
  const from = join(options.dataFolder, blobPath(sha256))
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const copied = await copyFile(from, to, { signal: options.signal, onBytes: options.onBytes })
      if (copied.sha256 === sha256) return copied
      await rm(to, { force: true })
      return undefined
    } catch (error) {
      await rm(to, { force: true })
      const code = codeOf(error)
      // A disk that cannot read it has lost it as well.
      if (code === 'EIO' || code === 'EINVAL' || code === 'ELOOP') return undefined
      if (code !== 'ENOENT') throw error
    }
    // A collection that was already on its way takes a file aside for a moment.
    await sleep(100)
  }
  return undefined
}
