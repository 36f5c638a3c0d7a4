import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Benchmark, Evaluation } from '../api-types.ts'
import { type FakeHub, startFakeHub } from '../testing/fake-hub.ts'
import { sampleJob, versionId } from '../testing/samples.ts'
import { runCommand } from '../testing/test-context.ts'

let hub: FakeHub
beforeEach(async () => {
  hub = await startFakeHub()
  hub.raw('GET /api/v1/jobs/job_1/events', (_s, _q, response) => response.writeHead(200).end())
  hub.on('getJob', sampleJob({ state: 'succeeded', finishedAt: at }))
})
afterEach(() => hub.close())
const run = (...argv: string[]) => runCommand(argv, { variables: { MODELHUB_URL: hub.url } })

const at = '2026-11-23T11:57:00.000Z'
const common = {
  versionId,
  modelName: 'acme/tiny',
  versionNumber: 1,
  projectId: 'prj_1',
  error: null,
  jobId: 'job_1',
  createdBy: 'usr_1',
  createdAt: at,
}

const distribution = (n: number) => ({ n, mean: 2, min: 1, p50: 1.5, p90: 12.34, p95: 20, p99: 250, max: 300 })
const benchmark: Benchmark = {
  ...common,
  id: 'bmk_1',
  state: 'finished',
  verdict: 'ok',
  spec: { concurrency: 2, requests: 120, warmupRequests: 4, maxTokens: 24, seed: 1, timeoutSeconds: 60 },
  result: {
    requests: 120,
    ok: 120,
    failed: 0,
    failures: {},
    durationSeconds: 12,
    ttftMs: distribution(120),
    tpotMs: distribution(99),
    itlMs: distribution(2_000),
    e2eMs: distribution(120),
    outputTokensPerSecond: 250,
    requestsPerSecond: 10,
    outputTokens: 2_880,
    tokensOrigin: 'usage',
    formulas: '1',
    client: { verdict: 'ok', loopLagP99Ms: 0.4, delayP50Ms: 0.1 },
  },
  conditions: { cpu: 'test', threads: 1 },
  finishedAt: at,
}

const evaluation: Evaluation = {
  ...common,
  id: 'evl_1',
  task: 'sequence-200',
  taskTitle: 'Sequences',
  taskVersion: '1',
  taskHash: 'ff',
  seed: 3,
  state: 'finished',
  itemsDone: 200,
  itemsTotal: 200,
  score: 0.965,
  standardError: 0.013,
  interval95: [0.93, 0.982],
  conditions: {},
  finishedAt: at,
}

describe('bench run', () => {
  test('sends what was asked, waits, prints percentiles; p99 of fewer than 100 samples is not shown', async () => {
    hub.on('createBenchmark', {
      benchmark: { ...benchmark, state: 'running', verdict: null, result: null },
      job: sampleJob(),
    })
    hub.on('getBenchmark', benchmark)
    const done = await run('bench', 'run', 'acme/tiny@1', '-c', '2')
    expect(done.code).toBe(0)
    expect(hub.seen[0]?.body).toEqual({ version: 'acme/tiny@1', spec: { concurrency: 2 } })
    expect(done.out).toMatch(/TTFT +120 +2\.00 +1\.50 +12\.3 +20\.0 +250 +300/)
    expect(done.out).toMatch(/TPOT +99 +2\.00 +1\.50 +12\.3 +20\.0 +– +300/)
    expect(done.out).toMatch(/end to end +120/)
  })

  test('a run whose client was the bottleneck is exit 1', async () => {
    hub.on('createBenchmark', { benchmark, job: sampleJob() })
    hub.on('getBenchmark', { ...benchmark, verdict: 'invalid-client' })
    expect((await run('bench', 'run', 'acme/tiny@1')).code).toBe(1)
  })
})

test('eval run prints the score with its 95 % interval', async () => {
  hub.on('createEvaluation', { evaluation, job: sampleJob() })
  hub.on('getEvaluation', evaluation)
  const done = await run('eval', 'run', 'acme/tiny@1', '--seed', '3')
  expect(done.code).toBe(0)
  expect(hub.seen[0]?.body).toEqual({ version: 'acme/tiny@1', seed: 3, task: 'sequence-200' })
  expect(done.out).toContain('0.965 ± 0.025 (95 %)')
  expect(done.out).toContain('0.930 to 0.982')
})

test('jobs lists, shows with steps, and cancels', async () => {
  hub.on('listJobs', { items: [sampleJob()], nextCursor: null })
  expect((await run('jobs', '--state', 'running')).out).toContain('Onboard acme/tiny@1')
  hub.on('getJob', sampleJob({ state: 'failed', error: { code: 'x', message: 'No.', remedy: 'Try.' } }))
  const shown = await run('jobs', 'job_1')
  expect(shown.out).toContain('Read the files  done')
  expect(shown.out).toContain('remedy   Try.')
  hub.on('cancelJob', sampleJob({ cancelling: true }))
  expect((await run('jobs', 'job_1', '--cancel')).out).toContain('running (cancelling)')
})
