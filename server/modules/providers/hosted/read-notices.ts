import type { GatewayReach, Notice, OfferingFacts } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import { effective, isDeprecated, saidOf } from '../offerings/said.ts'
import { findOfferingRows, keyOf, type OfferingKey, type OfferingRow } from '../offerings/store.ts'
import { gatewayReach } from './hosted-vendor.ts'

/** What holds now of the offering behind a hosted version. */
export type OfferingState = { id: string; values: OfferingFacts; notices: Notice[] }

/** Of these offerings those that are known, by `provider/model`. What sources say later is in the next answer. */
export async function readOfferingStates(
  db: Db | Trx,
  keys: readonly OfferingKey[],
): Promise<Map<string, OfferingState>> {
  const rows = keys.length === 0 ? [] : await findOfferingRows(db, keys)
  return new Map(rows.map((row) => [keyOf(row), { id: row.id, values: effective(row), notices: noticesOf(row) }]))
}

/** Whether callers of the gateway can reach an offering, by what is known of it now. */
export async function hostedReach(db: Db | Trx, key: OfferingKey): Promise<GatewayReach> {
  const state = (await readOfferingStates(db, [key])).get(keyOf(key))
  return gatewayReach(key.provider, state?.values.endpoints)
}

function noticesOf(row: OfferingRow): Notice[] {
  const values = effective(row)
  if (!isDeprecated(values)) return []
  const [said] = [...saidOf(row, 'deprecated'), ...saidOf(row, 'status')]
  return [
    {
      kind: 'deprecation',
      date: values.deprecated ?? null,
      replacement: values.replacement ?? null,
      source: said?.source ?? 'unknown',
    },
  ]
}
