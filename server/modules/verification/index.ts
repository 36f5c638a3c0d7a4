/** Verification: what the scanner saw, and the verdict of the rules on it. */
export { type FileToInspect, inspectFiles } from './inspect-files.ts'
export { type JudgedFile, type JudgedVersion, judgeFiles } from './judge-files.ts'
export { presentHostedScan, presentScan } from './present.ts'
export { type FactsRow, type FindingRow, findingsOf, insertScan, newestScan, readFacts, type ScanRow } from './store.ts'
