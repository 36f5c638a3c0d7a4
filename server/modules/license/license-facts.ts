import type { VersionFacts } from '../../../contract/index.ts'
import type { Clock } from '../../../kernel/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { NamedVersionRow } from '../catalog/index.ts'
import { readLicenseState } from './store.ts'

/** What policies see of a license. Without an assessment all of it is unknown. */
export async function licenseFacts(
  deps: { clock: Clock },
  db: Db | Trx,
  version: Pick<NamedVersionRow, 'id' | 'license'>,
): Promise<VersionFacts['license']> {
  const state = await readLicenseState(db, version.id, deps.clock.date())
  return {
    status: version.license?.status ?? 'unknown',
    tag: version.license?.tag ?? null,
    id: state?.license_id ?? null,
    class: state?.class ?? 'unknown',
    suitability: state?.suitability ?? 'unclear',
    text: state?.text_state ?? 'none',
    accepted: state?.accepted ?? false,
    decision: state?.decision ?? null,
  }
}
