import { realpath } from 'node:fs/promises'
import { isAbsolute, relative, sep } from 'node:path'
import { forbidden, invalid, notFound } from '../../../kernel/index.ts'
import { isDenied, notReadable } from './disk-errors.ts'

/** True when `path` is `root` or lies below it; both without links. */
export function isInside(root: string, path: string): boolean {
  const rest = relative(root, path)
  return rest === '' || (!isAbsolute(rest) && rest !== '..' && !rest.startsWith(`..${sep}`))
}

/** The allowed roots that exist, without links. */
export async function realRoots(roots: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const root of roots) {
    try {
      found.push(await realpath(root))
    } catch {
      // A root that does not exist (an unmounted disk) allows nothing.
    }
  }
  return found
}

/**
 * The path without links, when it lies below an allowed root. Throws `invalid` for a relative path, `forbidden` outside the roots,
 * `not_found` when there is nothing. Outside the roots it does not tell whether something is there.
 */
export async function resolveInRoots(path: string, roots: readonly string[]): Promise<string> {
  if (!isAbsolute(path) || path.includes('\0')) {
    throw invalid('path_not_absolute', `"${path}" is not an absolute path.`, 'Give the full path, beginning with "/".')
  }
  const allowed = await realRoots(roots)
  const remedy = `Put the files below one of: ${roots.join(', ') || '(none)'}; or start the hub with MODELHUB_DISK_ROOTS naming their folder.`
  let real: string
  try {
    real = await realpath(path)
  } catch (cause) {
    if (roots.some((root) => isInside(root, path)) || allowed.some((root) => isInside(root, path))) {
      if (isDenied(cause)) throw notReadable(path, cause)
      throw notFound(
        'path_not_found',
        `There is nothing at ${path}.`,
        'Check the spelling, and that the disk is mounted.',
        { cause },
      )
    }
    throw forbidden('path_outside_roots', `${path} is outside the folders this hub may read.`, remedy, { cause })
  }
  if (!allowed.some((root) => isInside(root, real))) {
    throw forbidden('path_outside_roots', `${path} is outside the folders this hub may read.`, remedy)
  }
  return real
}
