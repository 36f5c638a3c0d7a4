import { expect, test } from 'vitest'
import { addVersion, describeEachDatabase, setUpHub, uniqueName } from '../../../test/support/index.ts'
import { storeAssessment } from './assess-version.ts'
import type { LicenseDeps } from './deps.ts'
import { noEvidence } from './evidence.ts'
import { listLicenses } from './list-licenses.ts'
import { loadMatcher } from './match/load-matcher.ts'

describeEachDatabase(
  'known licenses',
  (getDb) => {
    const hub = setUpHub(getDb)

    test('each says how many versions are under it, also where there are none', async () => {
      const list = async (q: string) => (await listLicenses(getDb().db, { q, limit: 50 })).items
      const versionsOf = async (id: string) => (await list(id)).find((one) => one.id === id)?.versions
      const before = await versionsOf('ISC')
      expect(before).toBe(0)
      const matcher = await loadMatcher()
      for (const cardTag of ['isc', 'isc', 'zlib']) {
        const version = await addVersion(hub(), { name: uniqueName('counted') })
        await getDb().transaction((trx) =>
          storeAssessment(hub() as unknown as LicenseDeps, trx, matcher, version.id, {
            file: null,
            file_sha256: null,
            text: null,
            evidence: { ...noEvidence, cardTag, cardPath: 'README.md' },
          }),
        )
      }
      expect(await versionsOf('ISC')).toBe(2)
      expect(await versionsOf('Zlib')).toBe(1)
      expect(await list('no license is called so')).toEqual([])
    })
  },
  { shared: true },
)
