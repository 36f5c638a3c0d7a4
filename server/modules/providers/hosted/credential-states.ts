import type { CredentialTest } from '../../../../contract/index.ts'
import type { Db } from '../../../platform/db/index.ts'
import { findCredentials } from '../credentials/store.ts'

/** What may be shown of a credential that something uses. */
export type CredentialState = {
  name: string
  /** What is not secret. */
  fields: Record<string, string>
  test: CredentialTest | null
  /** When it was last tested or replaced. */
  since: Date | null
}

/** Of these credentials those that are there, by id. */
export async function readCredentialStates(db: Db, ids: readonly string[]): Promise<Map<string, CredentialState>> {
  const rows = ids.length === 0 ? [] : await findCredentials(db, ids)
  return new Map(
    rows.map(({ id, name, fields, test, tested_at, rotated_at }) => [
      id,
      {
        name,
        fields,
        test,
        since: [tested_at, rotated_at].reduce((a, b) => (a === null || (b !== null && b > a) ? b : a)),
      },
    ]),
  )
}
