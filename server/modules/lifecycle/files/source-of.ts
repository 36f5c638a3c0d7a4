import type { Source } from '../../../../contract/index.ts'
import { forbidden } from '../../../../kernel/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import { readVersionSource, saveVersionSource } from '../../catalog/index.ts'
import type { RemotePin, Resolved, SourceContext } from '../../sources/index.ts'

const purpose = 'version_source'

/** The source of a version with its secret, for asking. What comes from here must not be logged, stored or answered. */
export async function openSource(
  sources: SourceContext,
  db: Db | Trx,
  version: { id: string; source: Source },
): Promise<Resolved> {
  const known = await readVersionSource(db, version.id)
  const sealed = known?.secret ?? null
  return {
    source: version.source,
    secret: sealed === null ? null : vaultOf(sources).unseal(purpose, version.id, sealed),
    pin: (known?.pin ?? {}) as RemotePin,
  }
}

/** Keeps what was resolved beside a version, its secret sealed. */
export async function keepSource(
  sources: SourceContext,
  trx: Trx,
  version: { id: string; project_id: string },
  resolved: Resolved,
  at: Date,
): Promise<void> {
  const { secret, pin } = resolved
  const sealed = secret === null ? null : vaultOf(sources).seal(purpose, version.id, secret)
  await saveVersionSource(trx, version, { pin, secret: sealed }, at)
}

function vaultOf(sources: SourceContext): NonNullable<SourceContext['vault']> {
  if (sources.vault !== undefined) return sources.vault
  throw forbidden('no_vault', 'This process cannot keep the secret part of an address.', 'Ask the hub itself.')
}
