import { expect, test } from 'vitest'
import { conflict } from '../../../../kernel/index.ts'
import {
  addVersion,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
} from '../../../../test/support/index.ts'
import type { Trx } from '../../../platform/db/index.ts'
import { getVersion } from '../../catalog/index.ts'
import { unpublish } from '../unpublish.ts'
import { publishStep } from './publish.ts'

describeEachDatabase(
  'the publish step',
  (getDb) => {
    const hub = setUpHub(getDb)
    const run = (versionId: string, holds: () => boolean) =>
      publishStep({ ...hub(), serve: () => Promise.resolve(null) } as never, {
        jobId: 'job_1',
        versionId,
        projectId: hub().project.id,
        onboarding: { benchmark: false, evaluate: false, publish: true },
        actor: person(),
        signal: new AbortController().signal,
        progress: () => undefined,
        log: () => undefined,
        tx: <T>(body: (trx: Trx) => Promise<T>) =>
          getDb().transaction(async (trx) => {
            const result = await body(trx)
            if (!holds()) throw conflict('lease_lost', 'Another worker has taken over this job.')
            return result
          }),
      })

    test('of a worker that has lost its job publishes nothing, also not what a person has withdrawn since', async () => {
      const { id } = await addVersion(hub(), { name: uniqueName('fenced') })
      expect((await hubErrorOf(run(id, () => false))).code).toBe('lease_lost')
      expect((await getVersion(getDb().db, id)).state).toBe('verified')
      expect(await run(id, () => true)).toEqual({ published: true })
      await unpublish(hub() as never, id, person(), 'not yet')
      expect((await hubErrorOf(run(id, () => false))).code).toBe('lease_lost')
      expect((await getVersion(getDb().db, id)).state).toBe('evaluated')
    })
  },
  { shared: true },
)
