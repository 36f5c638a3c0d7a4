import type { UsageRecord } from '../../../contract/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { touchKeys } from '../identity/index.ts'
import { insertUsage } from './store.ts'

/** Stores a gateway's records, each once whatever is sent again, and notes when its keys were last used. */
export async function storeUsage(deps: { database: Database }, records: readonly UsageRecord[]): Promise<void> {
  const uses = new Map<string, Date>()
  for (const record of records) if (record.keyId !== null) uses.set(record.keyId, new Date(record.at))
  await deps.database.transaction(async (trx) => {
    await insertUsage(trx, records)
    await touchKeys(trx, uses)
  })
}
