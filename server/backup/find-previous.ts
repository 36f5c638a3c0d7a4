import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { blobPath } from './layout.ts'
import { readManifest } from './manifest.ts'

/** So many neighbours are looked at: the folder above may be anything. */
const mostNeighbours = 200

/** The stored files of the newest whole backup that lies beside `target`: path by digest. */
export async function findPrevious(target: string): Promise<Map<string, string>> {
  const parent = dirname(target)
  const names = await readdir(parent).catch(() => [])
  let newest: { folder: string; instant: string; blobs: { sha256: string }[] } | undefined
  for (const name of names.filter((one) => one !== basename(target)).slice(0, mostNeighbours)) {
    const folder = join(parent, name)
    const found = await readManifest(folder).catch(() => undefined)
    if (found === undefined || found.manifest.instant <= (newest?.instant ?? '')) continue
    newest = { folder, ...found.manifest }
  }
  const { folder, blobs } = newest ?? { folder: '', blobs: [] }
  return new Map(blobs.map(({ sha256 }) => [sha256, join(folder, blobPath(sha256))]))
}
