/** Verification: what the scanner saw, and the verdict of the rules on it. */
export * from './antivirus/index.ts'
export { compareScans } from './compare-scans.ts'
export { type ImportedScanRow, importedScansOf, replaceImportedScans } from './imported-store.ts'
export { type FileToInspect, inspectFiles, inspectWhileHashed } from './inspect-files.ts'
export { type JudgedFile, type JudgedVersion, judgeFiles } from './judge-files.ts'
export { presentHostedScan, presentScan, presentSummary } from './present.ts'
export * from './provenance/index.ts'
export { reportScan } from './report-scan.ts'
export * from './sbom/index.ts'
export * from './signing/index.ts'
export { type Skipped, type SkipReason } from './skipped.ts'
export {
  clearStale,
  confirmScans,
  countStale,
  type FactsRow,
  type FindingRow,
  findingsOf,
  findingsOfScans,
  insertScan,
  insertScans,
  markStale,
  type NewScan,
  newestScan,
  newestScans,
  pageScans,
  readFacts,
  type ScanRow,
  type StaleReason,
  scanOf,
  staleReason,
} from './store.ts'
