import { type KnownVersions, LifecycleState } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { versionsAtAddresses } from '../catalog/index.ts'

const mostKnown = 5

/** Versions that were registered from these addresses, the newest five of each. */
export async function knownVersions(db: Db, addresses: readonly string[]): Promise<Map<string, KnownVersions>> {
  const known = new Map<string, KnownVersions>()
  for (const row of await versionsAtAddresses(db, addresses)) {
    const of = known.get(row.address) ?? []
    known.set(row.address, of)
    if (of.length >= mostKnown) continue
    const { model_name: modelName, number, version_id: versionId } = row
    of.push({ modelName, number, versionId, state: LifecycleState.parse(row.state) })
  }
  return known
}
