import { describe, expect, test } from 'vitest'
import { channels, LifecycleState } from '../../../contract/index.ts'
import {
  addVersion,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
  waitUntil,
} from '../../../test/support/index.ts'
import { getModel, getVersion } from '../catalog/index.ts'
import { listAudit, verifyAudit } from '../governance/index.ts'
import { archive } from './archive.ts'
import { moveVersion } from './move-version.ts'
import { mayMove } from './transitions.ts'
import { unpublish } from './unpublish.ts'

describeEachDatabase(
  'moves of a version',
  (getDb) => {
    const hub = setUpHub(getDb)
    const add = (state: LifecycleState) => addVersion(hub(), { name: uniqueName('move'), state })
    const eventsOf = async (id: string) => (await listAudit(getDb().db, { object: id, limit: 50 })).items
    const stateOf = async (id: string) => (await getVersion(getDb().db, id)).state

    test('every pair of states does what the table says, and leaves an event only when it moved', async () => {
      for (const from of LifecycleState.options) {
        const version = await add(from)
        for (const to of LifecycleState.options.filter((state) => !mayMove(from, state))) {
          const work = getDb().transaction((trx) =>
            moveVersion(hub(), trx, { version, to, actor: person(), action: 'test.move' }),
          )
          const error = await hubErrorOf(work)
          expect(error, `${from} to ${to}`).toMatchObject({
            kind: 'conflict',
            code: 'transition_refused',
            details: { from, to },
          })
          expect(error.message).toContain(from.replaceAll('_', ' '))
        }
        expect(await stateOf(version.id)).toBe(from)
        expect(await eventsOf(version.id)).toEqual([])
        for (const to of LifecycleState.options.filter((state) => mayMove(from, state))) {
          const mover = await add(from)
          await getDb().transaction((trx) =>
            moveVersion(hub(), trx, { version: mover, to, actor: person(), action: 'test.move', reason: 'why' }),
          )
          expect(await stateOf(mover.id)).toBe(to)
          expect(await eventsOf(mover.id)).toMatchObject([
            { before: { state: from }, after: { state: to }, reason: 'why' },
          ])
          expect((await getModel(getDb().db, mover.model_id)).state).toBe(to)
        }
      }
      expect(
        await verifyAudit({ db: getDb().db, seal: hub().seal, anchor: () => Promise.resolve(null) }),
      ).toMatchObject({ ok: true })
    })

    test('the move, the event and the news are one: what is rolled back happened nowhere', async () => {
      const version = await add('evaluated')
      const news: string[] = []
      const stop = await getDb().listen(channels.serving, (payload) => news.push(payload))
      const move = (fail: boolean) =>
        getDb().transaction(async (trx) => {
          await moveVersion(hub(), trx, { version, to: 'published', actor: person(), action: 'test.publish' })
          if (fail) throw new Error('later failure')
        })
      await expect(move(true)).rejects.toThrow('later failure')
      expect([await stateOf(version.id), await eventsOf(version.id)]).toEqual(['evaluated', []])
      await move(false)
      await waitUntil(() => news.length > 0)
      await stop()
      expect(news).toEqual(['test.publish'])
    })

    test('a version that somebody else moved since it was read stays where they put it', async () => {
      const version = await add('verified')
      await archive(hub(), version.id, person('Bob'))
      for (const to of ['evaluated', 'needs_attention'] as const) {
        const late = getDb().transaction((trx) =>
          moveVersion(hub(), trx, { version, to, actor: person(), action: 'test.late' }),
        )
        expect(await hubErrorOf(late)).toMatchObject({ kind: 'conflict', code: 'state_changed' })
      }
      // Also where the table would allow the move from both states: what was decided was decided on another state.
      const published = await add('evaluated')
      await getDb().transaction((trx) =>
        moveVersion(hub(), trx, { version: published, to: 'published', actor: person(), action: 'test.publish' }),
      )
      const late = getDb().transaction((trx) =>
        moveVersion(hub(), trx, { version: published, to: 'archived', actor: person(), action: 'test.late' }),
      )
      expect((await hubErrorOf(late)).code).toBe('state_changed')
      expect(await stateOf(published.id)).toBe('published')
      expect(await eventsOf(published.id)).toHaveLength(1)
    })

    describe('unpublish', () => {
      test('takes a published version back to evaluated, with actor and reason', async () => {
        const version = await add('published')
        await unpublish(hub(), version.id, person('Bob'), 'wrong answers')
        expect(await stateOf(version.id)).toBe('evaluated')
        expect(await eventsOf(version.id)).toMatchObject([
          { action: 'version.unpublish', actorName: 'Bob', reason: 'wrong answers', before: { state: 'published' } },
        ])
        expect((await hubErrorOf(unpublish(hub(), version.id, person()))).code).toBe('not_published')
      })

      test('makes the next newest published version the default', async () => {
        const name = uniqueName('default')
        const first = await addVersion(hub(), { name, state: 'published' })
        const second = await addVersion(hub(), { name, state: 'published' })
        expect((await getVersion(getDb().db, name)).id).toBe(second.id)
        await unpublish(hub(), second.id, person())
        expect((await getVersion(getDb().db, name)).id).toBe(first.id)
      })
    })

    describe('archive', () => {
      test.each(LifecycleState.options)('of a version that is %s', async (state) => {
        const { id } = await add(state)
        const allowed = ['needs_attention', 'verified', 'evaluated', 'published'].includes(state)
        if (allowed) {
          await archive(hub(), id, person(), 'old')
          expect(await eventsOf(id)).toMatchObject([{ action: 'version.archive', reason: 'old' }])
        } else {
          expect((await hubErrorOf(archive(hub(), id, person()))).code).toBe('transition_refused')
        }
        expect(await stateOf(id)).toBe(allowed ? 'archived' : state)
      })
    })
  },
  { shared: true },
)
