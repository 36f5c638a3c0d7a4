import type { UpstreamSpec } from '../../../contract/index.ts'
import type { Clock, NewId } from '../../../kernel/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { Log } from '../../platform/log.ts'
import type { NamedVersionRow } from '../catalog/index.ts'
import { hostedReach, providerEngine, upstreamsOf } from '../providers/index.ts'
import { serveVersion } from './serve-version.ts'
import { cloudSourceOf } from './upstream-status.ts'

/** A deployment at the provider and a route, where the gateway speaks its dialect; otherwise why there are none. */
export async function serveHosted(
  deps: { clock: Clock; newId: NewId },
  trx: Trx,
  version: NamedVersionRow,
): Promise<{ deploymentId: string; route: string } | { because: string } | null> {
  const source = cloudSourceOf(version)
  if (source === null) return null
  const { reason } = await hostedReach(trx, source)
  return reason === null ? serveVersion(deps, trx, version, providerEngine(source.provider)) : { because: reason }
}

/** How gateways call the providers of these versions, by version id; one that they cannot call is left out, with a line in the log. */
export async function hostedSpecs(
  deps: { db: Db; secretKeys: readonly Uint8Array[]; log: Log },
  versions: readonly NamedVersionRow[],
): Promise<Map<string, UpstreamSpec>> {
  const called = versions.flatMap((version) => {
    const source = cloudSourceOf(version)
    return source === null ? [] : [{ id: version.id, source, api: version.hosted?.api ?? null }]
  })
  const specs = new Map<string, UpstreamSpec>()
  for (const [at, upstream] of (await upstreamsOf(deps, called)).entries()) {
    const versionId = called[at]?.id ?? ''
    if ('spec' in upstream) specs.set(versionId, upstream.spec)
    else {
      deps.log.warn({ versionId, reason: upstream.reason.code }, 'a hosted version cannot be called; not carried')
    }
  }
  return specs
}
