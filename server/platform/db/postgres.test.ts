import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { systemClock } from '../../../kernel/index.ts'
import { describeEachDatabase, quietLog, waitUntil } from '../../../test/support/index.ts'
import { openDatabase } from './index.ts'

describeEachDatabase(
  'connection loss',
  (getDb, lane) => {
    const cutAll = () =>
      sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`.execute(
        getDb().db,
      )

    test('loses no listener and no announcement, and tells of the gap', async () => {
      const { listen, notify, transaction, presence } = getDb()
      const heard: string[] = []
      let gaps = 0
      await listen(
        'test_channel',
        (payload) => heard.push(payload),
        () => {
          gaps += 1
        },
      )
      await presence.announce('me')
      await cutAll()
      await waitUntil(() => gaps === 1)
      await transaction((trx) => notify(trx, 'test_channel', 'back'))
      await waitUntil(() => heard.includes('back'))
      expect(await presence.gone(['me'])).toEqual([])
    })

    test('in the middle of a transaction fails that transaction only', async () => {
      const { db, transaction } = getDb()
      await sql`create table t (n int)`.execute(db)
      const broken = transaction(async (trx) => {
        await sql`insert into t values (1)`.execute(trx)
        await cutFromOutside()
        await new Promise((resolve) => setTimeout(resolve, 50))
        await sql`insert into t values (2)`.execute(trx)
      })
      await expect(broken).rejects.toThrow()
      expect((await sql`select count(*) as n from t`.execute(db)).rows).toEqual([{ n: 0 }])
    })

    async function cutFromOutside() {
      const other = await openDatabase({ ...lane.location(), log: quietLog(), clock: systemClock })
      const state = 'idle in transaction'
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = ${state}`
        .execute(other.db)
        .catch(() => undefined)
      await other.close()
    }

    test('a database that does not answer, or no URL, is refused with what to do', async () => {
      const open = (url: string) =>
        openDatabase({ url, dataFolder: '/nonexistent', log: quietLog(), clock: systemClock })
      const refused = open('postgres://hub:hunter22@127.0.0.1:1/none')
      await expect(refused).rejects.toMatchObject({
        kind: 'upstream',
        code: 'database_unreachable',
        message: expect.not.stringContaining('hunter22'),
      })
      await expect(open('not a url')).rejects.toMatchObject({ kind: 'invalid', code: 'invalid_database_url' })
    })
  },
  { lanes: ['postgres'] },
)
