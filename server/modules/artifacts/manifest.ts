import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../kernel/index.ts'

export type ManifestEntry = { path: string; size: number; sha256: string }

/**
 * The identity of a version of weights: SHA-256 over the canonical JSON of its files (path, size, sha256 each), in the code-unit
 * order of their paths.
 */
export function manifestDigest(files: readonly ManifestEntry[]): string {
  const entries = files
    .map(({ path, size, sha256 }) => ({ path, size, sha256 }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  return createHash('sha256')
    .update(canonicalJson({ manifest: 1, files: entries }))
    .digest('hex')
}
