import type { Clock, NewId } from '../../../kernel/index.ts'
import type { WriteAudit } from '../../platform/audit.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'

/** What every use case of the module works with. */
export type LicenseDeps = { database: Database; clock: Clock; newId: NewId; audit: WriteAudit; log: Log }
