import { createHash } from 'node:crypto'
import type { Db } from '../../platform/db/index.ts'
import { readFileRow } from '../artifacts/index.ts'
import type { DistributionDeps } from './deps.ts'
import { openBytes } from './file-bytes.ts'
import type { ListedFile } from './file-list.ts'
import { gitBlobOf, isLfs, pointerOf } from './lfs.ts'
import { findGitBlobs, insertGitBlobs } from './store.ts'

export type GitNames = {
  /**
   * The git object id of each of these files, by path: of the pointer where Git LFS would keep the file, of the content otherwise.
   * A small file is read for it once in the life of the hub. Throws what `openBytes` throws.
   */
  of: (versionId: string, files: readonly ListedFile[]) => Promise<ReadonlyMap<string, string>>
}

/** Names kept in memory, about 200 bytes each. */
const mostKept = 100_000
/** Files that are read at a time, for all callers together. */
const readers = 4

export function createGitNames(deps: Pick<DistributionDeps, 'database' | 'blobs'>): GitNames {
  const kept = new Map<string, string>()
  const running = new Map<string, Promise<string>>()
  const turn = createTurns(readers)
  const db = (): Db => deps.database.db

  const keep = (sha256: string, sha1: string) => {
    if (kept.size >= mostKept) kept.clear()
    kept.set(sha256, sha1)
  }
  const compute = async (versionId: string, file: ListedFile): Promise<string> => {
    const row = await readFileRow(db(), versionId, file.path)
    if (row === undefined) throw new Error(`unreachable: ${file.path} is listed and has no row`)
    const hash = createHash('sha1').update(`blob ${file.size}\0`)
    const bytes = await openBytes(deps, row, { start: 0, end: file.size - 1 })
    try {
      for await (const chunk of bytes.chunks) hash.update(chunk)
    } finally {
      await bytes.close()
    }
    return hash.digest('hex')
  }
  const learn = async (versionId: string, file: ListedFile): Promise<string> => {
    const found = running.get(file.sha256)
    if (found !== undefined) return found
    const work = turn(() => compute(versionId, file)).finally(() => running.delete(file.sha256))
    running.set(file.sha256, work)
    return work
  }

  return {
    of: async (versionId, files) => {
      const names = new Map<string, string>()
      const wanted: ListedFile[] = []
      for (const file of files) {
        const known = isLfs(file.path, file.size) ? gitBlobOf(pointerOf(file.sha256, file.size)) : kept.get(file.sha256)
        if (known === undefined) wanted.push(file)
        else names.set(file.path, known)
      }
      if (wanted.length === 0) return names
      const bySha256 = await findGitBlobs(db(), [...new Set(wanted.map(({ sha256 }) => sha256))])
      const unknown = wanted.filter(({ sha256 }) => !bySha256.has(sha256))
      const learned = await Promise.all(
        unknown.map(async (file) => ({ sha256: file.sha256, sha1: await learn(versionId, file) })),
      )
      if (learned.length > 0) await insertGitBlobs(db(), learned)
      for (const { sha256, sha1 } of learned) bySha256.set(sha256, sha1)
      for (const { path, sha256 } of wanted) {
        const sha1 = bySha256.get(sha256) ?? ''
        keep(sha256, sha1)
        names.set(path, sha1)
      }
      return names
    },
  }
}

/** Lets so many pieces of work run at a time; the others wait in order. */
function createTurns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = most
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
