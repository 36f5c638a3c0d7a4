import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { LifecycleState } from '../../../contract/index.ts'
import {
  addVersion,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
} from '../../../test/support/index.ts'
import { addBlobRef, listBlobRefs } from '../../platform/blobs/index.ts'
import { getModel, patchVersion } from '../catalog/index.ts'
import { listAudit } from '../governance/index.ts'
import { editModel, removeModel } from './edit-model.ts'

describeEachDatabase(
  'edit and delete a model',
  (getDb) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db
    const add = (state: LifecycleState = 'draft', name = uniqueName('edit')) => addVersion(hub(), { name, state })
    const auditOf = async (id: string) => (await listAudit(db(), { object: id, limit: 9 })).items

    test('changes what is named and nothing else, and records both sides', async () => {
      const { model_id } = await add()
      await editModel(hub() as never, person(), model_id, { description: 'first', tags: ['a'] })
      await editModel(hub() as never, person(), model_id, { tags: ['b', 'c'] })
      expect(await getModel(db(), model_id)).toMatchObject({ description: 'first', tags: ['b', 'c'] })
      expect((await auditOf(model_id))[0]).toMatchObject({
        action: 'model.update',
        before: { tags: ['a'] },
        after: { tags: ['b', 'c'] },
      })
    })

    test('an owner is somebody here, and may be taken away', async () => {
      await sql`insert into auth_user (id, name, email, "emailVerified", "createdAt", "updatedAt")
        values ('usr_owner', 'Owner', 'owner@example.org', true, now(), now())`.execute(db())
      const { model_id } = await add()
      expect(await hubErrorOf(editModel(hub() as never, person(), model_id, { ownerId: 'usr_none' }))).toMatchObject({
        kind: 'invalid',
        code: 'unknown_owner',
      })
      await editModel(hub() as never, person(), model_id, { ownerId: 'usr_owner' })
      expect((await getModel(db(), model_id)).owner_name).toBe('Owner')
      await editModel(hub() as never, person(), model_id, { ownerId: null })
      expect((await getModel(db(), model_id)).owner_id).toBeNull()
      expect(await auditOf(model_id)).toHaveLength(2)
    })

    describe('delete', () => {
      const remove = (id: string) => removeModel(hub() as never, person(), id)

      test.each(LifecycleState.options)('with a version that is %s', async (state) => {
        const { model_id, model_name } = await add(state)
        if (['draft', 'needs_attention', 'archived'].includes(state)) {
          await remove(model_id)
          expect((await hubErrorOf(getModel(db(), model_id))).code).toBe('model_not_found')
          expect(await auditOf(model_id)).toMatchObject([{ action: 'model.delete', objectName: model_name }])
        } else {
          const error = await hubErrorOf(remove(model_id))
          expect(error).toMatchObject({ kind: 'conflict', code: 'model_in_use' })
          expect(error.message).toContain(`@1 is ${state}`)
          expect((await getModel(db(), model_id)).version_count).toBe(1)
        }
      })

      test('one version in use is enough to refuse', async () => {
        const name = uniqueName('several')
        await add('archived', name)
        await add('published', name)
        await add('draft', name)
        const error = await hubErrorOf(remove(name))
        expect(error.details).toMatchObject({ versions: [{ number: 2, state: 'published' }] })
      })

      test('is refused while a job works on it', async () => {
        const { id, model_id } = await add('needs_attention')
        await getDb().transaction((trx) => patchVersion(trx, id, { active_job_id: 'job_1' }, hub().clock.date()))
        expect((await hubErrorOf(remove(model_id))).code).toBe('job_running')
      })

      test('lets go of the stored bytes and frees the name', async () => {
        const { id, model_id, model_name } = await add('archived')
        await getDb().transaction((trx) => addBlobRef(trx, 'a'.repeat(64), `version:${id}`))
        await remove(model_id)
        expect(await listBlobRefs(db(), `version:${id}`)).toEqual([])
        expect((await add('draft', model_name)).number).toBe(1)
      })

      test('of nothing is not found', async () => {
        expect((await hubErrorOf(remove('nobody'))).code).toBe('model_not_found')
      })
    })
  },
  { shared: true },
)
