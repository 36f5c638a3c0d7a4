import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid } from '../../../kernel/index.ts'
import { resolveInRoots } from './disk-roots.ts'
import { expandBraces, matchPart } from './globs.ts'
import type { SourceContext } from './source-kind.ts'

/** Entries of one folder that are looked at; more are left, in the order of names. */
const maxEntries = 10_000

/**
 * Absolute paths below the allowed roots that a glob gives: `*`, `?` and `{a,b}` within parts, links not followed, hidden names only
 * where a part begins with a dot. At most `limit + 1`. Throws `invalid` for a relative pattern, and what a folder outside the roots
 * throws.
 */
export async function globDisk(pattern: string, context: SourceContext, limit: number): Promise<string[]> {
  if (!pattern.startsWith('/')) {
    throw invalid('bad_glob', 'The pattern is not an absolute path.', 'Begin it with one of the allowed folders.')
  }
  const found = new Set<string>()
  for (const alternative of expandBraces(pattern)) {
    const parts = alternative.split('/').filter((part) => part !== '')
    if (parts.includes('..')) throw invalid('bad_glob', 'The pattern holds "..".', 'Write the path without it.')
    if (parts.includes('**')) {
      throw invalid('bad_glob', 'The pattern holds "**".', 'Name each level with a star of its own.')
    }
    const firstWild = parts.findIndex((part) => /[*?]/.test(part))
    const base = `/${parts.slice(0, firstWild < 0 ? parts.length : firstWild).join('/')}`
    const real = await resolveInRoots(base, context.roots)
    for await (const path of walk(real, firstWild < 0 ? [] : parts.slice(firstWild))) {
      found.add(path)
      if (found.size > limit) return [...found].sort()
    }
  }
  return [...found].sort()
}

async function* walk(folder: string, parts: readonly string[]): AsyncGenerator<string> {
  const [part, ...rest] = parts
  if (part === undefined) {
    yield folder
    return
  }
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const names = entries
    .filter((entry) => entry.isDirectory() || (rest.length === 0 && entry.isFile()))
    .map(({ name }) => name)
    .filter((name) => (part.startsWith('.') || !name.startsWith('.')) && matchPart(part, name))
    .sort()
    .slice(0, maxEntries)
  for (const name of names) yield* walk(join(folder, name), rest)
}
