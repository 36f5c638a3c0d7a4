import { lstat, opendir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { DiskListing } from '../../../contract/index.ts'
import { invalid } from '../../../kernel/index.ts'
import { isDenied, notReadable } from './disk-errors.ts'
import { isInside, realRoots, resolveInRoots } from './disk-roots.ts'
import type { SourceContext } from './source-kind.ts'

const maxListed = 1_000

/** What a folder below the roots holds, folders first; without a path, the roots themselves. */
export async function browse(path: string | undefined, context: SourceContext): Promise<DiskListing> {
  const roots = await realRoots(context.roots)
  if (path === undefined) {
    const entries = roots.map((root) => ({ name: root, path: root, kind: 'folder' as const, size: null }))
    return { path: null, parent: null, entries, truncated: false }
  }
  const real = await resolveInRoots(path, context.roots)
  if (!(await stat(real)).isDirectory()) {
    throw invalid('not_a_folder', `${path} is not a folder.`, 'Give a folder.')
  }
  const entries: DiskListing['entries'] = []
  let truncated = false
  const folder = await opendir(real).catch((cause: unknown) => {
    throw isDenied(cause) ? notReadable(path, cause) : cause
  })
  for await (const entry of folder) {
    if (entries.length >= maxListed) {
      truncated = true
      break
    }
    const full = join(real, entry.name)
    const kind = entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : 'other'
    // A file that is gone by now has no size any more.
    const size =
      kind === 'file'
        ? await lstat(full).then(
            ({ size: bytes }) => bytes,
            () => null,
          )
        : null
    entries.push({ name: entry.name, path: full, kind, size })
  }
  entries.sort((a, b) => Number(b.kind === 'folder') - Number(a.kind === 'folder') || (a.name < b.name ? -1 : 1))
  const above = dirname(real)
  return { path: real, parent: roots.some((root) => isInside(root, above)) ? above : null, entries, truncated }
}
