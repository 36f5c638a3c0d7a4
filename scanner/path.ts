/** Paths inside a repository: `/`-separated, relative. */

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The folder of a path, '' for the root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

/** True when a reference from inside a repository leaves it or is not a relative path: `..`, absolute, drive, backslash, home, URL. */
export function leavesFolder(reference: string): 'url' | 'absolute' | 'traversal' | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(reference) || /^(data|file|javascript):/i.test(reference)) return 'url'
  if (/^([/\\~]|[a-z]:)/i.test(reference)) return 'absolute'
  if (reference.split(/[/\\]/).includes('..') || reference.includes('\0')) return 'traversal'
  return undefined
}

/** The path of a file beside another. */
export function inFolder(beside: string, name: string): string {
  const folder = folderOf(beside)
  return folder === '' ? name : `${folder}/${name}`
}
