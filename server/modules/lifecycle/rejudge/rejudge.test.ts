import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { type FileFacts, inspect, readerOf, rulesetVersion, scannerVersion } from '../../../../scanner/index.ts'
import { addVersion, describeEachDatabase, person, setUpHub, uniqueName } from '../../../../test/support/index.ts'
import { getModel, getVersion } from '../../catalog/index.ts'
import { listAudit, verifyAudit } from '../../governance/index.ts'
import { staleReason } from '../../verification/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { listNotices } from '../notices/list-notices.ts'
import { publish } from '../publish.ts'
import { diffScans, listScans, readScan } from '../show/read-scans.ts'
import { type RejudgeRun, rejudgeVersions } from './rejudge-versions.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Real facts of a harmless text, and the same with something in it that no rule knows: high. */
const cleanFacts = inspect(readerOf(Buffer.from('some words\n')), { path: 'notes.txt' })
const riskyFacts: FileFacts = {
  ...cleanFacts,
  observations: [{ code: 'test.made-up', offset: 3, detail: 'seen at 3' }],
}

describeEachDatabase(
  'judging all versions again',
  (getDb, lane) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db
    // Whoever opens a file, or asks the scanner, fails.
    const closed = new Proxy(
      {},
      { get: (_target, name) => () => Promise.reject(new Error(`${String(name)} was called`)) },
    )
    const deps = (): LifecycleDeps => ({ ...hub(), blobs: closed, scanner: closed }) as unknown as LifecycleDeps
    beforeEach(async () => {
      await sql`delete from model`.execute(db())
      await sql`delete from file_facts`.execute(db())
      await sql`delete from rejudge_cursor`.execute(db())
    })
    const newJob = async () => {
      const id = hub().newId('job')
      await sql`
        insert into job (id, kind, title, input, project_id, actor, run_after, created_at)
        values (${id}, 'rejudge', 'Judge', '{}'::jsonb, ${hub().project.id}, '{}'::jsonb, now(), now())
      `.execute(db())
      return id
    }
    const run = async (extra: Partial<RejudgeRun> = {}) =>
      rejudgeVersions(deps(), {
        jobId: await newJob(),
        actor: person(),
        tx: (body) => getDb().transaction(body),
        mode: 'enforce',
        onProgress: () => undefined,
        log: () => undefined,
        signal: new AbortController().signal,
        ...extra,
      })
    const keep = async (text: string, facts: FileFacts, scanner: string = scannerVersion) => {
      await sql`
        insert into file_facts (sha256, scanner, facts, isolation, complete, at)
        values (${sha256(text)}, ${scanner}, ${JSON.stringify(facts)}::jsonb, '{}', true, now())
      `.execute(db())
    }
    /** A verified version of one text that an older ruleset passed. */
    const add = async (facts: FileFacts | null, scanner?: string) => {
      const name = uniqueName(`judged-${lane.kind}`)
      const { id } = await addVersion(hub(), { name, files: { 'notes.txt': name }, scan: { verdict: 'pass' } })
      await sql`update scan set scanner = ${scannerVersion} where version_id = ${id}`.execute(db())
      if (facts !== null) await keep(name, facts, scanner)
      hub().clock.advance(60_000)
      return id
    }
    const published = async (id: string) => {
      await publish(deps(), id, { actor: person(), serve: () => Promise.resolve(null) })
      return id
    }
    const scansOf = async (id: string) => (await listScans(db(), id, { limit: 10 })).items

    test('what stays the same is marked as confirmed, once, and gets no new scan', async () => {
      const id = await add(cleanFacts)
      expect(await run()).toMatchObject({ versions: 1, confirmed: 1, changed: 0, moved: 0, stale: 0 })
      await run()
      const scans = await scansOf(id)
      expect(scans).toHaveLength(1)
      expect(scans[0]).toMatchObject({ ruleset: 'test', verdict: 'pass', confirmed: { ruleset: rulesetVersion } })
      expect((await getVersion(db(), id)).state).toBe('verified')
    })

    test('a published version whose findings rise leaves service with the reason, and its owner hears of it', async () => {
      const risky = await published(await add(riskyFacts))
      const calm = await published(await add(cleanFacts))
      expect(await run()).toMatchObject({ versions: 2, confirmed: 1, changed: 1, moved: 1 })
      expect((await getVersion(db(), calm)).state).toBe('published')
      const version = await getVersion(db(), risky)
      expect(version).toMatchObject({
        state: 'needs_attention',
        verdict: 'review',
        state_reason: { code: 'findings_open' },
      })
      expect(version.state_reason?.message).toMatch(
        /1 high finding stands open\. SCAN-STALE-001 in notes\.txt at offset 3/,
      )
      expect(await getModel(db(), version.model_id)).toMatchObject({ state: 'needs_attention', verdict: 'review' })
      const [now, before] = await scansOf(risky)
      expect(now).toMatchObject({ trigger: 'ruleset', ruleset: rulesetVersion, counts: { high: 1 }, verdict: 'review' })
      expect(before).toMatchObject({ trigger: 'ingest', verdict: 'pass' })
      const diff = await diffScans(db(), risky, now?.id ?? '')
      expect(diff).toMatchObject({
        from: { id: before?.id },
        rulesetChanged: true,
        scannerChanged: false,
        verdictChanged: true,
        added: [{ ruleId: 'SCAN-STALE-001', severity: 'high', path: 'notes.txt', offset: 3 }],
        gone: [],
        unchanged: 0,
      })
      expect((await readScan(hub(), db(), risky)).findings).toHaveLength(1)
      expect((await readScan(hub(), db(), risky, before?.id)).findings).toEqual([])
      expect((await listNotices(db(), { limit: 10, version: risky })).items).toMatchObject([
        { kind: 'needs_attention', versionId: risky, deliveredAt: null, details: { because: 'ruleset' } },
      ])
      const [event] = (await listAudit(db(), { object: risky, limit: 1 })).items
      expect(event).toMatchObject({
        action: 'version.needs_attention',
        before: { state: 'published' },
        after: { state: 'needs_attention' },
        evidence: { because: 'ruleset', before: 'pass', verdict: 'review' },
      })
      // Again nothing happens: what was said was said.
      expect(await run()).toMatchObject({ confirmed: 2, changed: 0, moved: 0 })
      expect((await verifyAudit({ ...hub(), db: db(), anchor: () => Promise.resolve(null) } as never)).ok).toBe(true)
    })

    test('where the gate only warns it is recorded and stays in service', async () => {
      const id = await published(await add(riskyFacts))
      expect(await run({ mode: 'warn' })).toMatchObject({ changed: 1, moved: 0, warned: 1 })
      expect((await getVersion(db(), id)).state).toBe('published')
      expect((await listNotices(db(), { limit: 10, version: id })).items).toMatchObject([{ kind: 'findings_rose' }])
      expect((await listAudit(db(), { object: id, limit: 1 })).items).toMatchObject([
        { action: 'version.findings_rose', after: { state: 'published' } },
      ])
      expect(await run({ mode: 'warn' })).toMatchObject({ warned: 0 })
    })

    test('an approval that is in force keeps a version where it is; one that lapsed does not', async () => {
      const id = await add(riskyFacts)
      const { digest } = await getVersion(db(), id)
      const until = new Date(hub().clock.now() + 3_600_000)
      await sql`
        insert into approval (id, version_id, project_id, subject, state, reason, digest, findings, requested_by,
          requested_by_id, expires_at, created_at)
        values (${hub().newId('approval')}, ${id}, ${hub().project.id}, 'findings', 'approved', 'seen', ${digest},
          array['SCAN-STALE-001 notes.txt'], 'Ada', 'usr_ada', ${until}, now())
      `.execute(db())
      expect(await run()).toMatchObject({ changed: 1, moved: 0 })
      expect((await getVersion(db(), id)).state).toBe('verified')
      hub().clock.advance(3_600_001)
      expect(await run()).toMatchObject({ confirmed: 1, moved: 1 })
      expect((await getVersion(db(), id)).state).toBe('needs_attention')
    })

    test('facts of another scanner, or none, are not judged: the version waits for its bytes and is not published', async () => {
      const other = await add(cleanFacts, '0.0.1')
      const gone = await add(null)
      const inUse = await published(await add(null))
      expect(await run()).toMatchObject({ versions: 3, confirmed: 0, changed: 0, moved: 0, stale: 3 })
      expect(await staleReason(db(), other)).toBe('facts')
      expect((await readScan(hub(), db(), gone)).stale).toMatch(/inspected again/)
      expect((await getVersion(db(), inUse)).state).toBe('published')
      await expect(
        publish(deps(), gone, { actor: person(), serve: () => Promise.resolve(null) }),
      ).rejects.toMatchObject({
        code: 'publish_refused',
      })
    })

    test('a version that needs attention and would not any more is told to its owner, and stays', async () => {
      const id = await add(cleanFacts)
      await sql`update model_version set state = 'needs_attention', verdict = 'block' where id = ${id}`.execute(db())
      await sql`update scan set verdict = 'block' where version_id = ${id}`.execute(db())
      expect(await run()).toMatchObject({ changed: 1, moved: 0 })
      expect(await getVersion(db(), id)).toMatchObject({ state: 'needs_attention', verdict: 'pass' })
      expect((await listNotices(db(), { limit: 10, version: id })).items).toMatchObject([{ kind: 'findings_cleared' }])
    })

    test('it goes on where a kill left it, and nothing is said twice', async () => {
      const ids: string[] = []
      for (let i = 0; i < 130; i += 1) ids.push(await add(riskyFacts))
      const jobId = await newJob()
      let batches = 0
      const killed = run({
        jobId,
        tx: async (body) => {
          if (batches === 1) throw new Error('killed')
          batches += 1
          return await getDb().transaction(body)
        },
      })
      await expect(killed).rejects.toThrow('killed')
      expect(await run({ jobId })).toMatchObject({ versions: 130, changed: 130, moved: 130 })
      for (const id of ids) expect(await scansOf(id)).toHaveLength(2)
      const { rows } = await sql<{ n: string }>`select count(*) as n from owner_event`.execute(db())
      expect(Number(rows[0]?.n)).toBe(130)
    })

    /** Versions of two files each, `risky` of them with a finding by the present rules; all written by SQL. */
    const addMany = async (count: number, risky: number) => {
      const source = JSON.stringify({ type: 'disk', path: '/models', mode: 'in_place' })
      const project = hub().project.id
      await getDb().transaction(async (trx) => {
        await sql`
          insert into model (id, project_id, name, name_key, default_version_id, state, verdict, version_count, created_at, updated_at)
          select 'mdl_' || lpad(i::text, 22, '0'), ${project}, 'many-' || i, 'many-' || i, 'ver_' || lpad(i::text, 22, '0'),
            'published', 'pass', 1, now(), now() from generate_series(1, ${count}::int) i
        `.execute(trx)
        await sql`
          insert into model_version (id, model_id, project_id, number, state, state_since, source, source_type, source_address,
            digest, verdict, file_count, total_bytes, created_by, created_by_name, created_at, updated_at)
          select 'ver_' || lpad(i::text, 22, '0'), 'mdl_' || lpad(i::text, 22, '0'), ${project}, 1, 'published', now(),
            ${source}::jsonb, 'disk', '/models', md5(i::text), 'pass', 2, 22, 'usr_ada', 'Ada', now(), now()
          from generate_series(1, ${count}::int) i
        `.execute(trx)
        await sql`
          insert into version_file (version_id, path, ordinal, size, sha256, stored, format, format_title, verdict)
          select 'ver_' || lpad(i::text, 22, '0'), case f when 0 then 'notes.txt' else 'more/notes.txt' end, f, 11,
            md5(i::text || f) || md5(f::text || i), 'blob', 'text', 'Text', 'pass'
          from generate_series(1, ${count}::int) i, generate_series(0, 1) f
        `.execute(trx)
        await sql`
          insert into file_facts (sha256, scanner, facts, isolation, complete, at)
          select md5(i::text || f) || md5(f::text || i), ${scannerVersion},
            case when i <= ${risky} and f = 0 then ${JSON.stringify(riskyFacts)}::jsonb else ${JSON.stringify(cleanFacts)}::jsonb end,
            '{}', true, now()
          from generate_series(1, ${count}::int) i, generate_series(0, 1) f
        `.execute(trx)
        await sql`
          insert into scan (id, version_id, project_id, ruleset, scanner, verdict, counts, files_examined, files_total,
            bytes_examined, bytes_total, isolation, at)
          select 'scn_' || lpad(i::text, 22, '0'), 'ver_' || lpad(i::text, 22, '0'), ${project}, 'older', ${scannerVersion}, 'pass',
            '{"info":0,"low":0,"medium":0,"high":0,"critical":0}'::jsonb, 2, 2, 22, 22, '{}', now()
          from generate_series(1, ${count}::int) i
        `.execute(trx)
      })
      for (const table of ['model', 'model_version', 'version_file', 'file_facts', 'scan']) {
        await sql`analyze ${sql.table(table)}`.execute(db())
      }
    }

    test.each([
      { risky: 500, what: 'a twentieth of them rising' },
      { risky: 10_000, what: 'all of them rising' },
    ])(
      '10,000 versions within a minute, $what, while others get their answers',
      { timeout: 300_000 },
      async ({ risky }) => {
        await addMany(10_000, risky)
        let answered = 0
        let slowest = 0
        const stop = new AbortController()
        const asking = (async () => {
          while (!stop.signal.aborted) {
            const began = performance.now()
            await sql`select 1`.execute(db())
            slowest = Math.max(slowest, performance.now() - began)
            answered += 1
            await sleep(20)
          }
        })()
        const began = performance.now()
        const counts = await run()
        const seconds = (performance.now() - began) / 1_000
        stop.abort()
        await asking
        expect(counts).toMatchObject({
          versions: 10_000,
          changed: risky,
          moved: risky,
          confirmed: 10_000 - risky,
          stale: 0,
        })
        const { rows } = await sql<{ state: string; n: string }>`
        select state, count(*) as n from model_version group by state order by state
      `.execute(db())
        expect(rows.reduce((sum, { n }) => sum + Number(n), 0)).toBe(10_000)
        expect(Number(rows.find(({ state }) => state === 'needs_attention')?.n)).toBe(risky)
        expect(answered).toBeGreaterThan(10)
        process.stderr.write(
          `${lane.kind}: 10,000 versions judged again, ${risky} moved, in ${seconds.toFixed(1)} s; slowest answer beside it ${slowest.toFixed(0)} ms of ${answered}\n`,
        )
      },
    )
  },
  { shared: true },
)
