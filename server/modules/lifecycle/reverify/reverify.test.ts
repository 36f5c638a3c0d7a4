import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { setUpFileHub, useFolder } from '../../../../test/faults/support/file-hub.ts'
import { describeEachDatabase, person, waitUntil } from '../../../../test/support/index.ts'
import { systemActor } from '../../../platform/actor.ts'
import { readFileRows } from '../../artifacts/index.ts'
import { getVersion } from '../../catalog/index.ts'
import type { LifecycleDeps } from '../deps.ts'
import { publish } from '../publish.ts'
import { readFiles } from '../show/read-tabs.ts'
import { listReverifications } from './list-reverifications.ts'
import { readCursor } from './reverify-store.ts'
import { reverifyVersion } from './reverify-version.ts'
import { type ReverifySchedule, scheduleReverification } from './schedule.ts'

const dayMs = 86_400_000
const fast = 2 ** 40

describeEachDatabase(
  'files read again',
  (getDb, lane) => {
    const hub = setUpFileHub(getDb)
    const folder = useFolder('reverify')
    let aheadMs = 0
    let made = 0
    const running: ReverifySchedule[] = []
    beforeEach(async () => {
      // Versions of other tests are not due in this one.
      await sql`delete from model`.execute(getDb().db)
    })
    afterEach(async () => {
      aheadMs = 0
      for (const one of running.splice(0)) await one.stop()
    })

    const deps = (): LifecycleDeps => ({
      ...hub.deps(),
      clock: { now: () => Date.now() + aheadMs, date: () => new Date(Date.now() + aheadMs) },
    })
    const schedule = (settings: Partial<Parameters<typeof scheduleReverification>[1]> = {}) => {
      const one = scheduleReverification(deps(), {
        days: 30,
        bytesPerSecond: fast,
        lookEveryMs: 3_600_000,
        ...settings,
      })
      running.push(one)
      return one
    }
    const later = async (days: number, one = schedule()) => {
      aheadMs += days * dayMs
      await one.round()
    }
    const request = (id: string, job: string) =>
      reverifyVersion(hub.deps(), id, {
        run: job,
        trigger: 'request',
        actor: person(),
        tx: (body) => getDb().transaction(body),
        log: () => undefined,
        signal: new AbortController().signal,
      })
    const model = (more: Record<string, string | Buffer> = {}) => {
      const path = join(folder.path, `model-${(made += 1)}`)
      mkdirSync(path)
      const files = { 'README.md': `# Model ${made} of ${lane.kind}\n`, 'notes.txt': `notes ${made}\n`, ...more }
      for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes)
      return path
    }
    const verified = async (path: string, mode: 'in_place' | 'copy') => {
      const id = await hub.register(path, mode)
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified' })
      return id
    }
    const stateOf = async (id: string) => (await getVersion(getDb().db, id)).state
    const reports = async (version?: string) => (await listReverifications(getDb().db, { limit: 100, version })).items
    const lastVerified = async (id: string) => (await readFiles(getDb().db, id, { limit: 1 })).lastVerifiedAt
    const blobPath = async (id: string, name: string) => {
      const row = (await readFileRows(getDb().db, id)).find(({ path }) => path === name)
      const { path, close } = await hub.deps().blobs.open(row?.sha256 ?? '')
      await close()
      return path
    }

    test('every version in its time, by the clock, and none before', async () => {
      const ids = [await verified(model(), 'in_place'), await verified(model(), 'copy')]
      const sealed = await Promise.all(ids.map(lastVerified))
      for (const at of sealed) expect(Math.abs(Date.parse(at ?? '') - Date.now())).toBeLessThan(120_000)
      await later(29)
      expect(await reports()).toEqual([])
      expect(await Promise.all(ids.map(lastVerified))).toEqual(sealed)
      await later(2)
      const found = await reports()
      expect(found.map(({ versionId }) => versionId).sort()).toEqual([...ids].sort())
      for (const one of found) {
        expect(one).toMatchObject({
          outcome: 'intact',
          trigger: 'schedule',
          fileCount: 2,
          changes: [],
          withdrawn: false,
        })
        expect(one.bytesRead).toBe(one.bytes)
      }
      for (const id of ids)
        expect(Date.parse((await lastVerified(id)) ?? '')).toBeGreaterThan(Date.now() + 30.9 * dayMs)
      await later(1)
      expect(await reports()).toHaveLength(2)
      await later(30)
      expect(await reports()).toHaveLength(4)
      await later(400, schedule({ days: 0 }))
      expect(await reports()).toHaveLength(4)
    })

    test('a stored file that lost a bit withdraws its version and every other that holds it', async () => {
      const shared = `the same text of ${lane.kind} ${made}\n`
      const first = await verified(model({ 'shared.txt': shared }), 'copy')
      const second = await verified(model({ 'shared.txt': shared }), 'copy')
      const third = await verified(model(), 'copy')
      await publish(hub.deps(), second, { actor: person(), serve: () => Promise.resolve(null) })
      const path = await blobPath(first, 'shared.txt')
      writeFileSync(path, `The${shared.slice(3)}`)
      // Only the first is read; the second is found by what it holds.
      await request(first, 'job_1')
      expect([await stateOf(first), await stateOf(second), await stateOf(third)]).toEqual([
        'needs_attention',
        'needs_attention',
        'verified',
      ])
      const damaged = (await reports()).filter(({ outcome }) => outcome === 'damaged')
      expect(damaged).toMatchObject([
        { versionId: first, trigger: 'request', changes: [{ path: 'shared.txt', what: 'changed' }], withdrawn: true },
      ])
      expect((await getVersion(getDb().db, second)).state_reason).toMatchObject({ code: 'integrity' })
      // It is what it was when it was last whole.
      expect(Date.parse((await lastVerified(first)) ?? '')).toBeLessThan(Date.now() + dayMs)
    })

    test('files in place: one that changed without a trace, one that is gone, and one that was only touched', async () => {
      const [changed, gone, touched] = [model(), model(), model()]
      const ids = [
        await verified(changed, 'in_place'),
        await verified(gone, 'in_place'),
        await verified(touched, 'in_place'),
      ]
      const notes = join(changed, 'notes.txt')
      const { size } = statSync(notes)
      writeFileSync(notes, 'x'.repeat(size))
      rmSync(join(gone, 'notes.txt'))
      rmSync(join(gone, 'README.md'))
      utimesSync(join(touched, 'notes.txt'), 1_600_000_000, 1_600_000_000)
      await later(31)
      expect(await Promise.all(ids.map(stateOf))).toEqual(['needs_attention', 'needs_attention', 'verified'])
      const [one, two, three] = await Promise.all(ids.map(async (id) => (await reports(id))[0]))
      expect(one).toMatchObject({ outcome: 'damaged', changes: [{ path: 'notes.txt', what: 'changed' }] })
      // All of them are reported, not the first alone.
      expect(two).toMatchObject({
        outcome: 'damaged',
        changeCount: 2,
        changes: [
          { path: 'README.md', what: 'missing' },
          { path: 'notes.txt', what: 'missing' },
        ],
      })
      expect(three).toMatchObject({
        outcome: 'touched',
        withdrawn: false,
        changes: [{ path: 'notes.txt', what: 'touched' }],
      })
      await later(31)
      expect((await reports(ids[2]))[0]).toMatchObject({ outcome: 'intact' })
      expect(await reports(ids[0])).toHaveLength(1)
    })

    test('goes on after a stop where the cursor is, and begins anew when that is too old', async () => {
      const many = Object.fromEntries(
        Array.from({ length: 400 }, (_one, i) => [`f${String(i).padStart(3, '0')}.txt`, `${i}`]),
      )
      const id = await verified(model(many), 'in_place')
      const stop = new AbortController()
      let read = 0
      const run = (signal: AbortSignal, notBefore: Date, onBytes: () => void) =>
        reverifyVersion(deps(), id, {
          run: 'schedule',
          trigger: 'schedule',
          actor: systemActor,
          tx: (body) => getDb().transaction(body),
          log: () => undefined,
          notBefore,
          onBytes,
          signal,
        })
      await expect(
        run(stop.signal, new Date(0), () => {
          if ((read += 1) === 300) stop.abort(new Error('killed'))
        }),
      ).rejects.toThrow('killed')
      expect(await reports(id)).toEqual([])
      const cursor = await readCursor(getDb().db, id, 'schedule')
      expect(cursor).toMatchObject({ ordinal: 255, change_count: 0 })
      let again = 0
      await run(new AbortController().signal, new Date(0), () => void (again += 1))
      expect(again).toBe(402 - 256)
      const [report] = await reports(id)
      expect(report).toMatchObject({ outcome: 'intact', fileCount: 402 })
      expect(report?.bytesRead).toBe(report?.bytes)
      expect(report?.startedAt).toBe(cursor?.started_at.toISOString())
      expect(await readCursor(getDb().db, id, 'schedule')).toBeUndefined()

      const halfway = new AbortController()
      let count = 0
      await run(halfway.signal, new Date(0), () => {
        if ((count += 1) === 300) halfway.abort(new Error('killed'))
      }).catch(() => undefined)
      let anew = 0
      await run(new AbortController().signal, new Date(Date.now() + 1_000), () => void (anew += 1))
      expect(anew).toBe(402)
    })

    test('no faster than was set, and not twice what was read within a day', async () => {
      const bytes = Buffer.alloc(4 * 2 ** 20, 'text of no weight\n')
      bytes.write(`${lane.kind} ${made}`)
      const shared = { 'big.txt': bytes }
      const ids = [await verified(model(shared), 'copy'), await verified(model(shared), 'copy')]
      const began = performance.now()
      await later(31, schedule({ bytesPerSecond: 2 * 2 ** 20 }))
      const seconds = (performance.now() - began) / 1_000
      const found = await Promise.all(ids.map(async (id) => (await reports(id))[0]))
      expect(found.map((one) => one?.outcome)).toEqual(['intact', 'intact'])
      const read = found.reduce((sum, one) => sum + (one?.bytesRead ?? 0), 0)
      process.stdout.write(`  measured: ${read} bytes read again in ${seconds.toFixed(2)} s at 2 MiB/s\n`)
      expect(seconds).toBeGreaterThan(1.5)
      // The shared file was read once.
      expect(read).toBeLessThan(5 * 2 ** 20)
    })

    test('stored bytes that were read a moment ago are not read again', async () => {
      const id = await verified(model(), 'copy')
      await request(id, 'job_1')
      await request(id, 'job_2')
      const [second, first] = await reports(id)
      expect([first?.bytesRead, second?.bytesRead]).toEqual([first?.bytes, 0])
    })

    test('of two processes one reads', async () => {
      await verified(model({ 'big.txt': Buffer.alloc(2 ** 20, 'text\n') }), 'in_place')
      aheadMs = 31 * dayMs
      const slow = schedule({ bytesPerSecond: 2 ** 20 })
      const first = slow.round()
      await waitUntil(async () => {
        const release = await getDb().presence.hold('modelhub.reverify')
        await release?.()
        return release === undefined
      })
      await schedule().round()
      expect(await reports()).toEqual([])
      await first
      expect(await reports()).toHaveLength(1)
    })
  },
  { shared: true },
)
