import { conflict } from '../../../kernel/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { manifestDigest, readFileRows } from '../artifacts/index.ts'

/** One file of a sealed version. */
export type ListedFile = { path: string; size: number; sha256: string }

export type FileList = {
  /** In the code-unit order of their paths. */
  files: readonly ListedFile[]
  byPath: ReadonlyMap<string, ListedFile>
  /** Folders that hold something, in the same order. */
  folders: readonly string[]
}

export type FileLists = {
  /** The files of a sealed version. Throws `conflict` `files_in_motion` while they are ingested again. */
  of: (version: { id: string; digest: string }) => Promise<FileList>
}

/** Files that are kept in memory, of all versions together: about 100 MB when all paths are long. */
const mostFiles = 250_000

/** Lists of files by version, kept while there is room: clients ask for many files that are not there, one after the other. */
export function createFileLists(db: () => Db): FileLists {
  const kept = new Map<string, { list: Promise<FileList>; weight: number }>()
  let weight = 0
  const drop = (key: string) => {
    weight -= kept.get(key)?.weight ?? 0
    kept.delete(key)
  }
  return {
    of: (version) => {
      // The digest names the files: a version that was ingested anew has another one.
      const key = `${version.id} ${version.digest}`
      const found = kept.get(key)
      if (found !== undefined) {
        kept.delete(key)
        kept.set(key, found)
        return found.list
      }
      const list = load(db(), version)
      const entry = { list, weight: 0 }
      kept.set(key, entry)
      list.then(
        ({ files }) => {
          if (kept.get(key) !== entry) return
          entry.weight = files.length + 1
          weight += entry.weight
          for (const oldest of kept.keys()) {
            if (weight <= mostFiles || oldest === key) break
            drop(oldest)
          }
        },
        () => drop(key),
      )
      return list
    },
  }
}

async function load(db: Db, version: { id: string; digest: string }): Promise<FileList> {
  const files: ListedFile[] = []
  for (const { path, size, sha256 } of await readFileRows(db, version.id)) {
    if (sha256 !== null) files.push({ path, size, sha256 })
  }
  // While a version is ingested again its rows are those of the new try: half a list must not be kept as the whole one.
  if (manifestDigest(files) !== version.digest) {
    throw conflict('files_in_motion', 'The files of this version are being ingested again.', 'Try again later.')
  }
  files.sort((a, b) => compare(a.path, b.path))
  const folders = new Set<string>()
  for (const { path } of files) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return { files, byPath: new Map(files.map((file) => [file.path, file])), folders: [...folders].sort(compare) }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
