import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { type Database, openDatabase } from '../../server/platform/db/index.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import type { Place } from '../e2e/support/place.ts'
import { figure } from '../e2e/support/work.ts'
import { quietLog } from '../support/index.ts'
import { amount } from './support/plan.ts'

type Attack = {
  what: string
  /** Of a trail whose newest event is `last`. */
  tamper: (database: Database, last: number) => Promise<unknown>
  firstBad: (last: number) => { seq: number; problem: string }
}

const run = (statement: string) => (database: Database) => sql.raw(statement).execute(database.db)

const attacks: Attack[] = [
  {
    what: 'a cut tail, the head set back to fit',
    tamper: async (database, last) => {
      await run(`delete from audit_event where seq > ${last - 5}`)(database)
      await run(
        `update audit_head set seq = ${last - 5}, hash = (select hash from audit_event where seq = ${last - 5})`,
      )(database)
    },
    firstBad: (last) => ({ seq: last - 4, problem: 'missing' }),
  },
  {
    what: 'an altered event',
    tamper: (database, last) => run(`update audit_event set actor_name = 'Mallory' where seq = ${last - 4}`)(database),
    firstBad: (last) => ({ seq: last - 4, problem: 'altered' }),
  },
  {
    what: 'a deleted event',
    tamper: (database, last) => run(`delete from audit_event where seq = ${last - 3}`)(database),
    firstBad: (last) => ({ seq: last - 3, problem: 'missing' }),
  },
]

describeHubOnEachDatabase('the audit trail of a hub, changed while it was stopped', (lane) => {
  it('names the first bad event of each attack, and holds again when the trail is as it was', async () => {
    const place = await lane.place()
    const hub = await lane.start({ place })
    for (let i = 0; i < 8; i++) await unwrap(hub.api.POST('/keys', { body: { name: `key ${i}` } }))
    const whole = await unwrap(hub.api.GET('/audit/verify'))
    expect(whole).toMatchObject({ ok: true })
    await hub.stop()

    for (const { what, tamper, firstBad } of attacks.slice(0, amount({ slice: 1, full: attacks.length }))) {
      await withTriggersOff(place, async (database) => {
        await run('create table kept_event as select * from audit_event')(database)
        await run('create table kept_head as select * from audit_head')(database)
        await tamper(database, whole.events)
      })
      const attacked = await lane.start({ place })
      const told = await runCli(attacked, ['audit', 'verify', '--json'])
      expect(told.code, what).toBe(1)
      const expected = firstBad(whole.events)
      expect(JSON.parse(told.stdout), what).toMatchObject({ ok: false, firstBad: expected })
      figure(`${what}: ${expected.problem} at event ${expected.seq} of ${whole.events}`)
      await attacked.stop()
      await withTriggersOff(place, async (database) => {
        await run('delete from audit_event')(database)
        await run('insert into audit_event select * from kept_event')(database)
        await run('update audit_head set seq = (select seq from kept_head), hash = (select hash from kept_head)')(
          database,
        )
        await run('drop table kept_event')(database)
        await run('drop table kept_head')(database)
      })
    }
    const mended = await lane.start({ place })
    expect(await runCli(mended, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await mended.stop()
  }, 180_000)
})

/** What somebody can do who owns the database but not the hub's key. */
async function withTriggersOff(place: Place, work: (database: Database) => Promise<void>): Promise<void> {
  const url = place.env['MODELHUB_DATABASE_URL']
  const where = url === undefined ? {} : { url }
  const database = await openDatabase({ ...where, dataFolder: place.data, log: quietLog(), clock: systemClock })
  try {
    for (const table of ['audit_event', 'audit_head']) await run(`alter table ${table} disable trigger all`)(database)
    await work(database)
    for (const table of ['audit_event', 'audit_head']) await run(`alter table ${table} enable trigger all`)(database)
  } finally {
    await database.close()
  }
}
