import { createHash } from 'node:crypto'

/** What is hashed before id and digest; the store says the same in SQL. */
export const commitDomain = 'modelhub commit 1'

/**
 * The commit of a sealed version: 40 hexadecimal digits that follow from its id and the digest of its files, so that the same commit
 * always means the same bytes.
 */
export function commitOf(versionId: string, digest: string): string {
  return createHash('sha256').update(`${commitDomain}\n${versionId}\n${digest}`).digest('hex').slice(0, 40)
}
