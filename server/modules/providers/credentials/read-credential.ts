import { internal, notFound, rememberSecret } from '../../../../kernel/index.ts'
import { seal, unseal } from '../../../platform/secrets/index.ts'
import type { CredentialDeps } from '../deps.ts'
import { type CredentialRow, findCredential } from './store.ts'

const purpose = 'credential'

/**
 * The values of a stored credential, secrets included, and a note that it was used. Each call reads anew, so that a rotation counts
 * from the next use on.
 * Throws `not_found` `credential_not_found`, `internal` `secret_unreadable`.
 */
export async function readCredential(
  deps: CredentialDeps,
  id: string,
): Promise<{ kind: string; fields: Record<string, string> }> {
  const row = await findCredential(deps.database.db, id)
  if (row === undefined) throw noCredential(id)
  const fields = openFields(deps, row)
  deps.uses.note(id)
  return { kind: row.kind, fields }
}

/** All fields of a row. From here on none of its secrets is written to a log. */
export function openFields(deps: Pick<CredentialDeps, 'secretKeys'>, row: CredentialRow): Record<string, string> {
  const secret = JSON.parse(unseal(deps.secretKeys, purpose, row.id, row.sealed).toString('utf8')) as Record<
    string,
    string
  >
  for (const value of Object.values(secret)) rememberSecret(value)
  return { ...row.fields, ...secret }
}

/** The secrets of a credential as they are stored. */
export function sealSecrets(
  deps: Pick<CredentialDeps, 'secretKeys'>,
  id: string,
  secret: Readonly<Record<string, string>>,
): Buffer {
  const [key] = deps.secretKeys
  if (key === undefined) throw internal('no_secret_key', 'There is no envelope key.')
  return seal(key, purpose, id, JSON.stringify(secret))
}

export const noCredential = (id: string) =>
  notFound('credential_not_found', `There is no credential "${id}".`, 'List them with `modelhub credentials ls`.')
