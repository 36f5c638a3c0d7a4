import type { RulesetStatus, Scan, ScanDiff, ScanSummary } from '../../../../contract/index.ts'
import { type Clock, conflict, notFound } from '../../../../kernel/index.ts'
import { rulesetVersion, scannerVersion } from '../../../../scanner/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../../platform/page.ts'
import { readFileRows } from '../../artifacts/index.ts'
import { getVersion, type NamedVersionRow } from '../../catalog/index.ts'
import { approvalsInForce } from '../../governance/index.ts'
import { providerTitle } from '../../providers/index.ts'
import {
  compareScans,
  countStale,
  findingsOf,
  importedScansOf,
  newestScan,
  pageScans,
  presentHostedScan,
  presentScan,
  presentSummary,
  reportScan,
  type ScanRow,
  scanOf,
  staleReason,
} from '../../verification/index.ts'
import { cloudSourceOf } from '../hosted/source.ts'
import { readRulesetState } from '../rejudge/rejudge-store.ts'

/** The newest scan of a version, or the one asked for, with its findings and what is known beside it. */
export async function readScan(deps: { clock: Clock }, db: Db, reference: string, scanId?: string): Promise<Scan> {
  const version = await getVersion(db, reference)
  const source = cloudSourceOf(version)
  if (source !== null) return presentHostedScan(version.id, providerTitle(source.provider))
  const newest = await newestScan(db, version.id)
  const scan = scanId === undefined ? newest : await getScan(db, version, scanId)
  const approvals = await approvalsInForce(db, version.id, version.digest, deps.clock.date())
  return presentScan(version.id, {
    scan,
    findings: scan === undefined ? [] : await findingsOf(db, scan.id),
    approved: new Set(approvals.flatMap((row) => row.findings)),
    stale: scan?.id === newest?.id ? await staleReason(db, version.id) : null,
    imported: await importedScansOf(db, version.id),
  })
}

/** Scans of a version, newest first. */
export async function listScans(
  db: Db,
  reference: string,
  input: { limit: number; cursor?: string },
): Promise<Page<ScanSummary>> {
  const version = await getVersion(db, reference)
  const [at, id] = input.cursor === undefined ? [] : decodeCursor(input.cursor, ['date', 'text'])
  const after = at === undefined || id === undefined ? undefined : { at, id }
  const rows = await pageScans(db, version.id, input.limit, after)
  return toPage(rows, input.limit, presentSummary, (row) => [row.at.toISOString(), row.id])
}

/** What a scan says otherwise than another of the version: the one before it unless told. Throws `not_found`. */
export async function diffScans(db: Db, reference: string, scanId: string, withId?: string): Promise<ScanDiff> {
  const version = await getVersion(db, reference)
  const to = await getScan(db, version, scanId)
  const from =
    withId === undefined
      ? (await pageScans(db, version.id, 0, { at: to.at, id: to.id }))[0]
      : await getScan(db, version, withId)
  return compareScans(from === undefined ? null : { scan: from, findings: await findingsOf(db, from.id) }, {
    scan: to,
    findings: await findingsOf(db, to.id),
  })
}

/** The newest scan as the document that `modelhub scan` prints. Throws `conflict` `not_scanned` where there is none. */
export async function exportScan(
  db: Db,
  reference: string,
  format: 'json' | 'sarif',
): Promise<Record<string, unknown>> {
  const version = await getVersion(db, reference)
  const scan = await newestScan(db, version.id)
  if (scan === undefined) {
    throw conflict(
      'not_scanned',
      `${version.model_name}@${version.number} has no scan.`,
      'Ingest it first; what a provider hosts is not scanned.',
    )
  }
  const files = await readFileRows(db, version.id)
  return JSON.parse(reportScan(scan, await findingsOf(db, scan.id), files, format)) as Record<string, unknown>
}

/** By which rules the versions of the hub were judged last, and how many wait for their bytes to be read again. */
export async function readRuleset(db: Db): Promise<RulesetStatus> {
  const judged = await readRulesetState(db)
  return {
    ruleset: rulesetVersion,
    scanner: scannerVersion,
    judged:
      judged === undefined ? null : { ruleset: judged.ruleset, scanner: judged.scanner, at: judged.at.toISOString() },
    stale: await countStale(db),
  }
}

async function getScan(db: Db, version: NamedVersionRow, id: string): Promise<ScanRow> {
  const scan = await scanOf(db, version.id, id)
  if (scan !== undefined) return scan
  throw notFound('scan_not_found', `${version.model_name}@${version.number} has no scan ${id}.`, 'List them first.')
}
