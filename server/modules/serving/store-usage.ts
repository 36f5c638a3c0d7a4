import type { UsageRecord } from '../../../contract/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { touchKeys } from '../identity/index.ts'
import { touchCredentialsOf } from '../providers/index.ts'
import { insertUsage } from './store.ts'

/** Stores a gateway's records, each once whatever is sent again, and notes when its keys, and the credentials of what it called, were last used. */
export async function storeUsage(deps: { database: Database }, records: readonly UsageRecord[]): Promise<void> {
  const uses = new Map<string, Date>()
  // Records come in the order in which requests ended, not in which they came.
  const calls = new Map<string, Date>()
  for (const { keyId, versionId, at } of records) {
    if (versionId !== null && at > (calls.get(versionId)?.getTime() ?? 0)) calls.set(versionId, new Date(at))
    if (keyId !== null && at > (uses.get(keyId)?.getTime() ?? 0)) uses.set(keyId, new Date(at))
  }
  await deps.database.transaction(async (trx) => {
    await insertUsage(trx, records)
    await touchKeys(trx, uses)
    await touchCredentialsOf(trx, calls)
  })
}
