import { beforeAll, expect, test } from 'vitest'
import type { UsageRecord } from '../../../contract/index.ts'
import { addVersion, describeEachDatabase, person, setUpHub, uniqueName } from '../../../test/support/index.ts'
import { createKey, listKeys } from '../identity/index.ts'
import { listRequests, listUsage, storeUsage } from './index.ts'

const day = Date.UTC(2026, 0, 1)

const record = (seq: number, extra: Partial<UsageRecord> = {}): UsageRecord => ({
  epoch: 'e1',
  seq,
  at: day + seq,
  requestId: `req_${seq}`,
  decisionId: `dec_${seq}`,
  keyId: null,
  projectId: 'prj_1',
  routeId: 'rte_1',
  route: 'a/b',
  targetId: 'dep_1',
  versionId: 'ver_1',
  endpoint: '/v1/chat/completions',
  stream: true,
  status: 200,
  outcome: 'ok',
  promptTokens: 10,
  completionTokens: 5,
  ttftMs: 1.5,
  durationMs: 20.25,
  ...extra,
})

describeEachDatabase(
  'usage',
  (getDb) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db
    const store = (...records: UsageRecord[]) => storeUsage({ database: getDb() }, records)
    const requestsOf = async (route: string) => (await listRequests(db(), { route, limit: 200 })).items
    let version = ''
    beforeAll(async () => {
      version = (await addVersion(hub(), { name: uniqueName('used') })).id
    })

    test('is stored once when batches repeat, overlap, or come at the same time', async () => {
      const route = 'once'
      const batch = [1, 2, 3].map((seq) => record(seq, { route, epoch: 'once' }))
      await store(...batch)
      await store(...batch)
      await store(...[2, 3, 4, 4].map((seq) => record(seq, { route, epoch: 'once', status: 500 })))
      await Promise.all([store(...batch), store(...batch, record(5, { route, epoch: 'once' }))])
      expect((await requestsOf(route)).map(({ requestId, status }) => [requestId, status])).toEqual([
        ['req_5', 200],
        ['req_4', 500],
        ['req_3', 200],
        ['req_2', 200],
        ['req_1', 200],
      ])
    })

    test('of another epoch of the gateway is other usage', async () => {
      await store(record(1, { route: 'epochs', epoch: 'a' }), record(1, { route: 'epochs', epoch: 'b' }))
      expect(await requestsOf('epochs')).toHaveLength(2)
    })

    test('is summed by route, version and UTC day, with what failed and what is unknown', async () => {
      const late = day + 86_400_000 - 1
      await store(
        record(1, { epoch: 'sum', route: 'sum', versionId: version }),
        record(2, {
          epoch: 'sum',
          route: 'sum',
          versionId: version,
          at: late,
          outcome: 'timeout',
          status: 504,
          promptTokens: null,
          completionTokens: null,
        }),
        record(3, {
          epoch: 'sum',
          route: 'sum',
          versionId: version,
          at: late + 1,
          promptTokens: 1,
          completionTokens: 2,
        }),
        // Never reached a route: nobody's usage.
        record(4, { epoch: 'sum', route: null, routeId: null, versionId: version, outcome: 'refused' }),
      )
      const { items } = await listUsage(db(), { version, limit: 10 })
      expect(items).toEqual([
        {
          route: 'sum',
          versionId: version,
          day: '2026-01-02',
          requests: 1,
          failed: 0,
          promptTokens: 1,
          completionTokens: 2,
        },
        {
          route: 'sum',
          versionId: version,
          day: '2026-01-01',
          requests: 2,
          failed: 1,
          promptTokens: 10,
          completionTokens: 5,
        },
      ])
      const first = await listUsage(db(), { version, limit: 1 })
      const second = await listUsage(db(), { version, limit: 1, cursor: first.nextCursor ?? '' })
      expect([...first.items, ...second.items]).toEqual(items)
      expect(second.nextCursor).toBeNull()
    })

    test('sums beyond 2³¹ tokens are numbers', async () => {
      const many = await addVersion(hub(), { name: uniqueName('many') })
      const big = {
        epoch: 'big',
        route: 'big',
        versionId: many.id,
        promptTokens: 2_000_000_000,
        completionTokens: 2_000_000_000,
      }
      await store(record(1, big), record(2, big))
      const { items } = await listUsage(db(), { version: many.id, limit: 1 })
      expect(items[0]).toMatchObject({ promptTokens: 4_000_000_000, completionTokens: 4_000_000_000 })
    })

    test('lists requests of one instant page by page, each once', async () => {
      const batch = Array.from({ length: 7 }, (_, i) =>
        record(i + 1, { epoch: i % 2 === 0 ? 'x' : 'y', route: 'ties', at: day }),
      )
      await store(...batch)
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await listRequests(db(), { route: 'ties', limit: 3, cursor })
        seen.push(...page.items.map(({ requestId }) => requestId))
        cursor = page.nextCursor ?? undefined
      } while (cursor !== undefined)
      expect(seen).toHaveLength(7)
      expect(new Set(seen).size).toBe(7)
    })

    test('notes when a key was last used, whatever order the records come in', async () => {
      const { record: key } = await createKey(hub(), person(), { name: 'used', projectId: hub().project.id })
      await store(
        record(1, { epoch: 'key', keyId: key.id, at: day + 5_000 }),
        record(2, { epoch: 'key', keyId: key.id, at: day + 1_000 }),
        record(3, { epoch: 'key', keyId: 'key_gone', at: day }),
      )
      const used = (await listKeys(hub(), { limit: 50 })).items.find(({ id }) => id === key.id)
      expect(used?.lastUsedAt).toBe(new Date(day + 5_000).toISOString())
    })
  },
  { shared: true },
)
