import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rulesetVersion, scannerVersion } from '../../../../scanner/index.ts'
import { setUpFileHub, useFolder } from '../../../../test/faults/support/file-hub.ts'
import { describeEachDatabase, hubErrorOf, person, setUpJobs, uniqueName } from '../../../../test/support/index.ts'
import { createJobs, type Jobs } from '../../../jobs/index.ts'
import { type FakeClamd, startFakeClamd } from '../../../platform/testing/fake-clamd.ts'
import { getVersion } from '../../catalog/index.ts'
import { listAudit } from '../../governance/index.ts'
import type { LifecycleJobDeps } from '../deps.ts'
import { jobDefinitions } from '../jobs/index.ts'
import { publish } from '../publish.ts'
import { exportScan, listScans, readScan } from '../show/read-scans.ts'
import { rescan } from '../start-runs.ts'
import { rejudgeVersions } from './rejudge-versions.ts'

describeEachDatabase(
  'a virus scanner beside ours',
  (getDb) => {
    let clamd: FakeClamd
    let asked: LifecycleJobDeps['antivirus']
    const folder = useFolder('antivirus')
    const hub = setUpFileHub(getDb, { antivirus: () => asked })
    const queue = setUpJobs(getDb)
    const db = () => getDb().db
    beforeEach(async () => {
      clamd = await startFakeClamd()
      asked = { address: clamd.address, patience: { silenceMs: 2_000, totalMs: 5_000 }, versionMs: 2_000 }
    })
    afterEach(() => clamd.close())

    const model = (files: Record<string, string>) => {
      const path = join(folder.path, uniqueName('model'))
      mkdirSync(path)
      for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
      return path
    }
    const add = async (files: Record<string, string>) => await hub.register(model(files))
    const read = (id: string) => readScan(hub.deps(), db(), id)
    const clamav = async (id: string) => (await read(id)).imported.find(({ scanner }) => scanner === 'clamav')
    const words = (text: string) => `${text} ${uniqueName('words')}\n`

    test('what it does not find is noted with its signatures, and changes nothing', async () => {
      const id = await add({ 'README.md': words('one'), 'notes.txt': words('two'), 'more.txt': words('three') })
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', verdict: 'pass' })
      expect(clamd.scanned).toHaveLength(3)
      expect(clamd.widest()).toBeLessThanOrEqual(2)
      const evidence = await clamav(id)
      expect(evidence).toMatchObject({
        status: 'no_hits',
        origin: 'imported',
        summary: 'ClamAV 1.4.2, signatures 27500 of 2026-11-19: 3 files without a hit.',
        files: [],
        filesTotal: 3,
      })
      expect(evidence?.source).toBe(`clamd at 127.0.0.1:${clamd.address.port}`)
    })

    test('it makes no pass of what our scanner does not understand', async () => {
      const id = await add({ 'weights.bin': `${words('\u0001\u0002\u0003')}${'\u0000\u00ff'.repeat(500)}` })
      expect(await hub.onboard(id)).toMatchObject({ state: 'needs_attention', verdict: 'incomplete' })
      expect((await clamav(id))?.status).toBe('no_hits')
    })

    test('a hit is a critical finding of its own rule: it blocks, other rules do not undo it, and publishing is refused', async () => {
      const id = await add({ 'README.md': words('fine'), 'notes.txt': words('a virus') })
      expect(await hub.onboard(id)).toMatchObject({ state: 'needs_attention', verdict: 'block' })
      const scan = await read(id)
      expect(scan.findings).toMatchObject([
        {
          ruleId: 'CLAMAV-FOUND-001',
          title: 'ClamAV found something',
          severity: 'critical',
          path: 'notes.txt',
          message: 'ClamAV found something: Test.Signature.',
          evidence: 'Test.Signature (ClamAV 1.4.2, signatures 27500)',
        },
      ])
      expect(scan.findings[0]?.explanation).toMatch(/proves nothing/)
      expect(scan.imported).toMatchObject([
        { status: 'infected', files: [{ path: 'notes.txt', status: 'infected', message: 'Test.Signature' }] },
      ])
      const sarif = JSON.stringify(await exportScan(db(), id, 'sarif'))
      expect(sarif).toContain('CLAMAV-FOUND-001')
      // Judged again without reading a byte, by a hub that asks nobody any more: it stays found.
      asked = undefined
      await rejudge()
      expect((await read(id)).findings).toHaveLength(1)
      expect(await getVersion(db(), id)).toMatchObject({ state: 'needs_attention', verdict: 'block' })
      const refused = await hubErrorOf(publish(hub.deps(), id, { actor: person(), serve: () => Promise.resolve(null) }))
      expect(refused.kind).toBe('conflict')
    })

    test('not reachable is incomplete and said so; when it answers again a rescan, named so, verifies', async () => {
      const { port } = clamd.address
      await clamd.close()
      const id = await add({ 'README.md': words('fine') })
      expect(await hub.onboard(id)).toMatchObject({
        state: 'needs_attention',
        verdict: 'incomplete',
        state_reason: { code: 'scan_incomplete' },
      })
      const scan = await read(id)
      expect(scan.skipped).toMatchObject([{ reason: 'antivirus', files: 1, paths: ['README.md'] }])
      expect(scan.skipped[0]?.sentence).toMatch(/^ClamAV was not reachable/)
      expect(scan.filesExamined).toBe(0)
      expect(scan.imported).toMatchObject([
        {
          scanner: 'clamav',
          status: 'not_reachable',
          summary: 'ClamAV was not reachable: 1 file without an answer.',
          files: [{ path: 'README.md', status: 'failed', message: 'ClamAV was not reachable.' }],
        },
      ])
      // Other rules do not make a pass of what nobody answered.
      await rejudge()
      expect((await getVersion(db(), id)).verdict).toBe('incomplete')
      clamd = await startFakeClamd()
      expect(clamd.address.port).not.toBe(port)
      asked = { address: clamd.address }
      const ended = await runRescan(id)
      expect(ended).toMatchObject({ kind: 'rescan', title: expect.stringMatching(/^Scan again/) as string })
      expect(await getVersion(db(), id)).toMatchObject({ state: 'verified', verdict: 'pass', active_job_id: null })
      expect((await listScans(db(), id, { limit: 5 })).items.map(({ trigger }) => trigger)).toEqual([
        'rescan',
        'ingest',
      ])
      const [event] = (await listAudit(db(), { object: id, limit: 1 })).items
      expect(event).toMatchObject({
        action: 'version.rescan',
        before: { state: 'needs_attention' },
        after: { state: 'verified' },
      })
      expect((await clamav(id))?.status).toBe('no_hits')
    })

    test('breaking off on one file leaves that one incomplete; after some in a row the rest is not waited for', async () => {
      clamd.answer = (bytes, socket) => (bytes.includes('cut') ? void socket.destroy() : 'stream: OK')
      const one = await add({ 'README.md': words('fine'), 'notes.txt': words('cut') })
      expect(await hub.onboard(one)).toMatchObject({ verdict: 'incomplete' })
      expect(await clamav(one)).toMatchObject({
        status: 'incomplete',
        files: [{ path: 'notes.txt', status: 'failed', message: expect.stringMatching(/broke off/) as string }],
      })
      clamd.scanned.length = 0
      const many = await add(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.txt`, words('cut')])))
      expect(await hub.onboard(many)).toMatchObject({ verdict: 'incomplete' })
      expect((await read(many)).skipped).toMatchObject([{ reason: 'antivirus', files: 40 }])
      expect(clamd.scanned.length).toBeLessThan(10)
    })

    test('what is beyond its limit is skipped and said so, and is neither clean nor incomplete', async () => {
      clamd.limit = 100
      const id = await add({ 'README.md': words('fine'), 'notes.txt': words('long '.repeat(100)) })
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', verdict: 'pass' })
      expect(await clamav(id)).toMatchObject({
        summary: expect.stringMatching(/1 file without a hit, 1 file skipped/) as string,
        files: [{ path: 'notes.txt', status: 'skipped', message: expect.stringMatching(/StreamMaxLength/) as string }],
      })
    })

    test('the same bytes are asked about again only by other signatures; a file that changes meanwhile ends the job', async () => {
      const text = words('same')
      await hub.onboard(await add({ 'README.md': text }))
      const again = await add({ 'OTHER.md': text })
      expect(await hub.onboard(again)).toMatchObject({ verdict: 'pass' })
      expect(clamd.scanned).toHaveLength(1)
      expect((await clamav(again))?.filesTotal).toBe(1)
      clamd.version = 'ClamAV 1.4.2/27501/Fri Nov 20 09:34:40 2026'
      clamd.answer = () => 'stream: New.Signature FOUND'
      await runRescan(again)
      expect(clamd.scanned).toHaveLength(2)
      expect(await getVersion(db(), again)).toMatchObject({ state: 'needs_attention', verdict: 'block' })
      // What was found stays found while nobody answers.
      await clamd.close()
      await runRescan(again)
      expect(await getVersion(db(), again)).toMatchObject({ state: 'needs_attention', verdict: 'block' })
      clamd = await startFakeClamd()
      asked = { address: clamd.address }
      const path = model({ 'README.md': words('before') })
      const changing = await hub.register(path)
      clamd.answer = () => {
        writeFileSync(join(path, 'README.md'), words('after'))
        return 'stream: OK'
      }
      expect(await hubErrorOf(hub.onboard(changing))).toMatchObject({ code: 'file_changed' })
    })

    const rejudge = async () => {
      const jobId = hub.deps().newId('job')
      await sql`
        insert into job (id, kind, title, input, project_id, actor, run_after, created_at)
        select ${jobId}, 'rejudge', 'Judge', ${JSON.stringify({ ruleset: rulesetVersion, scanner: scannerVersion })}::jsonb,
          id, '{}'::jsonb, now(), now() from project limit 1
      `.execute(db())
      await rejudgeVersions(hub.deps(), {
        jobId,
        actor: person(),
        tx: (body) => getDb().transaction(body),
        mode: 'enforce',
        onProgress: () => undefined,
        log: () => undefined,
        signal: new AbortController().signal,
      })
      await sql`delete from job where id = ${jobId}`.execute(db())
    }
    /** By the queue, as a person asks for it. */
    const runRescan = async (id: string) => {
      const jobs: Jobs = createJobs({ ...hub.deps(), definitions: jobDefinitions.all, deps: hub.deps(), owner: 'test' })
      try {
        const job = await rescan({ ...hub.deps(), jobs }, person(), id)
        await jobs.start()
        return await queue.ended(jobs, job.id, 'succeeded', 60_000)
      } finally {
        await jobs.stop()
      }
    }
  },
  { shared: true },
)
