import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { buildKnownBigram, type EngineClient } from '../../../../engine/index.ts'
import { conflict } from '../../../../kernel/index.ts'
import { setUpFileHub, useFolder } from '../../../../test/faults/support/file-hub.ts'
import { describeEachDatabase, hubErrorOf, person } from '../../../../test/support/index.ts'
import { databaseTrouble } from '../../../platform/db/postgres-trouble.ts'
import { getVersion } from '../../catalog/index.ts'
import { probe } from './probe.ts'

describeEachDatabase(
  'the probe step',
  (getDb) => {
    const hub = setUpFileHub(getDb)
    const folder = useFolder('probe')
    const run = async (versionId: string, failure: Error) => {
      const engine: Partial<EngineClient> = { put: () => Promise.reject(failure) }
      const version = await getVersion(getDb().db, versionId)
      return await probe(
        { ...hub.deps(), engine: engine as EngineClient },
        {
          jobId: 'job_1',
          versionId,
          projectId: version.project_id,
          onboarding: { benchmark: false, evaluate: false, publish: false },
          actor: person(),
          signal: new AbortController().signal,
          progress: () => undefined,
          log: () => undefined,
          tx: (body) => getDb().transaction(body),
        },
        false,
      )
    }

    test('records what the engine says of a model, and never that the database was away', async () => {
      writeFileSync(join(folder.path, 'known.gguf'), buildKnownBigram().bytes)
      const id = await hub.register(folder.path)
      await hub.onboard(id)
      expect((await hubErrorOf(run(id, databaseTrouble('database_unreachable')))).code).toBe('database_unreachable')
      expect((await getVersion(getDb().db, id)).engine_reason).toBeNull()
      const broken = await run(id, conflict('broken_model', 'The weights cannot be read.'))
      expect(broken).toMatchObject({ engine: 'broken', code: 'broken_model' })
      expect((await getVersion(getDb().db, id)).engine_reason).toMatchObject({ code: 'broken_model' })
    })
  },
  { shared: true },
)
