import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { entry } from '../kernel/index.ts'
import { aggregate } from './aggregate.ts'
import type { LoadResult, RunLoadOptions } from './run.ts'
import { runLoad } from './run.ts'
import type { ClosedLoad, LoadProgress, LoadSpec } from './spec.ts'
import type { MockReady, MockTruth } from './testing/mock-server.ts'

let mock: ChildProcess
let url = ''
let truths: number[][] = []

beforeAll(async () => {
  mock = fork(entry('./testing/mock-server', import.meta.url), { execArgv: [], env: {} })
  await new Promise<void>((resolve) => {
    mock.on('message', (message: MockReady | MockTruth) => {
      if (message.type === 'truth') truths.push(message.writesNs)
      else {
        url = message.url
        resolve()
      }
    })
  })
})
afterAll(() => mock.disconnect())
beforeEach(() => {
  truths = []
})

const specOf = (path: string, load: Partial<ClosedLoad> = {}): LoadSpec => ({
  target: { url, headers: { authorization: 'Bearer key' } },
  requests: { kind: 'given', items: [{ path, body: { stream: true } }] },
  load: { kind: 'closed', concurrency: 1, requests: 1, warmupRequests: 0, timeoutMs: 5_000, ...load },
})
const run = async (path: string, load: Partial<ClosedLoad> = {}, options: RunLoadOptions = {}): Promise<LoadResult> =>
  await runLoad(specOf(path, load), options)

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

describe('a stream', () => {
  test('is timed as the server wrote it', async () => {
    const { records } = await run('/stream?ttft=60&itl=15&tokens=12', { requests: 5, warmupRequests: 1 })
    expect(records.map((record) => [record.index, record.warmup])).toEqual([
      [0, true],
      [1, false],
      [2, false],
      [3, false],
      [4, false],
      [5, false],
    ])
    const truth = truths.slice(1)
    const errors = records.slice(1).flatMap((record, i) =>
      record.contentNs.slice(1).map((at, j) => {
        const seen = at - (record.contentNs[j] ?? 0)
        return Math.abs(seen - ((truth[i]?.[j + 1] ?? 0) - (truth[i]?.[j] ?? 0))) / 1e6
      }),
    )
    expect(errors).toHaveLength(5 * 11)
    expect(median(errors)).toBeLessThan(2)
    const ttftErrors = records.slice(1).map((record, i) => ((record.firstContentNs ?? 0) - (truth[i]?.[0] ?? 0)) / 1e6)
    expect(median(ttftErrors)).toBeGreaterThan(0)
    expect(median(ttftErrors)).toBeLessThan(10)
  })

  test('has its first content after the role chunk, and exact usage', async () => {
    const { records } = await run('/stream?ttft=80&itl=5&tokens=6')
    expect(records[0]).toMatchObject({
      outcome: 'ok',
      status: 200,
      promptTokens: 4,
      completionTokens: 6,
      tokensOrigin: 'usage',
      finishReason: 'stop',
      error: null,
    })
    expect(records[0]?.contentNs).toHaveLength(6)
    expect((records[0]?.firstContentNs ?? 0) - (records[0]?.firstByteNs ?? 0)).toBeGreaterThan(50e6)
  })

  test('without usage counts chunks and says so', async () => {
    const { records } = await run('/stream?tokens=3&usage=0')
    expect(records[0]).toMatchObject({ promptTokens: null, completionTokens: 3, tokensOrigin: 'chunks' })
  })
})

test('an answer in one piece has an end but no first token', async () => {
  const { records } = await run('/whole')
  expect(records[0]).toMatchObject({ outcome: 'ok', firstContentNs: null, completionTokens: 7, tokensOrigin: 'usage' })
  expect(aggregate(records)).toMatchObject({ ttftMs: null, tpotMs: null, e2eMs: { n: 1 } })
})

test.each([
  ['/cut', 'cut'],
  ['/error', 'cut'],
  ['/unfinished', 'cut'],
  ['/garbage', 'invalid_stream'],
  ['/status?code=503', 'http_error'],
  ['/silent', 'timeout'],
])('%s is %s', async (path, outcome) => {
  const { records } = await run(path, { timeoutMs: 400, requests: 2, concurrency: 2 })
  expect(records.map((record) => record.outcome)).toEqual([outcome, outcome])
  expect(aggregate(records)).toMatchObject({ ok: 0, failed: 2, failures: { [outcome]: 2 }, ttftMs: null })
})

test('a target that does not listen is a cut, not a crash', async () => {
  const spec = specOf('/stream')
  const { records } = await runLoad({ ...spec, target: { url: 'http://127.0.0.1:1' } })
  expect(records[0]).toMatchObject({ outcome: 'cut', status: null, headersNs: null })
  expect(records[0]?.error).toContain('ECONNREFUSED')
})

test('as many requests run at once as asked, and no more', async () => {
  const { records } = await run('/stream?ttft=30&itl=5&tokens=5', { concurrency: 6, requests: 24 })
  const edges = records.flatMap((record) => [
    [record.dispatchedNs, 1] as const,
    [record.dispatchedNs + record.endNs, -1] as const,
  ])
  let running = 0
  let most = 0
  for (const [, step] of edges.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    running += step
    most = Math.max(most, running)
  }
  expect(most).toBe(6)
})

test('prompts become streamed chat requests with usage', async () => {
  const spec: LoadSpec = {
    ...specOf('/'),
    requests: { kind: 'prompts', prompts: ['a', 'b'], model: 'm', maxTokens: 5, seed: 7 },
  }
  const { records } = await runLoad(spec)
  expect(records[0]?.outcome).toBe('ok')
})

test('an abort keeps what was measured', async () => {
  const controller = new AbortController()
  const seen: LoadProgress[] = []
  const onProgress = (progress: LoadProgress): void => {
    seen.push(progress)
    if (progress.done >= 4) controller.abort()
  }
  const load = { requests: 1_000, concurrency: 2 }
  const result = await run('/stream?ttft=20&itl=5&tokens=4', load, { onProgress, signal: controller.signal })
  expect(result.aborted).toBe(true)
  expect(result.records.length).toBeGreaterThanOrEqual(4)
  expect(result.records.length).toBeLessThan(1_000)
  expect(result.records.every((record) => record.outcome === 'ok')).toBe(true)
  expect(seen[0]?.total).toBe(1_000)
})

test('a generator that is too busy calls its own run invalid', async () => {
  const load = { requests: 40, concurrency: 4 }
  const path = '/stream?ttft=20&itl=10&tokens=10'
  const program = entry('./testing/busy-main', import.meta.url)
  const busy = await run(path, load, { program })
  expect(busy.clientHealth.clientVerdict).toBe('invalid-client')
  expect(busy.clientHealth.eventLoopDelayP99Ms).toBeGreaterThan(10)
})

test('a spec that cannot be run is refused with the reason', async () => {
  await expect(run('/', { concurrency: 0 })).rejects.toMatchObject({ code: 'invalid_load_spec' })
  const spec = specOf('/')
  await expect(runLoad({ ...spec, target: { url: 'ftp://x' } })).rejects.toThrow('http(s)')
})
