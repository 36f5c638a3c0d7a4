import type { KnownLicense, LicenseClass } from '../../../contract/index.ts'
import type { Db } from '../../platform/db/index.ts'
import { decodeCursor, type Page, toPage } from '../../platform/page.ts'
import { families } from './families/index.ts'
import { countVersions } from './store.ts'

export type ListLicensesInput = { q?: string; class?: LicenseClass; family?: string; limit: number; cursor?: string }

/** The licenses known here by id, with how many versions are under each. */
export async function listLicenses(db: Db, input: ListLicensesInput): Promise<Page<KnownLicense>> {
  const { fingerprintData } = await import('./match/fingerprint-data.ts')
  const byText = new Set(fingerprintData.texts.map((text) => text.id))
  const after = input.cursor === undefined ? '' : decodeCursor(input.cursor, ['text'])[0]
  const wanted = input.q?.toLowerCase() ?? ''
  const rows = families
    .flatMap((family) =>
      family.licenses.map(
        (license): Omit<KnownLicense, 'versions'> => ({
          id: license.id,
          title: license.title,
          family: family.title,
          class: license.class,
          recognized: byText.has(license.id) ? 'text' : 'tag',
          answered: Object.values(license.rules ?? {}).filter((rule) => rule.answer !== 'unclear').length,
          tags: [...license.tags],
        }),
      ),
    )
    .filter(
      (row) =>
        (input.class === undefined || row.class === input.class) &&
        (input.family === undefined || row.family === input.family) &&
        [row.id, row.title, ...row.tags].some((text) => text.toLowerCase().includes(wanted)),
    )
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter((row) => row.id > after)
    .slice(0, input.limit + 1)
  const versions = await countVersions(
    db,
    rows.map(({ id }) => id),
  )
  return toPage(
    rows,
    input.limit,
    (row) => ({ ...row, versions: versions.get(row.id) ?? 0 }),
    (row) => [row.id],
  )
}
