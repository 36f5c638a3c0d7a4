import { expect, test } from 'vitest'
import { conflict } from '../../kernel/index.ts'
import { describeEachDatabase, hubErrorOf, setUpHub, uniqueName, waitUntil } from '../../test/support/index.ts'
import { withIdempotency } from './idempotency.ts'

describeEachDatabase(
  'idempotency',
  (getDb) => {
    const hub = setUpHub(getDb)
    let runs = 0
    const call = (
      key: string,
      extra: { actorId?: string; operation?: string; body?: unknown } = {},
      run?: () => Promise<unknown>,
    ) =>
      withIdempotency(
        { database: getDb(), clock: hub().clock },
        { actorId: 'usr_1', operation: 'createModel', body: { a: 1, b: 2 }, ...extra, key },
        async () => ({ status: 202, answer: run === undefined ? { n: (runs += 1) } : await run() }),
      )

    test('the same request gives the first answer, whatever the order of its members', async () => {
      const key = uniqueName('same')
      const first = await call(key)
      expect(await call(key, { body: { b: 2, a: 1 } })).toEqual(first)
      expect(first.status).toBe(202)
    })

    test('another body or another operation under the key is refused', async () => {
      const key = uniqueName('other')
      await call(key)
      const before = runs
      for (const extra of [{ body: { a: 1 } }, { body: null }, { operation: 'createBenchmark' }]) {
        expect(await hubErrorOf(call(key, extra))).toMatchObject({
          kind: 'invalid',
          code: 'idempotency_key_reused',
          details: { status: 422 },
        })
      }
      expect(runs).toBe(before)
    })

    test('keys of another caller are other keys', async () => {
      const key = uniqueName('callers')
      expect(await call(key)).not.toEqual(await call(key, { actorId: 'usr_2' }))
    })

    test('while the first runs, the second is told to wait; of ten at once one runs', async () => {
      const key = uniqueName('concurrent')
      const gate = Promise.withResolvers<void>()
      let started = 0
      const slow = () => {
        started += 1
        return gate.promise.then(() => ({ done: true }))
      }
      const calls = Array.from({ length: 10 }, () => call(key, {}, slow))
      const refused: string[] = []
      for (const each of calls) each.catch((error: { code: string }) => refused.push(error.code))
      await waitUntil(() => refused.length === 9)
      gate.resolve()
      const outcomes = await Promise.allSettled(calls)
      expect(started).toBe(1)
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(new Set(refused)).toEqual(new Set(['request_in_progress']))
      expect((await call(key)).answer).toEqual({ done: true })
    })

    test('a failure frees the key', async () => {
      const key = uniqueName('failure')
      expect((await hubErrorOf(call(key, {}, () => Promise.reject(conflict('taken', 'Taken.'))))).code).toBe('taken')
      expect((await call(key, { body: { other: true } }, () => Promise.resolve('now'))).answer).toBe('now')
    })

    test('what was made before the answer was lost is not made again, and the repetition gets the same answer', async () => {
      const key = uniqueName('lost')
      const { database } = hub()
      let made = 0
      const request = { actorId: 'usr_1', operation: 'createModel', body: null, key }
      const attempt = (present: () => void) =>
        withIdempotency({ database, clock: hub().clock }, request, async (once) => {
          const id = await once({ database }, (deps) => deps.database.transaction(async () => (made += 1)))
          present()
          return { status: 201, answer: { id } }
        })
      const lost = attempt(() => {
        throw new Error('the connection broke after the commit')
      })
      await expect(lost).rejects.toThrow('after the commit')
      hub().clock.advance(600_000)
      expect(await attempt(() => undefined)).toEqual({ status: 201, answer: { id: 1 } })
      expect(await attempt(() => undefined)).toEqual({ status: 201, answer: { id: 1 } })
      expect(made).toBe(1)
    })

    test('a request that comes back after its key was given away makes nothing', async () => {
      const key = uniqueName('late')
      const { database } = hub()
      const request = { actorId: 'usr_1', operation: 'createModel', body: null, key }
      const gate = Promise.withResolvers<void>()
      const claimed = Promise.withResolvers<void>()
      const make = (claim: () => void, before: Promise<void>) =>
        withIdempotency({ database, clock: hub().clock }, request, async (once) => {
          claim()
          await before
          return { status: 201, answer: await once({ database }, (deps) => deps.database.transaction(async () => key)) }
        })
      const repeat = () => make(() => undefined, Promise.resolve())
      const late = make(claimed.resolve, gate.promise)
      await claimed.promise
      expect((await hubErrorOf(repeat())).code).toBe('request_in_progress')
      hub().clock.advance(200_000)
      expect((await repeat()).answer).toBe(key)
      gate.resolve()
      expect((await hubErrorOf(late)).code).toBe('idempotency_key_lost')
    })

    test('an answer without content is an answer', async () => {
      const key = uniqueName('empty')
      await call(key, {}, () => Promise.resolve(null))
      expect((await call(key)).answer).toBeNull()
    })

    test('is forgotten after a day', async () => {
      const key = uniqueName('old')
      const first = await call(key)
      hub().clock.advance(24 * 3_600_000)
      expect(await call(key)).toEqual(first)
      hub().clock.advance(1)
      expect(await call(key)).not.toEqual(first)
    })

    test.each(['', ' ', 'with space', 'ü', 'x'.repeat(201), 'tab\t', 'new\nline'])(
      'the key %j is refused',
      async (key) => {
        expect((await hubErrorOf(call(key))).code).toBe('invalid_idempotency_key')
      },
    )
  },
  { shared: true },
)
