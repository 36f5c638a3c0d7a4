import type { Credential, CredentialUse } from '../../../../contract/index.ts'
import type { CredentialRow, SyncUse } from './store.ts'
import type { CredentialUses } from './uses.ts'

/** A credential as the API shows it: no secret, only which there are. */
export function presentCredential(
  row: CredentialRow,
  uses: CredentialUses,
  users: { users: CredentialUse[]; count: number } | undefined,
  syncs: SyncUse[] = [],
): Credential {
  const pending = uses.pending(row.id)
  const used =
    pending !== undefined && (row.last_used_at === null || pending > row.last_used_at) ? pending : row.last_used_at
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    projectId: row.project_id,
    fields: row.fields,
    secrets: Object.entries(row.hints).map(([name, hint]) => ({ name, hint })),
    lastTest: row.test,
    lastUsedAt: used?.toISOString() ?? null,
    rotatedAt: row.rotated_at?.toISOString() ?? null,
    usedBy: users?.users ?? [],
    usedByCount: users?.count ?? 0,
    syncs,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
