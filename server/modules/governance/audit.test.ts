import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { AuditVerification } from '../../../contract/index.ts'
import { describeEachDatabase, person, setUpHub } from '../../../test/support/index.ts'
import type { AuditEntry } from '../../platform/audit.ts'
import type { Db, Trx } from '../../platform/db/index.ts'
import type { Anchor } from './audit-anchor.ts'
import { auditHash } from './audit-hash.ts'
import { createAuditSeal } from './audit-seal.ts'
import { listAudit } from './list-audit.ts'
import { type AuditRow, readAuditChain, readAuditHead } from './store.ts'
import { verifyAudit } from './verify-audit.ts'

const entry = (id: string, extra: Partial<AuditEntry> = {}): AuditEntry => ({
  actor: person(),
  action: 'test.change',
  object: { type: 'thing', id },
  ...extra,
})

describeEachDatabase(
  'audit',
  (getDb) => {
    const hub = setUpHub(getDb)
    const verify = (db: Db | Trx, noted: Anchor | 'damaged' | null = null) =>
      verifyAudit({ db, seal: hub().seal, anchor: () => Promise.resolve(noted) })
    const write = (...entries: AuditEntry[]) =>
      getDb().transaction(async (trx) => {
        let seq = 0
        for (const each of entries) ({ seq } = await hub().audit(trx, each))
        return seq
      })

    test('appended concurrently, the events are one gapless chain', async () => {
      const before = (await readAuditHead(getDb().db))?.seq ?? -1
      await Promise.all(Array.from({ length: 25 }, (_, i) => write(entry(`concurrent-${i}`))))
      const verification = await verify(getDb().db)
      expect(verification).toMatchObject({ ok: true, events: before + 25, firstBad: null })
      expect(verification.head).toBe((await readAuditHead(getDb().db))?.hash)
    })

    test('an event vanishes with the transaction it was written in, and so does its place in the chain', async () => {
      const before = await readAuditHead(getDb().db)
      const failing = getDb().transaction(async (trx) => {
        await hub().audit(trx, entry('rolled-back'))
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await readAuditHead(getDb().db)).toEqual(before)
      expect((await listAudit(getDb().db, { object: 'rolled-back', limit: 1 })).items).toEqual([])
    })

    test('verifies whatever order jsonb gives the keys back in, with every kind of value', async () => {
      const after = {
        zz: 1,
        a: { 'long key': [1.5, null, 'é\n"'], b: true },
        bb: -0,
        big: 2 ** 53,
        tiny: 1e-7,
        huge: 1e21,
      }
      await write(entry('json', { before: { b: 1, a: 2 }, after, evidence: { gone: undefined, at: new Date(0) } }))
      expect(await verify(getDb().db)).toMatchObject({ ok: true })
      const [event] = (await listAudit(getDb().db, { object: 'json', limit: 1 })).items
      expect(event?.after).toEqual({ ...after, bb: 0 })
      expect(event?.evidence).toEqual({ at: '1970-01-01T00:00:00.000Z' })
    })

    test('text that a database cannot hold is recorded in a form it can, and still verifies', async () => {
      await write(entry('text', { reason: 'a\u0000b', after: { name: 'x\u0000y', half: '\ud800', ['k\u0000']: 1 } }))
      expect(await verify(getDb().db)).toMatchObject({ ok: true })
      const [event] = (await listAudit(getDb().db, { object: 'text', limit: 1 })).items
      expect(event?.after).toEqual({ name: 'x\ufffdy', half: '\ufffd', 'k\ufffd': 1 })
      expect(event?.reason).toBe('a\ufffdb')
    })

    test('what looks like a secret is taken out of the reason', async () => {
      await write(entry('redacted', { reason: 'called with Bearer abcdefgh12345678' }))
      const [event] = (await listAudit(getDb().db, { object: 'redacted', limit: 1 })).items
      expect(event?.reason).toMatch(/^called with .*\[redacted\]$/)
      expect(event?.reason).not.toContain('abcdefgh')
    })

    test.each([
      ['update', `update audit_event set reason = 'better' where seq = 1`],
      ['delete', 'delete from audit_event where seq = 1'],
      ['truncate', 'truncate audit_event'],
      ['truncate, cascading', 'truncate audit_event cascade'],
      ['delete of the head', 'delete from audit_head'],
      [
        'upsert',
        `insert into audit_event select * from audit_event where seq = 1 on conflict (seq) do update set reason = 'x'`,
      ],
      ['an event beyond the end', `insert into audit_event select * from audit_event where seq = 1`],
      ['a head set back', 'update audit_head set seq = seq - 1'],
      ['a head changed in place', `update audit_head set hash = repeat('0', 64)`],
      ['a truncated head', 'truncate audit_head'],
    ])('the database itself refuses: %s', async (_what, statement) => {
      await write(entry('kept'))
      await expect(sql.raw(statement).execute(getDb().db)).rejects.toMatchObject({ code: '42501' })
      expect(await verify(getDb().db)).toMatchObject({ ok: true })
    })

    describe('changed by somebody who may switch the triggers off', () => {
      class Undo extends Error {}
      /** Tampers in a transaction that is rolled back, so that the next test has a whole chain again. */
      const afterTampering = async (
        tamper: (trx: Trx, last: number) => Promise<unknown>,
        note: (trx: Trx, last: number) => Promise<Anchor | 'damaged' | null> = () => Promise.resolve(null),
      ): Promise<{ found: AuditVerification; last: number }> => {
        const last = await write(entry('one'), entry('two'), entry('three'), entry('four'))
        let found: AuditVerification | undefined
        const work = getDb().transaction(async (trx) => {
          await sql`alter table audit_event disable trigger all`.execute(trx)
          await sql`alter table audit_head disable trigger all`.execute(trx)
          const noted = await note(trx, last)
          await tamper(trx, last)
          found = await verify(trx, noted)
          throw new Undo()
        })
        await expect(work).rejects.toBeInstanceOf(Undo)
        if (found === undefined) throw new Error('unreachable: the work verified before it was undone')
        return { found, last }
      }
      const rowOf = async (trx: Trx, seq: number): Promise<AuditRow> => {
        const [row] = await readAuditChain(trx, seq - 1, 1)
        if (row === undefined) throw new Error(`there is no event ${seq}`)
        return row
      }
      const rehash = async (trx: Trx, seq: number, previousHash: string) => {
        const { hash: _old, seal: _none, ...row } = await rowOf(trx, seq)
        const hash = auditHash({ ...row, previous_hash: previousHash })
        await sql`
          update audit_event set previous_hash = ${previousHash}, hash = ${hash}, seal = ${hub().seal.of(hash)} where seq = ${seq}
        `.execute(trx)
        return hash
      }

      test.each([
        'actor_id',
        'actor_name',
        'actor_type',
        'action',
        'object_type',
        'object_id',
        'object_name',
        'project_id',
        'outcome',
        'reason',
        'request_id',
        'id',
      ])('an altered %s is named', async (column) => {
        const { found, last } = await afterTampering((trx, seq) =>
          sql`update audit_event set ${sql.ref(column)} = 'forged' where seq = ${seq - 1}`.execute(trx),
        )
        expect(found).toMatchObject({ ok: false, events: last - 2, firstBad: { seq: last - 1, problem: 'altered' } })
        expect(found.message).toContain(`Event ${last - 1} was altered`)
      })

      test.each([
        ['at', `at + interval '1 second'`],
        ['before', `'{"a": 1}'::jsonb`],
        ['after', `'{}'::jsonb`],
        ['evidence', `'null'::jsonb`],
      ])('an altered %s is named', async (column, value) => {
        const { found, last } = await afterTampering((trx, seq) =>
          sql`update audit_event set ${sql.ref(column)} = ${sql.raw(value)} where seq = ${seq}`.execute(trx),
        )
        // jsonb null reads as no value at all: nothing was changed that anybody can see.
        if (column === 'evidence') expect(found.ok).toBe(true)
        else expect(found.firstBad).toMatchObject({ seq: last, problem: 'altered' })
      })

      test('an event altered with a hash to match breaks the one after it', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await sql`update audit_event set reason = 'forged' where seq = ${seq - 2}`.execute(trx)
          await rehash(trx, seq - 2, (await rowOf(trx, seq - 3)).hash)
        })
        expect(found.firstBad).toMatchObject({ seq: last - 1, problem: 'reordered' })
      })

      test('a chain rewritten to its end does not fit the head', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await sql`update audit_event set reason = 'forged' where seq = ${seq - 1}`.execute(trx)
          await rehash(trx, seq, await rehash(trx, seq - 1, (await rowOf(trx, seq - 2)).hash))
        })
        expect(found.firstBad).toMatchObject({ seq: last, problem: 'head' })
      })

      test('a deleted event is named, in the middle and at the beginning', async () => {
        const middle = await afterTampering((trx, seq) =>
          sql`delete from audit_event where seq = ${seq - 2}`.execute(trx),
        )
        expect(middle.found).toMatchObject({
          ok: false,
          events: middle.last - 3,
          firstBad: { seq: middle.last - 2, problem: 'missing' },
        })
        const first = await afterTampering((trx) => sql`delete from audit_event where seq = 1`.execute(trx))
        expect(first.found).toMatchObject({ events: 0, firstBad: { seq: 1, problem: 'missing' } })
      })

      test('a tail that was cut off is named at its first event', async () => {
        const { found, last } = await afterTampering((trx, seq) =>
          sql`delete from audit_event where seq > ${seq - 2}`.execute(trx),
        )
        expect(found).toMatchObject({ ok: false, firstBad: { seq: last - 1, problem: 'missing' } })
      })

      test('an emptied table is not an empty chain', async () => {
        const { found } = await afterTampering((trx) => sql`delete from audit_event`.execute(trx))
        expect(found).toMatchObject({ ok: false, events: 0, firstBad: { seq: 1, problem: 'missing' } })
      })

      test('events that changed places are named at the first of them', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await sql`update audit_event set seq = -1 where seq = ${seq - 2}`.execute(trx)
          await sql`update audit_event set seq = ${seq - 2} where seq = ${seq - 1}`.execute(trx)
          await sql`update audit_event set seq = ${seq - 1} where seq = -1`.execute(trx)
        })
        expect(found.firstBad?.seq).toBe(last - 2)
      })

      const append = async (trx: Trx, seq: number, sealed = true) => {
        const { hash: previous_hash } = await rowOf(trx, seq - 1)
        const { hash: _old, seal: _none, ...row } = await rowOf(trx, seq - 1)
        const forged = { ...row, seq, id: `evt_forged${seq}`, previous_hash, reason: 'forged' }
        await sql`
          insert into audit_event (seq, id, at, actor_type, actor_id, actor_name, action, object_type, object_id, object_name,
            project_id, outcome, reason, request_id, previous_hash, hash, seal)
          values (${seq}, ${forged.id}, ${forged.at}, ${forged.actor_type}, ${forged.actor_id}, ${forged.actor_name},
            ${forged.action}, ${forged.object_type}, ${forged.object_id}, ${forged.object_name}, ${forged.project_id},
            ${forged.outcome}, ${forged.reason}, ${forged.request_id}, ${previous_hash}, ${auditHash(forged)},
            ${sealed ? hub().seal.of(auditHash(forged)) : null})`.execute(trx)
      }

      test('events inserted behind the head are named at the first of them', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await append(trx, seq + 1)
          await append(trx, seq + 2)
        })
        expect(found).toMatchObject({ ok: false, events: last, firstBad: { seq: last + 1, problem: 'head' } })
      })

      test('an event inserted in the middle, the rest moved up, is named where the old chain no longer follows', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await sql`update audit_event set seq = -seq where seq > ${seq - 2}`.execute(trx)
          await append(trx, seq - 1)
          await sql`update audit_event set seq = 1 - seq where seq < 0`.execute(trx)
          await sql`update audit_head set seq = seq + 1`.execute(trx)
        })
        // The forged event itself fits; the first that cannot is the one pushed behind it.
        expect(found.firstBad).toMatchObject({ seq: last, problem: 'altered' })
      })

      const endAt = async (trx: Trx, seq: number) => {
        const { hash } = await rowOf(trx, seq)
        await sql`delete from audit_event where seq > ${seq}`.execute(trx)
        await sql`update audit_head set seq = ${seq}, hash = ${hash}`.execute(trx)
      }
      const noteOf = async (trx: Trx, seq: number) => ({ seq, hash: (await rowOf(trx, seq)).hash })

      test('a tail that was cut off, the head set back to fit, is named by the note outside the database', async () => {
        const { found, last } = await afterTampering((trx, seq) => endAt(trx, seq - 2), noteOf)
        expect(found).toMatchObject({ ok: false, events: last - 2, firstBad: { seq: last - 1, problem: 'missing' } })
      })

      test('a cut tail over which new events were written is named where the noted event should be', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await endAt(trx, seq - 1)
          await append(trx, seq)
          await sql`update audit_head set seq = ${seq}, hash = ${(await rowOf(trx, seq)).hash}`.execute(trx)
        }, noteOf)
        expect(found.firstBad).toMatchObject({ seq: last, problem: 'anchor' })
      })

      test('a note that this hub did not write counts as damage', async () => {
        const { found, last } = await afterTampering(
          () => Promise.resolve(),
          () => Promise.resolve('damaged'),
        )
        expect(found.firstBad).toMatchObject({ seq: last + 1, problem: 'anchor' })
      })

      test('the whole chain of another hub in place of this one is named at its first event', async () => {
        const other = createAuditSeal(Buffer.alloc(32, 2))
        const { found } = await afterTampering(async (trx) => {
          for (const { seq, hash } of await readAuditChain(trx, 0, 10_000)) {
            await sql`update audit_event set seal = ${other.of(hash)} where seq = ${seq}`.execute(trx)
          }
        })
        expect(found).toMatchObject({ ok: false, events: 0, firstBad: { seq: 1, problem: 'unsealed' } })
      })

      test('a chain written anew from some event on, every hash and the head made to fit, lacks the seals', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await sql`update audit_event set reason = 'forged' where seq = ${seq - 2}`.execute(trx)
          let hash = (await rowOf(trx, seq - 3)).hash
          for (let at = seq - 2; at <= seq; at++) hash = await rehash(trx, at, hash)
          await sql`update audit_event set seal = (select seal from audit_event where seq = 1) where seq >= ${seq - 2}`.execute(
            trx,
          )
          await sql`update audit_head set hash = ${hash}`.execute(trx)
        })
        expect(found.firstBad).toMatchObject({ seq: last - 2, problem: 'unsealed' })
      })

      test('an event added by hand, its hash and the head made to fit, carries no seal', async () => {
        const { found, last } = await afterTampering(async (trx, seq) => {
          await append(trx, seq + 1, false)
          await sql`update audit_head set seq = ${seq + 1}, hash = ${(await rowOf(trx, seq + 1)).hash}`.execute(trx)
        })
        expect(found.firstBad).toMatchObject({ seq: last + 1, problem: 'unsealed' })
      })

      test('a trail from which every seal was taken is not one of before there were seals', async () => {
        const { found } = await afterTampering((trx) => sql`update audit_event set seal = null`.execute(trx))
        expect(found.firstBad).toMatchObject({ seq: 1, problem: 'unsealed' })
      })

      test('events of before there were seals count as long as a sealed one follows', async () => {
        const { found } = await afterTampering((trx, seq) =>
          sql`update audit_event set seal = null where seq < ${seq}`.execute(trx),
        )
        expect(found.ok).toBe(true)
      })

      test('a head that is gone is a broken chain, not a failure of the check', async () => {
        const { found, last } = await afterTampering((trx) => sql`delete from audit_head`.execute(trx))
        expect(found).toMatchObject({ ok: false, firstBad: { seq: last, problem: 'head' } })
      })
    })

    test('lists newest first, by object, actor and action, in pages', async () => {
      const bob = person('Bob')
      await write(
        ...[1, 2, 3, 4, 5].map((n) => entry('paged', { actor: bob, action: `paged.${n % 2 === 0 ? 'even' : 'odd'}` })),
      )
      const first = await listAudit(getDb().db, { object: 'paged', limit: 3 })
      const second = await listAudit(getDb().db, { object: 'paged', limit: 3, cursor: first.nextCursor ?? '' })
      const seqs = [...first.items, ...second.items].map((event) => event.seq)
      expect(seqs).toEqual([...seqs].sort((a, b) => b - a))
      expect([seqs.length, second.nextCursor]).toEqual([5, null])
      expect((await listAudit(getDb().db, { actor: bob.id, action: 'paged.even', limit: 9 })).items).toHaveLength(2)
      await expect(listAudit(getDb().db, { limit: 3, cursor: 'rubbish' })).rejects.toMatchObject({
        code: 'invalid_cursor',
      })
    })
  },
  { shared: true },
)
