import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { setUpFileHub, useFolder } from '../../../../test/faults/support/file-hub.ts'
import { describeEachDatabase, hubErrorOf, person, setUpJobs, uniqueName } from '../../../../test/support/index.ts'
import { createJobs } from '../../../jobs/index.ts'
import { getModel, getVersion } from '../../catalog/index.ts'
import { listAudit } from '../../governance/index.ts'
import { jobDefinitions } from '../jobs/index.ts'
import { listScans } from '../show/read-scans.ts'
import { rescan } from '../start-runs.ts'

describeEachDatabase(
  'scanning again what needs attention',
  (getDb) => {
    const folder = useFolder('rescan')
    const hub = setUpFileHub(getDb)
    const queue = setUpJobs(getDb)
    const db = () => getDb().db
    const model = (files: Record<string, string>) => {
      const path = join(folder.path, uniqueName('model'))
      mkdirSync(path)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
      return path
    }
    const held = async (id: string, reason: { code: string; message: string }) => {
      await sql`
        update model_version set state = 'needs_attention', state_reason = ${JSON.stringify(reason)}::jsonb where id = ${id}
      `.execute(db())
    }
    const run = async (id: string, state: 'succeeded' | 'failed' = 'succeeded') => {
      const jobs = createJobs({ ...hub.deps(), definitions: jobDefinitions.all, deps: hub.deps(), owner: 'test' })
      try {
        const job = await rescan({ ...hub.deps(), jobs }, person(), id)
        await jobs.start()
        return await queue.ended(jobs, job.id, state, 60_000)
      } finally {
        await jobs.stop()
      }
    }
    const triggers = async (id: string) => (await listScans(db(), id, { limit: 9 })).items.map(({ trigger }) => trigger)
    const lastEvent = async (id: string) => (await listAudit(db(), { object: id, limit: 1 })).items[0]

    test('it is a scan, and verifies what only its scan held back', async () => {
      const id = await hub.register(model({ 'notes.txt': `${uniqueName('fine')}\n` }))
      await hub.onboard(id)
      await held(id, { code: 'findings_open', message: 'By other rules.' })
      expect((await run(id)).kind).toBe('rescan')
      const version = await getVersion(db(), id)
      expect(version).toMatchObject({ state: 'verified', state_reason: null, active_job_id: null })
      expect((await getModel(db(), version.model_id)).state).toBe('verified')
      expect(await triggers(id)).toEqual(['rescan', 'ingest'])
      expect(await lastEvent(id)).toMatchObject({ action: 'version.rescan', after: { state: 'verified' } })
    })

    test('what still stands open stays where it is, with what stands open now', async () => {
      const id = await hub.register(model({ 'chat_template.jinja': "{{ ''.__class__ }}" }))
      await hub.onboard(id)
      await held(id, { code: 'scan_incomplete', message: 'Before.' })
      await run(id)
      expect(await getVersion(db(), id)).toMatchObject({
        state: 'needs_attention',
        state_reason: { code: 'findings_open', message: expect.stringMatching(/1 critical finding/) as string },
      })
      expect((await lastEvent(id))?.action).toBe('version.rescan')
    })

    test('what is held back by something else is scanned and stays', async () => {
      const id = await hub.register(model({ 'notes.txt': `${uniqueName('fine')}\n` }))
      await hub.onboard(id)
      const reason = { code: 'integrity', message: 'The files are not those of this version any more.' }
      await held(id, reason)
      await run(id)
      expect(await getVersion(db(), id)).toMatchObject({ state: 'needs_attention', state_reason: reason })
      expect(await triggers(id)).toEqual(['rescan', 'ingest'])
    })

    test('files that are not those any more end it, and the version stays as it was', async () => {
      const path = model({ 'chat_template.jinja': "{{ ''.__class__ }}" })
      const id = await hub.register(path)
      await hub.onboard(id)
      // Of bytes that this scanner knows it opens none.
      await sql`delete from file_facts`.execute(db())
      rmSync(join(path, 'chat_template.jinja'))
      writeFileSync(join(path, 'chat_template.jinja'), '{{ fine }}')
      expect((await run(id, 'failed')).error).toMatchObject({ code: 'file_changed' })
      expect(await getVersion(db(), id)).toMatchObject({
        state: 'needs_attention',
        verdict: 'block',
        active_job_id: null,
      })
      expect(await triggers(id)).toEqual(['ingest'])
    })

    test('what was never scanned has no scan to repeat', async () => {
      const id = await hub.register(model({ 'notes.txt': 'x' }))
      await held(id, { code: 'disk_error', message: 'It broke off.' })
      const jobs = { enqueue: () => Promise.reject(new Error('no job was expected')) } as never
      expect(await hubErrorOf(rescan({ ...hub.deps(), jobs }, person(), id))).toMatchObject({
        code: 'nothing_to_rescan',
        remedy: 'Retry it.',
      })
    })
  },
  { shared: true },
)
