import type { Notice, VersionFacts } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import { offeringKey, readOfferingStates } from '../../providers/index.ts'
import { cloudSourceOf } from './source.ts'

const here: VersionFacts['hosted'] = {
  provider: null,
  model: null,
  region: null,
  deprecated: false,
  ends: null,
  replacement: null,
}

/** What gates see of a hosted version, and what its users must know; what sources say later is in the next answer. */
export async function hostedFacts(
  db: Db | Trx,
  version: Pick<NamedVersionRow, 'source' | 'hosted'>,
): Promise<{ hosted: VersionFacts['hosted']; notices: Notice[] }> {
  const source = cloudSourceOf(version)
  if (source === null) return { hosted: here, notices: [] }
  const notices = (await readOfferingStates(db, [source])).get(offeringKey(source))?.notices ?? []
  const end = notices.find(({ kind }) => kind === 'deprecation')
  return {
    hosted: {
      provider: source.provider,
      model: source.model,
      region: version.hosted?.region ?? source.region ?? null,
      deprecated: end !== undefined,
      ends: end?.date ?? null,
      replacement: end?.replacement ?? null,
    },
    notices,
  }
}
