import { expect, test } from 'vitest'
import { addVersion, describeEachDatabase, setUpHub, uniqueName } from '../../../../test/support/index.ts'
import { updateBenchmark } from '../../benchmarks/index.ts'
import { createBenchmarkRow } from '../measure/run-benchmark.ts'
import { readVersion } from './read-models.ts'

const spec = { concurrency: 4, requests: 1, warmupRequests: 0, maxTokens: 8, seed: 1, timeoutSeconds: 60 }
const distribution = { n: 1, mean: 5, min: 5, p50: 5, p90: 5, p95: 5, p99: null, max: 5 }
const result = {
  requests: 1,
  ok: 1,
  failed: 0,
  failures: {},
  durationSeconds: 1,
  ttftMs: distribution,
  tpotMs: distribution,
  itlMs: distribution,
  e2eMs: distribution,
  outputTokensPerSecond: 8,
  requestsPerSecond: 1,
  outputTokens: 8,
  tokensOrigin: 'usage',
  formulas: '1',
  client: { verdict: 'ok', loopLagP99Ms: 1, delayP50Ms: 0 },
}

describeEachDatabase(
  'what a version shows of its benchmarks',
  (getDb) => {
    const hub = setUpHub(getDb)

    const measure = async (versionId: string, verdict: 'ok' | 'invalid-client') => {
      const { db } = getDb()
      hub().clock.advance(60_000)
      const version = { versionId, projectId: 'prj', spec, jobId: null, createdBy: 'Ada' }
      const id = await getDb().transaction((trx) => createBenchmarkRow(hub(), trx, version))
      await updateBenchmark(db, id, { state: 'finished', verdict, result, finished_at: hub().clock.date() })
      return id
    }

    test('a run whose client was too slow is named, and never gives a figure', async () => {
      const { id } = await addVersion(hub(), { name: uniqueName('measured'), state: 'verified' })
      const read = async () => (await readVersion(getDb().db, id)).evidence
      expect(await read()).toMatchObject({ speed: null, invalidRun: null })
      const bad = await measure(id, 'invalid-client')
      expect(await read()).toMatchObject({ speed: null, invalidRun: { runId: bad } })
      const good = await measure(id, 'ok')
      expect(await read()).toMatchObject({ speed: { runId: good, ttftP95Ms: 5 }, invalidRun: null })
      const worse = await measure(id, 'invalid-client')
      expect(await read()).toMatchObject({ speed: { runId: good }, invalidRun: { runId: worse } })
    })
  },
  { shared: true },
)
