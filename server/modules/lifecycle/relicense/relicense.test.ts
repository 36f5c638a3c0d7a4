import { sql } from 'kysely'
import spdx from 'spdx-license-list/full.js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LicenseProfile } from '../../../../contract/index.ts'
import { systemClock } from '../../../../kernel/index.ts'
import {
  addVersion,
  describeEachDatabase,
  person,
  setUpHub,
  uniqueName,
  waitUntil,
} from '../../../../test/support/index.ts'
import { createJobs, type Jobs } from '../../../jobs/index.ts'
import { getModel, getVersion } from '../../catalog/index.ts'
import { listAudit, verifyAudit } from '../../governance/index.ts'
import { decideLicense, loadMatcher, reassessStale, saveProfile, storeAssessment } from '../../license/index.ts'
import type { LifecycleDeps, LifecycleJobDeps } from '../deps.ts'
import { jobDefinitions } from '../jobs/index.ts'
import { listNotices } from '../notices/list-notices.ts'
import { publish } from '../publish.ts'
import { recordOutcomes } from './record-outcomes.ts'
import { changeLicenseProfile, relicenseWhenStale, showLicenseProfile } from './start-relicense.ts'

const research = LicenseProfile.parse({ purpose: 'research', delivery: 'internal', modifies: false })
const product = LicenseProfile.parse({ ...research, purpose: 'customer_product', delivery: 'hosted' })
const mit = (spdx as Record<string, { licenseText: string }>)['MIT']?.licenseText ?? ''

