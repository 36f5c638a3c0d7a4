import { conflict } from '../../../../kernel/index.ts'
import type { FileRow } from '../../artifacts/index.ts'
import type { SourceRef } from '../../sources/index.ts'

/** What a file is at its source and must turn out to be. */
export const refOf = (row: FileRow): SourceRef => (row.source_ref as SourceRef | null | undefined) ?? { size: row.size }

/**
 * Compares the digest of a file with every statement of it; gives whether there was one. Throws `conflict` `checksum_mismatch` that names
 * the file and who states another.
 */
export function assertStated(row: FileRow, sha256: string): boolean {
  const { stated = [] } = refOf(row)
  const wrong = stated.find((one) => one.sha256 !== sha256)
  if (wrong !== undefined) {
    throw conflict(
      'checksum_mismatch',
      `${row.path} is not the file that was stated: it hashes to ${sha256}. ${wrong.by} says ${wrong.sha256}.`,
      'Get the file again from where it comes from, or correct the checksum if that is what is wrong; then retry.',
      { details: { path: row.path, sha256, expected: wrong.sha256, by: wrong.by } },
    )
  }
  return stated.length > 0
}
