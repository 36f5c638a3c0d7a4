import type { CloudSource, Deployment, Notice, StateReason } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import type { NamedVersionRow } from '../catalog/index.ts'
import {
  offeringKey,
  providerTitle,
  readCredentialStates,
  readOfferingStates,
  upstreamProblem,
} from '../providers/index.ts'
import { type DeploymentRow, type LastUse, lastUses } from './store.ts'

/** What an answer says of a deployment at a provider. */
type UpstreamStatus = Pick<Deployment, 'upstream' | 'status' | 'statusReason' | 'lastUsedAt'>

export const cloudSourceOf = (version: Pick<NamedVersionRow, 'source'> | undefined): CloudSource | null =>
  version?.source.type === 'cloud' ? version.source : null

/** What users of these versions must know, by version id. */
export async function noticesByVersion(db: Db, versions: Iterable<NamedVersionRow>): Promise<Map<string, Notice[]>> {
  const hosted = [...versions].flatMap((version) => {
    const source = cloudSourceOf(version)
    return source === null ? [] : [{ id: version.id, key: offeringKey(source), source }]
  })
  const states = await readOfferingStates(
    db,
    hosted.map(({ source }) => source),
  )
  return new Map(hosted.map(({ id, key }) => [id, states.get(key)?.notices ?? []]))
}

/**
 * How deployments at providers stand: what keeps a call from being made, what the last test of the credential said, and whether the
 * provider has refused it since.
 */
export async function upstreamStatus(
  db: Db,
  rows: readonly DeploymentRow[],
  versions: ReadonlyMap<string, NamedVersionRow>,
): Promise<(row: DeploymentRow) => UpstreamStatus | null> {
  const hosted = rows.filter((row) => cloudSourceOf(versions.get(row.version_id)) !== null)
  const credentials = await readCredentialStates(
    db,
    hosted.flatMap((row) => cloudSourceOf(versions.get(row.version_id))?.credential ?? []),
  )
  const uses = await lastUses(
    db,
    hosted.map(({ id }) => id),
  )
  return (row) => {
    const version = versions.get(row.version_id)
    const source = cloudSourceOf(version)
    if (version === undefined || source === null) return null
    const credential = credentials.get(source.credential ?? '') ?? null
    const use = uses.get(row.id)
    // Nothing can be put right at what has ended.
    const reason =
      version.state === 'archived'
        ? null
        : (upstreamProblem(source, version.hosted?.api ?? null, credential) ??
          testFailure(credential?.test ?? null) ??
          refusedSince(source, use, credential?.since ?? null))
    return {
      upstream: {
        provider: source.provider,
        providerTitle: providerTitle(source.provider),
        model: source.model,
        region: version.hosted?.region ?? source.region ?? null,
        credentialId: source.credential ?? null,
        credentialName: credential?.name ?? null,
      },
      status: reason !== null ? 'failed' : version.state === 'published' ? 'ready' : 'idle',
      statusReason: reason,
      lastUsedAt: use?.at.toISOString() ?? null,
    }
  }
}

function testFailure(
  test: { ok: boolean; code: string; message: string; remedy: string | null } | null,
): StateReason | null {
  if (test === null || test.ok) return null
  return { code: test.code, message: test.message, ...(test.remedy === null ? {} : { remedy: test.remedy }) }
}

/** A call that the provider refused for its credential, and nothing that could have mended it since. */
function refusedSince(source: CloudSource, use: LastUse | undefined, since: Date | null): StateReason | null {
  if (use === undefined || !use.refused || (since !== null && since > use.at)) return null
  return {
    code: 'upstream_credential_refused',
    message: `${providerTitle(source.provider)} refused the credential in the last call, at ${use.at.toISOString()}.`,
    remedy: 'Test the credential; rotate it when it was revoked.',
  }
}