describeEachDatabase(
  'judging all licenses again',
  (getDb, lane) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db
    // Whoever opens a file, or asks the scanner, fails.
    const closed = new Proxy(
      {},
      { get: (_target, name) => () => Promise.reject(new Error(`${String(name)} was called`)) },
    )
    const deps = (): LifecycleJobDeps =>
      ({ ...hub(), blobs: closed, scanner: closed, serve: () => Promise.resolve(null) }) as unknown as LifecycleJobDeps
    const opened: Jobs[] = []
    const open = () => {
      const jobs = createJobs({
        ...hub(),
        clock: systemClock,
        definitions: jobDefinitions.all,
        deps: deps(),
        owner: 'test',
      })
      opened.push(jobs)
      return jobs
    }
    beforeEach(async () => {
      await sql`delete from model`.execute(db())
      await sql`delete from license_profile`.execute(db())
    })
    afterEach(async () => {
      for (const jobs of opened.splice(0)) await jobs.stop()
      await sql`delete from job`.execute(db())
    })

    const add = async (tag: string | null, text: string | null = null) => {
      const { id } = await addVersion(hub(), { name: uniqueName(`licensed-${lane.kind}`) })
      const matcher = await loadMatcher()
      await getDb().transaction((trx) =>
        storeAssessment(deps(), trx, matcher, id, {
          file: text === null ? null : 'LICENSE',
          file_sha256: text === null ? null : 'a'.repeat(64),
          text,
          evidence: {
            cardTag: tag,
            cardPath: 'README.md',
            cardName: null,
            cardLink: null,
            headerTag: null,
            headerPath: null,
            laterNotice: false,
            otherFiles: [],
            baseModels: [],
          },
        }),
      )
      return id
    }
    const published = async (id: string) => {
      await publish(deps() as LifecycleDeps, id, { actor: person(), serve: () => Promise.resolve(null) })
      return id
    }
    const put = (profile: LicenseProfile) =>
      getDb().transaction((trx) => saveProfile(deps(), trx, person(), { profile }))
    const run = async (mode: 'warn' | 'enforce') => {
      const done = { moved: 0, worse: 0 }
      await reassessStale(
        deps(),
        {
          tx: (body) => getDb().transaction(body),
          onBatch: async (trx, changed) => {
            const { moved, worse } = await recordOutcomes(deps(), trx, changed, {
              jobId: 'job_1',
              actor: person(),
              mode,
            })
            done.moved += moved
            done.worse += worse
          },
          onProgress: () => undefined,
        },
        new AbortController().signal,
      )
      return done
    }
    const noticesOf = async (id: string) => (await listNotices(db(), { limit: 10, version: id })).items

    test('a new profile is answered at once with the job that judges by it, which tells how far it is', async () => {
      const count = 300
      for (let index = 0; index < count; index++) await add(index % 3 === 0 ? 'cc-by-nc-4.0' : 'mit')
      await put(research)
      await run('warn')
      const jobs = open()
      const start = performance.now()
      const stored = await changeLicenseProfile({ ...deps(), jobs }, person(), { profile: product, reason: 'sold' })
      const answered = performance.now() - start
      expect(stored).toMatchObject({ revision: 2, profile: { purpose: 'customer_product' } })
      expect(await showLicenseProfile(db())).toMatchObject({ jobId: stored.jobId, revision: 2 })
      const suitable = async () => {
        const { rows } = await sql<{ suitability: string; n: string }>`
          select suitability, count(*) as n from license_assessment group by 1 order by 1`.execute(db())
        return Object.fromEntries(rows.map(({ suitability, n }) => [suitability, Number(n)]))
      }
      // Nothing was judged while the request waited.
      expect((await suitable())['not_allowed']).toBeUndefined()
      const before = performance.now()
      await jobs.start()
      await waitUntil(async () => (await jobs.get(stored.jobId ?? '')).state === 'succeeded', 60_000)
      const took = performance.now() - before
      expect(await suitable()).toMatchObject({ not_allowed: count / 3, allowed: (count * 2) / 3 })
      const progress = (await jobs.get(stored.jobId ?? '')).progress
      expect(progress).toMatchObject({ done: count, total: count })
      expect(progress?.message).toContain('100 worse')
      expect((await showLicenseProfile(db())).jobId).toBeNull()
      const [event] = (await listAudit(db(), { object: stored.jobId ?? '', limit: 1 })).items
      expect(event).toMatchObject({ action: 'catalog.relicense', evidence: { versions: count, worse: 100, moved: 0 } })
      process.stdout.write(
        `${lane.kind}: answered in ${answered.toFixed(0)} ms, ${count} versions judged in ${took.toFixed(0)} ms\n`,
      )
    }, 180_000)

    test('one job waits at a time, one that runs is followed by another, and a start makes good what was left', async () => {
      await add('mit')
      const jobs = open()
      const first = await changeLicenseProfile({ ...deps(), jobs }, person(), { profile: research })
      const second = await changeLicenseProfile({ ...deps(), jobs }, person(), { profile: product })
      expect(second.jobId).toBe(first.jobId)
      await sql`update job set state = 'running' where id = ${first.jobId}`.execute(db())
      const third = await changeLicenseProfile({ ...deps(), jobs }, person(), { profile: research })
      expect(third.jobId).not.toBe(first.jobId)
      expect(await relicenseWhenStale({ ...deps(), jobs })).toBe(third.jobId)
      await sql`delete from job`.execute(db())
      const atStart = await relicenseWhenStale({ ...deps(), jobs })
      expect(atStart).not.toBeNull()
      await run('warn')
      await sql`delete from job`.execute(db())
      expect(await relicenseWhenStale({ ...deps(), jobs })).toBeNull()
    })

    test('where the gate enforces, a published version that the use no longer allows leaves service, and its owner hears', async () => {
      await put(research)
      const strict = await published(await add('cc-by-nc-4.0'))
      const free = await published(await add('mit'))
      await run('enforce')
      expect((await getVersion(db(), strict)).state).toBe('published')
      await put(product)
      expect(await run('enforce')).toEqual({ moved: 1, worse: 1 })
      expect((await getVersion(db(), free)).state).toBe('published')
      const version = await getVersion(db(), strict)
      expect(version).toMatchObject({ state: 'needs_attention', state_reason: { code: 'license_not_allowed' } })
      expect(version.state_reason?.message).toMatch(/^Not allowed for a customer product: /)
      expect((await getModel(db(), version.model_id)).state).toBe('needs_attention')
      expect(await noticesOf(strict)).toMatchObject([
        {
          kind: 'needs_attention',
          details: {
            because: 'license',
            from: { state: 'published', suitability: 'allowed_on_conditions' },
            to: { suitability: 'not_allowed', licenseId: 'CC-BY-NC-4.0' },
          },
        },
      ])
      const [event] = (await listAudit(db(), { object: strict, limit: 1 })).items
      expect(event).toMatchObject({
        action: 'version.needs_attention',
        before: { state: 'published' },
        after: { state: 'needs_attention' },
        evidence: { because: 'license' },
      })
      expect(await run('enforce')).toEqual({ moved: 0, worse: 0 })
      expect(await noticesOf(strict)).toHaveLength(1)
      expect((await verifyAudit({ ...hub(), db: db(), anchor: () => Promise.resolve(null) } as never)).ok).toBe(true)
    })

    test('where it warns the version stays and the owner hears; what somebody approved is left alone', async () => {
      await put(research)
      const strict = await published(await add('cc-by-nc-4.0'))
      const approved = await published(await add('cc-by-nc-4.0'))
      await run('warn')
      await decideLicense(deps(), person(), approved, { decision: 'approved', reason: 'A license was bought.' })
      await put(product)
      expect(await run('warn')).toEqual({ moved: 0, worse: 1 })
      expect((await getVersion(db(), strict)).state).toBe('published')
      expect(await noticesOf(strict)).toMatchObject([{ kind: 'license_worse', details: { because: 'license' } }])
      expect(await noticesOf(approved)).toEqual([])
    })

    test('a text that later rules no longer know takes a version out of its state, as at its ingest', async () => {
      await put(product)
      const id = await published(
        await add('mit', `${mit}\nYou may not use it commercially without prior written consent.`),
      )
      // As rules that took the text for MIT left it.
      await sql`update license_assessment set rules = 'old', text_state = 'known', license_id = 'MIT', class = 'permissive',
        suitability = 'allowed' where version_id = ${id}`.execute(db())
      expect(await run('warn')).toEqual({ moved: 1, worse: 1 })
      expect(await getVersion(db(), id)).toMatchObject({
        state: 'needs_attention',
        state_reason: { code: 'license_unknown' },
      })
    })
  },
  { shared: true },
)
