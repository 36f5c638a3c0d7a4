import type { ModelVersion } from '../../../../contract/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import { gatewayReach, offeringKey, providerTitle, readOfferingStates } from '../../providers/index.ts'
import { cloudSourceOf } from './source.ts'

type Beside = Pick<ModelVersion, 'hosted' | 'notices'>

/** What answers about versions say of those that providers host: what they are, and what their users must know. */
export async function hostedPresenter(
  db: Db,
  rows: readonly NamedVersionRow[],
): Promise<(row: NamedVersionRow) => Beside> {
  const states = await readOfferingStates(
    db,
    rows.flatMap((row) => cloudSourceOf(row) ?? []),
  )
  return (row) => {
    const source = cloudSourceOf(row)
    if (source === null) return { hosted: null, notices: [] }
    const state = states.get(offeringKey(source))
    return {
      hosted: {
        provider: source.provider,
        providerTitle: providerTitle(source.provider),
        model: source.model,
        region: row.hosted?.region ?? source.region ?? null,
        api: row.hosted?.api ?? null,
        date: row.hosted?.date ?? null,
        offeringId: state?.id ?? row.hosted?.offeringId ?? null,
        credentialId: source.credential ?? null,
        gateway: gatewayReach(source.provider, state?.values.endpoints),
      },
      notices: state?.notices ?? [],
    }
  }
}
