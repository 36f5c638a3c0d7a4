import { describe, expect, test } from 'vitest'
import { aggregate } from './aggregate.ts'
import { judgeHealth } from './client-health.ts'
import { percentile } from './percentile.ts'
import { readEvents } from './read-events.ts'
import type { LoadRecord } from './spec.ts'

const ms = 1e6
const record = (over: Partial<LoadRecord> = {}): LoadRecord => ({
  index: 0,
  warmup: false,
  scheduledNs: 0,
  dispatchedNs: 0,
  headersNs: 5 * ms,
  firstByteNs: 6 * ms,
  firstContentNs: 100 * ms,
  contentNs: [100 * ms, 120 * ms, 150 * ms],
  endNs: 160 * ms,
  outcome: 'ok',
  status: 200,
  promptTokens: 4,
  completionTokens: 3,
  tokensOrigin: 'usage',
  finishReason: 'stop',
  error: null,
  ...over,
})

test.each([
  [[], 50, null],
  [[7], 99, 7],
  [[1, 2, 3, 4], 50, 2.5],
  [[1, 2, 3, 4], 25, 1.75],
  [[10, 20, 30], 100, 30],
  [[10, 20, 30], 0, 10],
  [Array.from({ length: 101 }, (_none, i) => i), 99, 99],
])('percentile of %j at %d is %d', (values, p, expected) => {
  expect(percentile(values, p)).toBe(expected)
})

describe('figures', () => {
  test('of one request, by hand', () => {
    const figures = aggregate([record()])
    expect(figures).toMatchObject({
      requests: 1,
      ok: 1,
      failed: 0,
      durationS: 0.16,
      ttftMs: { n: 1, mean: 100, p50: 100, p99: null },
      tpotMs: { n: 1, mean: 30 },
      iclMs: { n: 2, mean: 25, min: 20, max: 30, p50: 25, p90: 29 },
      itlMs: { n: 2 },
      e2eMs: { mean: 160 },
      promptTokens: 4,
      outputTokens: 3,
      tokensOrigin: 'usage',
    })
    expect(figures.outputTokensPerSecond).toBeCloseTo(3 / 0.16, 9)
    expect(figures.requestsPerSecond).toBeCloseTo(1 / 0.16, 9)
  })

  test('leave warm-up out and count failures into the duration only', () => {
    const figures = aggregate([
      record({ warmup: true, dispatchedNs: 0, firstContentNs: 999 * ms }),
      record({ dispatchedNs: 1_000 * ms }),
      record({ dispatchedNs: 1_100 * ms, outcome: 'timeout', endNs: 900 * ms, firstContentNs: 500 * ms }),
      record({ dispatchedNs: 1_200 * ms, outcome: 'http_error', endNs: 5 * ms }),
    ])
    expect(figures).toMatchObject({
      requests: 3,
      ok: 1,
      failed: 2,
      failures: { timeout: 1, http_error: 1 },
      durationS: 1,
    })
    expect(figures.ttftMs).toMatchObject({ n: 1, max: 100 })
    expect(figures.outputTokensPerSecond).toBe(3)
  })

  test('two tokens in one chunk: gaps are not token gaps', () => {
    const figures = aggregate([record({ completionTokens: 6 })])
    expect(figures.iclMs?.n).toBe(2)
    expect(figures.itlMs).toBeNull()
    expect(figures.tpotMs?.mean).toBe(12)
  })

  test('a single token has no time per token', () => {
    const one = record({ contentNs: [100 * ms], completionTokens: 1 })
    expect(aggregate([one])).toMatchObject({ tpotMs: null, iclMs: null, itlMs: null })
  })

  test('p99 appears with the hundredth value', () => {
    const many = (n: number): LoadRecord[] =>
      Array.from({ length: n }, (_none, i) => record({ firstContentNs: i * ms }))
    expect(aggregate(many(99)).ttftMs?.p99).toBeNull()
    expect(aggregate(many(100)).ttftMs?.p99).toBeCloseTo(98.01, 9)
  })

  test('what no request gave is null, not 0', () => {
    expect(aggregate([])).toMatchObject({
      requests: 0,
      durationS: null,
      ttftMs: null,
      outputTokens: null,
      requestsPerSecond: null,
    })
    const unknown = record({
      promptTokens: null,
      completionTokens: null,
      tokensOrigin: null,
      contentNs: [],
      firstContentNs: null,
    })
    expect(aggregate([unknown])).toMatchObject({
      ttftMs: null,
      outputTokens: null,
      outputTokensPerSecond: null,
      tokensOrigin: null,
    })
    expect(aggregate([record(), record({ tokensOrigin: 'chunks' })]).tokensOrigin).toBe('mixed')
  })
})

test.each([
  [undefined, [], 'ok'],
  [{ p99Ms: 9.9, maxMs: 80 }, [0.1, 0.2], 'ok'],
  [{ p99Ms: 10.1, maxMs: 11 }, [0.1], 'invalid-client'],
  [{ p99Ms: 1, maxMs: 1 }, [1, 11, 12], 'invalid-client'],
])('a generator with lag %j and delays %j is %s', (lag, delays, verdict) => {
  expect(judgeHealth(lag, delays, 1).clientVerdict).toBe(verdict)
})

test('events survive any cut of the bytes, and arrive with their last byte', () => {
  const bytes = Buffer.from(': hi\r\ndata: {"a":"é"}\r\n\r\nevent: x\ndata:1\ndata: 2\n\ndata: [DONE]\n\n')
  const expected = ['{"a":"é"}', '1\n2', '[DONE]']
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_none, i) => ({
      at: BigInt(i),
      bytes: bytes.subarray(i * size, (i + 1) * size),
    }))
    expect([...readEvents(chunks)].map((event) => event.data)).toEqual(expected)
  }
  const two = [
    { at: 5n, bytes: Buffer.from('data: x\n') },
    { at: 9n, bytes: Buffer.from('\n') },
  ]
  expect([...readEvents(two)]).toEqual([{ at: 9n, data: 'x' }])
})
