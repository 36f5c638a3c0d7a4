import type { FileRow } from '../../artifacts/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'

/** Paths of the files whose bytes are in the store. */
export async function presentOf(deps: Pick<LifecycleDeps, 'blobs'>, rows: readonly FileRow[]): Promise<Set<string>> {
  const present = new Set<string>()
  for (const { path, stored, sha256 } of rows) {
    if (stored === 'blob' && sha256 !== null && (await deps.blobs.has(sha256))) present.add(path)
  }
  return present
}

/** Whether the version has every file that was planned, all of them in the store: then it needs its source no more. */
export const isWhole = (
  version: Pick<NamedVersionRow, 'file_count'>,
  rows: readonly FileRow[],
  present: ReadonlySet<string>,
): boolean => rows.length > 0 && rows.length === version.file_count && present.size === rows.length
