import { createHash } from 'node:crypto'
import type { FileList, ListedFile } from './file-list.ts'
import { isLfs, pointerOf } from './lfs.ts'

/** One entry of a listing, in the words of the Hugging Face Hub. */
export type TreeEntry =
  | { type: 'directory'; path: string; oid: string; size: 0 }
  | {
      type: 'file'
      path: string
      oid: string
      size: number
      lfs?: { oid: string; size: number; pointerSize: number }
    }

export type TreeItem = { folder: string } | { file: ListedFile }

/** What stands in a folder ('' is the whole), or below it: folders first, then files. Undefined when there is no such folder. */
export function itemsBelow(list: FileList, folder: string, recursive: boolean): TreeItem[] | undefined {
  if (folder !== '' && !list.folders.includes(folder)) return undefined
  const start = folder === '' ? '' : `${folder}/`
  const fits = (path: string) => path.startsWith(start) && (recursive || !path.includes('/', start.length))
  return [
    ...list.folders.filter(fits).map((path) => ({ folder: path })),
    ...list.files.filter(({ path }) => fits(path)).map((file) => ({ file })),
  ]
}

/** The id of a folder: a name that never changes for this commit. Not a git tree: nobody can fetch one here. */
export const folderEntry = (commit: string, path: string): TreeEntry => ({
  type: 'directory',
  oid: createHash('sha1').update(`tree ${commit} ${path}`).digest('hex'),
  size: 0,
  path,
})

export const fileEntry = (file: ListedFile, oid: string): TreeEntry => ({
  type: 'file',
  oid,
  size: file.size,
  ...(isLfs(file.path, file.size) ? { lfs: lfsOf(file) } : {}),
  path: file.path,
})

export const lfsOf = ({ sha256, size }: ListedFile) => ({
  oid: sha256,
  size,
  pointerSize: Buffer.byteLength(pointerOf(sha256, size)),
})
