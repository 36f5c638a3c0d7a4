import type { LicenseSummary } from '../../../contract/index.ts'
import type { Db, Trx } from '../../platform/db/index.ts'

export type LicenseRow = {
  version_id: string
  status: LicenseSummary['status']
  tag: string | null
  tag_source: string | null
  file: string | null
  file_sha256: string | null
  label: string
  text: string | null
  at: Date
}

const tables = (db: Db | Trx) => db.withTables<{ license_assessment: LicenseRow }>()

export async function saveLicense(trx: Trx, row: LicenseRow): Promise<void> {
  await tables(trx)
    .insertInto('license_assessment')
    .values(row)
    .onConflict((oc) => oc.column('version_id').doUpdateSet(row))
    .execute()
}

export function readLicense(db: Db | Trx, versionId: string): Promise<LicenseRow | undefined> {
  return tables(db).selectFrom('license_assessment').selectAll().where('version_id', '=', versionId).executeTakeFirst()
}
