import type { Source } from '../../../../contract/index.ts'
import type { Db, Trx } from '../../../platform/db/index.ts'
import type { NamedVersionRow } from '../../catalog/index.ts'
import { readSigners, type Signer, type SignerRow, type Trust } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'

/** Whose signatures count for a version now. */
export async function trustOf(
  deps: Pick<LifecycleDeps, 'clock' | 'provenance'>,
  db: Db | Trx,
  version: Pick<NamedVersionRow, 'source'>,
): Promise<Trust> {
  return {
    signers: (await readSigners(db)).flatMap(toSigner),
    trustedRoot: deps.provenance?.trustedRoot ?? null,
    now: deps.clock.date(),
    source: sourceName(version.source),
  }
}

function toSigner(row: SignerRow): Signer[] {
  const { name, sources, expires_at: expiresAt, material, identity, issuer } = row
  const base = { name, sources, expiresAt }
  if (row.kind === 'sigstore') {
    return identity === null || issuer === null ? [] : [{ ...base, kind: row.kind, identity, issuer }]
  }
  if (material === null) return []
  return [row.kind === 'key' ? { ...base, kind: row.kind, material } : { ...base, kind: row.kind, material, identity }]
}

/** What patterns of the trust policy are compared with: the kind of the source and who or where it is. */
export function sourceName(source: Source): string {
  switch (source.type) {
    case 'huggingface':
      return `huggingface:${source.repo}`
    case 'url':
      return `url:${source.url.split(/[?#]/)[0] ?? ''}`
    case 'disk':
      return `disk:${'path' in source ? source.path : ''}`
    case 'cloud':
      return `cloud:${source.provider}`
  }
}
