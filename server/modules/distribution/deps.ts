import type { Clock } from '../../../kernel/index.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { BlobStore } from '../../platform/blobs/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'

/** What every use case of distribution works with. */
export type DistributionDeps = {
  database: Database
  clock: Clock
  audit: WriteAudit
  log: Log
  blobs: BlobStore
}
