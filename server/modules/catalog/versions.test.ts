import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { LifecycleState } from '../../../contract/index.ts'
import { addDraft, addVersion, describeEachDatabase, setUpHub, uniqueName } from '../../../test/support/index.ts'
import { getModel, getVersion, moveState, refreshModel } from './index.ts'

describeEachDatabase(
  'catalog versions',
  (getDb) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db

    describe('names', () => {
      test('are one name in any case: the second registration is the next version of the first', async () => {
        const name = uniqueName('Acme/Model')
        await addDraft(hub(), { name })
        const second = await getVersion(db(), await addDraft(hub(), { name: name.toUpperCase() }))
        expect(second).toMatchObject({ number: 2, model_name: name })
        expect((await getModel(db(), name.toLowerCase())).version_count).toBe(2)
      })

      test('of another project are taken', async () => {
        const name = uniqueName('taken')
        await addDraft(hub(), { name })
        await sql`insert into project (id, name, name_key, created_at) values ('prj_other', 'Other', 'other', now())
          on conflict do nothing`.execute(db())
        await expect(addDraft(hub(), { name, projectId: 'prj_other' })).rejects.toMatchObject({
          kind: 'conflict',
          code: 'name_taken',
        })
      })

      test('registered by many at once give one model and gapless numbers', async () => {
        // Connections that are open already, so that the registrations really meet.
        await Promise.all(Array.from({ length: 8 }, () => sql`select pg_sleep(0.05)`.execute(db())))
        const name = uniqueName('concurrent')
        const ids = await Promise.all(
          Array.from({ length: 8 }, (_, i) => addDraft(hub(), { name: i % 2 === 0 ? name : name.toUpperCase() })),
        )
        const versions = await Promise.all(ids.map((id) => getVersion(db(), id)))
        expect(versions.map((version) => version.number).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
        expect(new Set(versions.map((version) => version.model_id)).size).toBe(1)
        expect((await getModel(db(), name)).version_count).toBe(8)
      })
    })

    describe('references', () => {
      test('find a version by id, by name@number in any case, and the default one by name or model id', async () => {
        const name = uniqueName('ref/Erence')
        const first = await addVersion(hub(), { name, state: 'published' })
        const second = await addVersion(hub(), { name })
        const idOf = async (reference: string) => (await getVersion(db(), reference)).id
        expect(await idOf(second.id)).toBe(second.id)
        expect(await idOf(`${name.toUpperCase()}@2`)).toBe(second.id)
        expect(await idOf(name)).toBe(first.id)
        expect(await idOf(first.model_id)).toBe(first.id)
      })

      test.each(['nobody', 'nobody@1', 'ver_none', '@1', '', 'mdl_none'])('%j is not found', async (reference) => {
        await expect(getVersion(db(), reference)).rejects.toMatchObject({
          kind: 'not_found',
          code: 'version_not_found',
        })
      })

      test.each(['@0', '@99', '@x', '@', '@1e400', '@-1', '@1.5', '@99999999999'])(
        'name%s is not found',
        async (suffix) => {
          const name = uniqueName('suffix')
          await addDraft(hub(), { name })
          await expect(getVersion(db(), name + suffix)).rejects.toMatchObject({ code: 'version_not_found' })
        },
      )

      test('a model whose name looks like an id is found by it', async () => {
        const id = await addDraft(hub(), { name: 'ver_lookalike' })
        expect((await getVersion(db(), 'ver_lookalike')).id).toBe(id)
        expect((await getModel(db(), 'VER_lookalike')).name).toBe('ver_lookalike')
      })
    })

    describe('the default version', () => {
      test.each<[LifecycleState[], number]>([
        [['draft'], 1],
        [['verified', 'draft'], 2],
        [['published', 'evaluated', 'needs_attention'], 1],
        [['published', 'published', 'verified'], 2],
        [['verified', 'archived'], 1],
        [['archived', 'archived'], 2],
        [['archived', 'published', 'archived'], 2],
      ])('of %j is @%i', async (states, expected) => {
        const name = uniqueName('default')
        for (const [i, state] of states.entries()) {
          await addVersion(hub(), { name, state, files: { 'model.gguf': 'x'.repeat(10 + i) } })
        }
        const model = await getModel(db(), name)
        expect(await getVersion(db(), name)).toMatchObject({ number: expected, id: model.default_version_id })
        expect(model).toMatchObject({
          state: states[expected - 1],
          version_count: states.length,
          total_bytes: 9 + expected,
          license_label: 'mit',
          verdict: 'pass',
          source_type: 'disk',
        })
      })

      test('a modality a person chose stays, one that nobody chose follows the files', async () => {
        const chosen = await addVersion(hub(), {
          name: uniqueName('m'),
          register: { modality: 'image' },
          patch: { modality: 'text' },
        })
        expect((await getModel(db(), chosen.model_id)).modality).toBe('image')
        const derived = await addVersion(hub(), { name: uniqueName('m'), patch: { modality: 'text' } })
        expect((await getModel(db(), derived.model_id)).modality).toBe('text')
      })
    })

    describe('moveState', () => {
      const move = (
        id: string,
        from: LifecycleState[],
        to: LifecycleState,
        reason: { code: string; message: string } | null = null,
      ) => getDb().transaction((trx) => moveState(trx, id, from, to, reason, hub().clock.date()))

      test('moves only from the states named, and says whether it did', async () => {
        const { id } = await addVersion(hub(), { name: uniqueName('move'), state: 'verified' })
        expect(await move(id, ['draft', 'evaluated'], 'published')).toBe(false)
        expect(await move(id, [], 'published')).toBe(false)
        expect((await getVersion(db(), id)).state).toBe('verified')
        expect(await move(id, ['draft', 'verified'], 'evaluated')).toBe(true)
        expect(await move('ver_none', ['verified'], 'evaluated')).toBe(false)
      })

      test('of two at once exactly one wins', async () => {
        const { id } = await addVersion(hub(), { name: uniqueName('race'), state: 'verified' })
        const wins = await Promise.all(
          (['evaluated', 'archived', 'needs_attention'] as const).map((to) => move(id, ['verified'], to)),
        )
        expect(wins.filter(Boolean)).toHaveLength(1)
      })

      test('dates each state when it was last entered, and replaces the reason', async () => {
        const { id } = await addVersion(hub(), { name: uniqueName('dates'), state: 'verified' })
        const at = () => hub().clock.date().toISOString()
        const created = at()
        hub().clock.advance(1_000)
        const first = at()
        await move(id, ['verified'], 'needs_attention', { code: 'x', message: 'Because.' })
        expect(await getVersion(db(), id)).toMatchObject({
          state_reason: { code: 'x', message: 'Because.' },
          state_since: new Date(first),
          step_dates: { draft: created, needs_attention: first },
        })
        hub().clock.advance(1_000)
        await move(id, ['needs_attention'], 'verified')
        hub().clock.advance(1_000)
        await move(id, ['verified'], 'needs_attention')
        const version = await getVersion(db(), id)
        expect(version.state_reason).toBeNull()
        expect(version.step_dates).toMatchObject({ draft: created, needs_attention: at() })
        expect(Object.keys(version.step_dates).sort()).toEqual(['draft', 'needs_attention', 'verified'])
      })
    })

    test('refreshing a model without versions changes nothing', async () => {
      await getDb().transaction((trx) => refreshModel(trx, 'mdl_none', hub().clock.date()))
    })
  },
  { shared: true },
)
