import { existsSync, readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeEachDatabase, hubErrorOf, person, setUpHub } from '../../../test/support/index.ts'
import { importCatalog, loadBundledCatalog } from './index.ts'
import { parseModelsDev } from './offerings/parse-models-dev.ts'
import { setUpProviders } from './testing/setup.ts'

const path = new URL('../../../../shared/models-dev/providers.json', import.meta.url)
const there = existsSync(path)
if (!there) process.stderr.write('skipped: no shared inputs\n')

type File = Record<string, { models: Record<string, { cost?: Record<string, number | null>; status?: string }> }>

describeEachDatabase(
  'the whole of models.dev',
  (getDb) => {
    const hub = setUpHub(getDb)
    const providers = setUpProviders(hub)

    test.skipIf(!there)(
      'gives 5,276 offerings, none dropped, while others have their turn',
      async () => {
        const document = JSON.parse(readFileSync(path, 'utf8')) as File
        const { deps } = providers()
        const loadingBegan = performance.now()
        await loadBundledCatalog(deps)
        const loadMs = performance.now() - loadingBegan
        // Somebody else asks the database all the while.
        let longestMs = 0
        let over = false
        const other = (async () => {
          while (!over) {
            const asked = performance.now()
            await sql`select 1`.execute(getDb().db)
            longestMs = Math.max(longestMs, performance.now() - asked)
            await new Promise((resolve) => setTimeout(resolve, 5))
          }
        })()
        const began = performance.now()
        const answer = await importCatalog(deps, person(), { document, at: '2026-07-02T00:00:00.000Z' })
        const ms = performance.now() - began
        over = true
        await other
        const againBegan = performance.now()
        const again = await importCatalog(deps, person(), { document, at: '2026-07-02T00:00:00.000Z' })
        const againMs = performance.now() - againBegan
        process.stdout.write(
          `import of 5,276 offerings [${getDb().kind}]: ${Math.round(ms)} ms, again ${Math.round(againMs)} ms, longest wait of others ${Math.round(longestMs)} ms; shipped prices ${Math.round(loadMs)} ms\n`,
        )
        expect(answer).toMatchObject({ providers: 147, offerings: 5_276, gone: 0, problemCount: 0, problems: [] })
        expect(answer.created + answer.changed).toBe(5_276)
        expect(again).toMatchObject({
          offerings: 5_276,
          created: 0,
          changed: 0,
          unchanged: 5_276,
          gone: 0,
          deprecated: 0,
        })
        const { rows } = await sql<{ n: string; deprecated: string; priced: string }>`
          select count(*) as n, count(*) filter (where catalog -> 'values' ->> 'status' = 'deprecated') as deprecated,
            count(*) filter (where catalog -> 'values' -> 'inputPrice' is not null) as priced
          from offering where catalog is not null`.execute(getDb().db)
        const models = Object.values(document).flatMap((provider) => Object.values(provider.models))
        expect(rows.map(({ n, deprecated, priced }) => [Number(n), Number(deprecated), Number(priced)])).toEqual([
          [5_276, 121, models.filter(({ cost }) => typeof cost?.['input'] === 'number').length],
        ])
        expect(models.length).toBe(5_276)
      },
      60_000,
    )

    test.skipIf(!there)('differences between two copies are told: a price, a row that went, an end', async () => {
      const { deps } = providers()
      const document = JSON.parse(readFileSync(path, 'utf8')) as File
      const models = document['openai']?.models ?? {}
      const [first = '', second = '', third = ''] = Object.keys(models).filter(
        (id) => models[id]?.cost !== undefined && models[id]?.status === undefined,
      )
      const changed = models[first]
      if (changed?.cost !== undefined) changed.cost['input'] = 77
      delete models[second]
      const ended = models[third]
      if (ended !== undefined) ended.status = 'deprecated'
      const answer = await importCatalog(deps, person(), { document, at: '2026-08-02T00:00:00.000Z' })
      expect(answer).toMatchObject({
        offerings: 5_275,
        created: 0,
        changed: 2,
        unchanged: 5_273,
        gone: 1,
        deprecated: 1,
      })
      expect(Object.fromEntries(answer.changes.map(({ model, fields }) => [model, fields]))).toEqual({
        [first]: ['inputPrice'],
        [third]: ['status'],
      })
      expect(answer.goneModels).toEqual([{ provider: 'openai', model: second }])
    })
  },
  { shared: true },
)

test('a hostile catalog is bounded', async () => {
  const many = Object.fromEntries(Array.from({ length: 2_001 }, (_one, i) => [`p${i}`, { id: `p${i}`, models: {} }]))
  expect((await hubErrorOf(parseModelsDev(many))).code).toBe('catalog_too_long')
  const odd = await parseModelsDev({
    __proto__x: { id: '__proto__x', models: {} },
    a: {
      id: 'a',
      models: JSON.parse(
        '{"__proto__": {"id": "__proto__"}, "x": null, "y": [], "z": {"id": "z", "limit": {"context": 1e99}}}',
      ) as object,
    },
    b: { id: 'b', doc: 'javascript:alert(1)', api: 'https://ok.example/v1', models: {} },
    ['l'.repeat(5_000)]: 5,
  })
  expect(odd.entries.map(({ model }) => model)).toEqual(['__proto__'])
  expect(odd.problems.map(({ model }) => model)).toEqual([null, 'x', 'y', 'z', null])
  expect(Math.max(...odd.problems.map(({ provider }) => provider.length))).toBeLessThan(300)
  expect(odd.providers.find(({ provider }) => provider === 'b')).toMatchObject({
    docs: null,
    api: 'https://ok.example/v1',
  })
})
