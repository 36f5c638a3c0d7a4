import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rulesetVersion, scannerVersion, scanPaths } from '../../../../scanner/index.ts'
import { setUpFileHub, useFolder } from '../../../../test/faults/support/file-hub.ts'
import {
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpJobs,
  uniqueName,
  waitUntil,
} from '../../../../test/support/index.ts'
import { createJobs, type Jobs } from '../../../jobs/index.ts'
import { getVersion } from '../../catalog/index.ts'
import { listAudit } from '../../governance/index.ts'
import { jobDefinitions } from '../jobs/index.ts'
import { exportScan, listScans, readRuleset, readScan } from '../show/read-scans.ts'
import { rejudgeWhenRulesChanged, startRejudge } from './start-rejudge.ts'

describeEachDatabase(
  'judging all versions again, by the queue',
  (getDb) => {
    const folder = useFolder('rejudge-run')
    const hub = setUpFileHub(getDb)
    const queue = setUpJobs(getDb)
    const db = () => getDb().db
    const queues: Jobs[] = []
    beforeEach(async () => {
      await sql`delete from model`.execute(db())
      await sql`delete from ruleset_state`.execute(db())
      await sql`delete from job`.execute(db())
    })
    afterEach(async () => {
      for (const jobs of queues.splice(0)) await jobs.stop()
    })
    const open = () => {
      const jobs = createJobs({ ...hub.deps(), definitions: jobDefinitions.all, deps: hub.deps(), owner: 'test' })
      queues.push(jobs)
      return { ...hub.deps(), jobs }
    }
    const model = (files: Record<string, string>) => {
      const path = join(folder.path, uniqueName('model'))
      mkdirSync(path)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
      return path
    }
    const words = () => ({ 'notes.txt': `${uniqueName('words')}\n` })
    const add = async (path: string) => {
      const id = await hub.register(path)
      await hub.onboard(id)
      return id
    }
    /** As it was left by a hub of other rules, and by another scanner where that is said. */
    const age = async (id: string, scanner: string = scannerVersion) => {
      await sql`update scan set ruleset = 'older', scanner = ${scanner} where version_id = ${id}`.execute(db())
      await sql`
        update file_facts set scanner = ${scanner}
        where sha256 in (select sha256 from version_file where version_id = ${id})
      `.execute(db())
    }
    const byOthers = (ruleset = 'older') =>
      sql`insert into ruleset_state (one, ruleset, scanner, at) values (true, ${ruleset}, ${scannerVersion}, now())
        on conflict (one) do update set ruleset = excluded.ruleset`.execute(db())
    const present = { ruleset: rulesetVersion, scanner: scannerVersion }
    const triggers = async (id: string) => (await listScans(db(), id, { limit: 9 })).items.map(({ trigger }) => trigger)

    test('a hub that starts with other rules does it by itself, once; with the same rules it does nothing', async () => {
      const deps = open()
      // Nothing to judge: the rules are noted and that is all.
      expect(await rejudgeWhenRulesChanged(deps)).toBeNull()
      expect((await readRuleset(db())).judged).toMatchObject(present)
      const id = await add(model(words()))
      expect(await rejudgeWhenRulesChanged(deps)).toBeNull()
      await age(id)
      await byOthers()
      const job = await rejudgeWhenRulesChanged(deps)
      expect(job).toMatchObject({ kind: 'rejudge', state: 'queued' })
      // Another process of the same release starts beside it.
      expect(await rejudgeWhenRulesChanged(deps)).toBeNull()
      expect(await hubErrorOf(startRejudge(deps, person()))).toMatchObject({
        code: 'job_running',
        details: { jobId: job?.id },
      })
      expect((await readRuleset(db())).judged?.ruleset).toBe('older')
      await deps.jobs.start()
      const ended = await queue.ended(deps.jobs, job?.id ?? '', 'succeeded', 60_000)
      expect(ended.steps.map(({ name, state }) => [name, state])).toEqual([
        ['judge', 'done'],
        ['rescan', 'done'],
      ])
      expect(await readRuleset(db())).toMatchObject({ ...present, judged: present, stale: 0 })
      expect((await readScan(hub.deps(), db(), id)).confirmed).toMatchObject({ ruleset: rulesetVersion })
      expect(await triggers(id)).toEqual(['ingest'])
      const [event] = (await listAudit(db(), { object: job?.id ?? '', limit: 1 })).items
      expect(event).toMatchObject({
        action: 'catalog.rejudge',
        evidence: { ...present, versions: 1, confirmed: 1, changed: 0, moved: 0, stale: 0 },
      })
      expect(await rejudgeWhenRulesChanged(deps)).toBeNull()
      // By a person it runs whenever nothing of it runs.
      const again = await startRejudge(deps, person())
      await queue.ended(deps.jobs, again.id, 'succeeded', 60_000)
    })

    test('a job that an older release left does not keep the present rules from being applied', async () => {
      const deps = open()
      await age(await add(model(words())))
      await byOthers()
      const first = await rejudgeWhenRulesChanged(deps)
      await sql`update job set input = '{"ruleset":"older","scanner":"0.0.1"}'::jsonb where id = ${first?.id}`.execute(
        db(),
      )
      const second = await rejudgeWhenRulesChanged(deps)
      expect(second?.id).not.toBe(first?.id)
      await deps.jobs.start()
      for (const job of [first, second]) await queue.ended(deps.jobs, job?.id ?? '', 'succeeded', 60_000)
      expect((await readRuleset(db())).judged).toMatchObject(present)
    })

    test('what another scanner saw is read again, file by file; what cannot be read keeps its mark and holds nobody up', async () => {
      const gonePath = model(words())
      const gone = await add(gonePath)
      const seen = await add(model({ ...words(), 'config.json': '{}' }))
      const busy = await add(model(words()))
      const fresh = await add(model(words()))
      for (const id of [gone, seen, busy]) await age(id, '0.0.1')
      rmSync(join(gonePath, 'notes.txt'))
      // Somebody works on it: it is left to them.
      const other = open()
      await other.database.transaction(async (trx) => {
        const job = await other.jobs.enqueue(trx, {
          kind: 'reverify',
          input: { versionId: busy },
          projectId: (await getVersion(trx, busy)).project_id,
          actor: person(),
        })
        await sql`update model_version set active_job_id = ${job.id} where id = ${busy}`.execute(trx)
        await sql`update job set run_after = now() + interval '1 day' where id = ${job.id}`.execute(trx)
      })
      await byOthers()
      const job = await rejudgeWhenRulesChanged(other)
      await other.jobs.start()
      await queue.ended(other.jobs, job?.id ?? '', 'succeeded', 60_000)
      const { rows } = await sql<{ output: unknown }>`
        select output from step where job_id = ${job?.id} and name = 'rescan'
      `.execute(db())
      expect(rows[0]?.output).toEqual({ rescanned: 1, failed: 1 })
      expect(await triggers(seen)).toEqual(['rescan', 'ingest'])
      expect(await readScan(hub.deps(), db(), seen)).toMatchObject({ scanner: scannerVersion, stale: null })
      for (const id of [gone, busy]) {
        expect((await readScan(hub.deps(), db(), id)).stale).toMatch(/another version of the scanner/)
        expect(await triggers(id)).toEqual(['ingest'])
      }
      expect(await triggers(fresh)).toEqual(['ingest'])
      expect((await readRuleset(db())).stale).toBe(2)
      const versions = await Promise.all([gone, seen, fresh].map((id) => getVersion(db(), id)))
      expect(versions.map(({ state, active_job_id }) => [state, active_job_id])).toEqual([
        ['verified', null],
        ['verified', null],
        ['verified', null],
      ])
    })

    test('a hub that ends in the middle of reading again goes on where it was', async () => {
      const ids: string[] = []
      for (let i = 0; i < 6; i += 1) ids.push(await add(model(words())))
      for (const id of ids) await age(id, '0.0.1')
      await byOthers()
      const deps = open()
      const job = await rejudgeWhenRulesChanged(deps)
      await deps.jobs.start()
      await waitUntil(async () => ((await readRuleset(db())).stale < 6 ? true : undefined), 60_000)
      await deps.jobs.stop()
      const next = open()
      await next.jobs.start()
      await queue.ended(next.jobs, job?.id ?? '', 'succeeded', 60_000)
      expect((await readRuleset(db())).stale).toBe(0)
      for (const id of ids) {
        expect((await getVersion(db(), id)).active_job_id).toBeNull()
        expect((await readScan(hub.deps(), db(), id)).scanner).toBe(scannerVersion)
      }
    })

    test('the newest scan of a version, as JSON, is what the scan of its folder says', async () => {
      const path = model({
        'config.json': '{"auto_map":{"AutoModel":"modeling_x.X"}}',
        'chat_template.jinja': "{{ ''.__class__ }}",
        'modeling_x.py': 'import os\n',
        'unread.parquet': 'PAR1xxxxPAR1',
      })
      const id = await hub.register(path)
      expect(await hub.onboard(id)).toMatchObject({ verdict: 'block' })
      const sorted = (value: unknown) => {
        const { files, ...rest } = value as { files: { path: string; findings: unknown[] }[] }
        return {
          ...rest,
          files: files
            .map((file) => ({ ...file, findings: file.findings.map((one) => JSON.stringify(one)).sort() }))
            .sort((a, b) => (a.path < b.path ? -1 : 1)),
        }
      }
      expect(sorted(await exportScan(db(), id, 'json'))).toEqual(sorted(await scanPaths([path])))
      const { runs } = (await exportScan(db(), id, 'sarif')) as { runs: { results: unknown[] }[] }
      expect(runs[0]?.results.length).toBeGreaterThan(0)
      expect(await hubErrorOf(exportScan(db(), await hub.register(path), 'json'))).toMatchObject({
        code: 'not_scanned',
      })
    })
  },
  { shared: true },
)
