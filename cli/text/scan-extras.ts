import type { Scan } from '../api-types.ts'
import { bytes, count } from './units.ts'

/** What was not read in full and why, and what scanners elsewhere say: evidence beside the verdict, never a pass. */
export function scanExtras(scan: Pick<Scan, 'skipped' | 'imported'>): string[] {
  const skipped = scan.skipped.flatMap(({ reason, sentence, files, bytes: unread, paths }) => [
    `not read  ${reason.replaceAll('_', ' ')}: ${count(files, 'file')}${unread > 0 ? `, ${bytes(unread)} unaccounted for` : ''}. ${sentence}`,
    ...paths.map((path) => `      ${path}`),
    ...(files > paths.length ? [`      and ${files - paths.length} more`] : []),
  ])
  const imported = scan.imported.flatMap(({ scanner, status, summary, files, source }) => [
    `elsewhere  ${scanner}: ${status.replaceAll('_', ' ')}${summary === null ? '' : `. ${summary}`} (${source}; not a verdict of this hub)`,
    ...files.map((file) => `      ${file.status}  ${file.path}${file.message === null ? '' : `  ${file.message}`}`),
  ])
  return [...skipped, ...imported]
}
