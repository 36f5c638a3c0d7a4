import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { describeEachDatabase, waitUntil } from '../../../test/support/index.ts'

describeEachDatabase('database', (getDb) => {
  test('commits what resolves and rolls back what throws', async () => {
    const { db, transaction } = getDb()
    await sql`create table thing (id bigint primary key, at timestamptz, tags text[], body jsonb)`.execute(db)
    await transaction(async (trx) => {
      await sql`insert into thing values (5000000000, now(), ${['a', 'b']}, ${JSON.stringify({ a: [1] })}::jsonb)`.execute(
        trx,
      )
    })
    const failed = transaction(async (trx) => {
      await sql`insert into thing values (2)`.execute(trx)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    const { rows } = await sql<Record<string, unknown>>`select * from thing`.execute(db)
    expect(rows).toEqual([{ id: 5_000_000_000, at: expect.any(Date), tags: ['a', 'b'], body: { a: [1] } }])
  })

  test('keeps the fields of an error by which callers decide', async () => {
    const { db } = getDb()
    await sql`create table thing (id int constraint thing_pk primary key)`.execute(db)
    await sql`insert into thing values (1)`.execute(db)
    const again = sql`insert into thing values (1)`.execute(db)
    await expect(again).rejects.toMatchObject({
      code: '23505',
      constraint: 'thing_pk',
      detail: expect.stringContaining('(1)'),
    })
  })

  test('refuses the root handle and a second transaction inside a transaction, and works on afterwards', async () => {
    const { db, transaction } = getDb()
    const code = 'root_handle_in_transaction'
    await expect(transaction(() => sql`select 1`.execute(db))).rejects.toMatchObject({ code })
    await expect(transaction(() => transaction(async () => 1))).rejects.toMatchObject({ code })
    await expect(sql`select 1 as one`.execute(db)).resolves.toMatchObject({ rows: [{ one: 1 }] })
  })

  test('refuses it also inside a transaction that a library opens by itself', async () => {
    const { db } = getDb()
    const code = 'root_handle_in_transaction'
    await expect(db.transaction().execute(() => sql`select 1`.execute(db))).rejects.toMatchObject({ code })
    const strict = db.transaction().setIsolationLevel('serializable').setAccessMode('read only')
    await expect(strict.execute(() => sql`select 1`.execute(db))).rejects.toMatchObject({ code })
    await expect(strict.execute((trx) => sql`select 1 as one`.execute(trx))).resolves.toMatchObject({
      rows: [{ one: 1 }],
    })
  })

  test('lets work that a transaction only set off use the root handle once it has ended', async () => {
    const { db, transaction } = getDb()
    const gate = Promise.withResolvers<void>()
    let later: Promise<unknown> | undefined
    await transaction(async () => {
      later = gate.promise.then(() => sql`select 1`.execute(db))
    })
    gate.resolve()
    await expect(later).resolves.toBeDefined()
  })

  test('runs transactions of many callers, each whole', async () => {
    const { db, transaction } = getDb()
    await sql`create table counter (n int)`.execute(db)
    await sql`insert into counter values (0)`.execute(db)
    const add = (i: number) =>
      transaction(async (trx) => {
        await sql`update counter set n = n + 1`.execute(trx)
        if (i % 3 === 0) throw new Error('odd one out')
      })
    await Promise.allSettled(Array.from({ length: 30 }, (_, i) => add(i)))
    expect((await sql`select n from counter`.execute(db)).rows).toEqual([{ n: 20 }])
  })

  test('delivers notifications when the transaction commits, and never of one rolled back', async () => {
    const { transaction, listen, notify } = getDb()
    const heard: string[] = []
    const unlisten = await listen('test_channel', (payload) => heard.push(payload))
    await transaction((trx) => notify(trx, 'test_channel', 'one'))
    await transaction(async (trx) => {
      await notify(trx, 'test_channel', 'never')
      throw new Error('no')
    }).catch(() => undefined)
    await transaction((trx) => notify(trx, 'test_channel', 'two'))
    await waitUntil(() => heard.length >= 2)
    await unlisten()
    await transaction((trx) => notify(trx, 'test_channel', 'three'))
    expect(heard).toEqual(['one', 'two'])
  })

  test('answers the main thread while a slow query runs', async () => {
    const { db } = getDb()
    let widest = 0
    const began = performance.now()
    let last = began
    const timer = setInterval(() => {
      widest = Math.max(widest, performance.now() - last)
      last = performance.now()
    }, 5)
    await sql`select count(*) from generate_series(1, 4000000) x where x % 7 = 3`.execute(db)
    clearInterval(timer)
    // A thread that waits for the query stands still as long as it takes; a busy machine only makes it stumble.
    expect(widest).toBeLessThan((performance.now() - began) / 2)
  })

  test('knows which announced processes are alive', async () => {
    const { presence } = getDb()
    const leave = await presence.announce('me')
    expect(await presence.gone(['me', 'stranger'])).toEqual(['stranger'])
    await leave()
    expect(await presence.gone(['me', 'stranger'])).toEqual(['me', 'stranger'])
    expect(await presence.gone([])).toEqual([])
  })
})
