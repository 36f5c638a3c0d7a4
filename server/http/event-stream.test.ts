import { afterEach, expect, test, vi } from 'vitest'
import { eventStream } from './event-stream.ts'

afterEach(() => vi.useRealTimers())

async function* events(count: number, onEnd: () => void = () => undefined) {
  try {
    for (let seq = 1; seq <= count; seq++) yield { seq, text: 'line one\nline two' }
  } finally {
    onEnd()
  }
}

test('is text/event-stream that no proxy keeps, with ids for Last-Event-ID, and ends with the events', async () => {
  const response = eventStream(events(2), 'req_1')
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': 'req_1',
  })
  const data = (seq: number) => `id: ${seq}\ndata: ${JSON.stringify({ seq, text: 'line one\nline two' })}\n\n`
  expect(await response.text()).toBe(`retry: 1000\n\n${data(1)}${data(2)}`)
})

test('asks for events only as fast as they are read, and lets go of them when the reader leaves', async () => {
  let asked = 0
  let ended = 0
  const endless = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false as const, value: { seq: (asked += 1) } }),
      return: () => {
        ended += 1
        return Promise.resolve({ done: true as const, value: undefined })
      },
    }),
  }
  const reader = eventStream(endless, 'r').body?.getReader()
  await reader?.read()
  await reader?.read()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(asked).toBeLessThan(5)
  await reader?.cancel()
  expect(ended).toBe(1)
})

test('a failure of the events breaks the stream off, so that the client comes back', async () => {
  const failing = {
    async *[Symbol.asyncIterator]() {
      yield { seq: 1 }
      throw new Error('the database is away')
    },
  }
  await expect(eventStream(failing, 'r').text()).rejects.toThrow()
})

test('says that it is still there every 15 s while nothing happens, and stops when the reader leaves', async () => {
  vi.useFakeTimers()
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }
  const reader = eventStream(silent, 'r').body?.getReader()
  const next = async () => new TextDecoder().decode((await reader?.read())?.value)
  expect(await next()).toBe('retry: 1000\n\n')
  await vi.advanceTimersByTimeAsync(14_999)
  const beat = next()
  await vi.advanceTimersByTimeAsync(1)
  expect(await beat).toBe(': still here\n\n')
  await reader?.cancel()
  expect(vi.getTimerCount()).toBe(0)
})
