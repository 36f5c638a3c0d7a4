/** One file of this computer, and its place below what was chosen. */
export type PickedFile = { path: string; file: File }
export type Picked = { name: string; files: PickedFile[] }

/** What systems and version control leave in folders, which is no part of a model. */
const left = /(^|\/)(\.git\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/

/** The files of a folder or several files from a file dialog, in an order that is the same each time. */
export function pickedFrom(list: Iterable<File>): Picked {
  const files = [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
  return trimmed(files)
}

/** What was dropped, folders walked. */
export async function droppedFiles(items: DataTransferItemList): Promise<Picked> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const files: PickedFile[] = []
  for (const entry of entries) await walk(entry, files)
  return trimmed(files)
}

async function walk(entry: FileSystemEntry, into: PickedFile[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    into.push({ path: entry.fullPath.replace(/^\//, ''), file })
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    // A folder is given in pieces; an empty one is its end.
    if (some.length === 0) return
    for (const one of some) await walk(one, into)
  }
}

/** The one folder that all are in becomes the name, and the paths begin below it. */
function trimmed(all: readonly PickedFile[]): Picked {
  const files = all.filter(({ path }) => !left.test(path))
  const top = files[0]?.path.split('/')[0] ?? ''
  const oneFolder = files.length > 0 && files.every(({ path }) => path.startsWith(`${top}/`))
  const below = oneFolder ? files.map(({ path, file }) => ({ path: path.slice(top.length + 1), file })) : files
  return { name: top, files: below.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)) }
}
