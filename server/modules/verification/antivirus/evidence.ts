import type { ImportedScanRow } from '../imported-store.ts'
import { type AntivirusRow, byOf } from './antivirus-store.ts'

/** Files of the list. */
const mostListed = 100

/** What a virus scanner said of the files of a version, for the page: what it did not call clean comes first, worst first. */
export function antivirusEvidence(
  version: { id: string; projectId: string },
  files: readonly { path: string; sha256: string }[],
  rows: ReadonlyMap<string, AntivirusRow>,
  source: string,
  at: Date,
): ImportedScanRow {
  const said = files.flatMap(({ path, sha256 }) => {
    const row = rows.get(sha256)
    return row === undefined ? [] : [{ path, row }]
  })
  const of = (status: AntivirusRow['status']) => said.filter(({ row }) => row.status === status)
  const infected = of('infected')
  const failed = of('failed')
  const skipped = of('skipped')
  const clean = of('clean')
  const unreachable = failed.length > 0 && failed.length === said.length
  const [newest] = [...infected, ...clean, ...skipped].map(({ row }) => row).sort((a, b) => Number(b.at) - Number(a.at))
  const who =
    newest === undefined
      ? 'ClamAV was not reachable'
      : `${byOf(newest)}${newest.database_at === null ? '' : ` of ${newest.database_at.toISOString().slice(0, 10)}`}`
  const counts = [
    [infected, 'infected'],
    [clean, 'without a hit'],
    [skipped, 'skipped'],
    [failed, 'without an answer'],
  ] as const
  const parts = counts.flatMap(([list, word]) =>
    list.length === 0 ? [] : [`${list.length} ${list.length === 1 ? 'file' : 'files'} ${word}`],
  )
  return {
    version_id: version.id,
    project_id: version.projectId,
    scanner: 'clamav',
    status:
      infected.length > 0 ? 'infected' : unreachable ? 'not_reachable' : failed.length > 0 ? 'incomplete' : 'no_hits',
    summary: `${who}: ${parts.join(', ') || 'no files'}.`,
    files: [...infected, ...failed, ...skipped]
      .slice(0, mostListed)
      .map(({ path, row }) => ({ path, status: row.status, message: row.signature ?? row.why })),
    files_total: said.length,
    source,
    at,
  }
}
