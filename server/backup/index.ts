/** Backup and restore of a hub on the embedded database. */
export { backUpStopped, holdsHub } from './back-up-stopped.ts'
export { createBackupJob } from './backup-job.ts'
export { claimTarget } from './claim-target.ts'
export { type RestoreSummary, restoreBackup } from './restore-backup.ts'
export { needsPgDump, startBackup } from './start-backup.ts'
export { type BackupSummary, summaryOf } from './summary.ts'
export { settleRestore } from './swap.ts'
