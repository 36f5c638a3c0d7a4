import type { FileFacts } from '../types.ts'
import type { ArchiveHeader } from './types.ts'

/** The archive facts of a file; undefined when it is neither ZIP nor tar. */
export function archiveHeaderOf(facts: Pick<FileFacts, 'header'>): ArchiveHeader | undefined {
  const kind = facts.header?.kind
  return kind === 'zip' || kind === 'tar' ? (facts.header as ArchiveHeader) : undefined
}
