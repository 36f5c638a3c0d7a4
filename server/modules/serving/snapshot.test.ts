import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { channels, type SnapshotKey, SnapshotLine, type SnapshotRoute } from '../../../contract/index.ts'
import { notFound } from '../../../kernel/index.ts'
import {
  addVersion,
  describeEachDatabase,
  person,
  quietLog,
  setUpHub,
  uniqueName,
  waitUntil,
} from '../../../test/support/index.ts'
import { createKey, createSessionKey, hashSecret, revokeKey } from '../identity/index.ts'
import { type CompileDeps, compileSnapshot, createSnapshotChannel, serveVersion } from './index.ts'

describeEachDatabase(
  'serving',
  (getDb) => {
    const hub = setUpHub(getDb)
    const spec = (id: string) => ({ main: `/files/${id}.gguf`, files: [{ path: `/files/${id}.gguf`, size: 1 }] })
    const compile = async (engineSpec: CompileDeps['engineSpec'] = (id) => Promise.resolve(spec(id))) => {
      const { version, lines } = await compileSnapshot({
        ...hub(),
        log: quietLog(),
        engineSpec,
        upstreamSpecs: () => Promise.resolve(new Map()),
      })
      for (const line of lines) SnapshotLine.parse(line)
      return {
        version,
        lines,
        routes: lines.flatMap((line): SnapshotRoute[] => (line.t === 'route' ? [line.route] : [])),
        keys: lines.flatMap((line): SnapshotKey[] => (line.t === 'keys' ? line.keys : [])),
        revoked: lines.flatMap((line) => (line.t === 'revoked' ? line.hashes : [])),
      }
    }
    const publishAs = async (name: string, state: 'published' | 'evaluated' = 'published') => {
      const version = await addVersion(hub(), { name, state })
      return { version, ...(await getDb().transaction((trx) => serveVersion(hub(), trx, version, 'embedded'))) }
    }
    const routeOf = async (name: string, engineSpec?: CompileDeps['engineSpec']) =>
      (await compile(engineSpec)).routes.find((route) => route.name === name)
    const count = async (table: string) =>
      Number((await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(getDb().db)).rows[0]?.n)
    const newKey = (extra: { models?: string[]; expiresAt?: Date } = {}) =>
      createKey(hub(), person(), { name: 'k', projectId: hub().project.id, ...extra })

    describe('serveVersion', () => {
      test('makes deployment and route once, however often it is called', async () => {
        const { version, ...first } = await publishAs(uniqueName('Serve'))
        const before = [await count('deployment'), await count('route'), await count('route_target')]
        const again = await getDb().transaction((trx) => serveVersion(hub(), trx, version, 'embedded'))
        expect(again).toEqual(first)
        const beside = await Promise.all(
          [1, 2, 3].map(() => getDb().transaction((trx) => serveVersion(hub(), trx, version, 'embedded'))),
        )
        expect(beside).toEqual([first, first, first])
        expect([await count('deployment'), await count('route'), await count('route_target')]).toEqual(before)
      })

      test('gives the versions of a model one route', async () => {
        const name = uniqueName('one-route')
        const [first, second] = [await publishAs(name), await publishAs(name)]
        expect(second.route).toBe(first.route)
        expect(second.deploymentId).not.toBe(first.deploymentId)
      })
    })

    describe('the snapshot', () => {
      test('is framed: begin, revoked first, routes, keys, end with what was counted', async () => {
        await publishAs(uniqueName('framed'))
        for (let i = 0; i < 201; i++) await newKey()
        const { version, lines, routes, keys } = await compile()
        const kinds = lines.map((line) => line.t)
        expect(kinds.slice(0, 2)).toEqual(['begin', 'revoked'])
        expect(kinds.lastIndexOf('route')).toBeLessThan(kinds.indexOf('keys'))
        expect(lines[0]).toMatchObject({ t: 'begin', version, at: hub().clock.now() })
        expect(lines.at(-1)).toEqual({ t: 'end', version, routes: routes.length, keys: keys.length })
        expect(keys.length).toBeGreaterThan(200)
        expect(lines.filter((line) => line.t === 'keys').length).toBeGreaterThan(1)
      })

      test('has a number that only grows', async () => {
        const numbers = [(await compile()).version, (await compile()).version, (await compile()).version]
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
        expect(new Set(numbers).size).toBe(3)
      })

      test('carries published versions only', async () => {
        const name = uniqueName('states')
        const { version, deploymentId } = await publishAs(name)
        expect(await routeOf(name)).toMatchObject({
          targets: [
            {
              id: deploymentId,
              versionId: version.id,
              versionNumber: 1,
              engine: { ...spec(version.id), deploymentId },
            },
          ],
        })
        for (const state of ['draft', 'ingesting', 'needs_attention', 'verified', 'evaluated', 'archived']) {
          await sql`update model_version set state = ${state} where id = ${version.id}`.execute(getDb().db)
          expect(await routeOf(name), state).toBeUndefined()
        }
      })

      test('gives the newest published version the weight, the older ones none', async () => {
        const name = uniqueName('weights')
        await publishAs(name)
        await publishAs(name)
        await publishAs(name, 'evaluated')
        const weights = (await routeOf(name))?.targets.map(({ versionNumber, weight }) => [versionNumber, weight])
        expect(weights).toEqual([
          [2, 100],
          [1, 0],
        ])
      })

      test('leaves out what no engine runs; then the newest that runs has the weight', async () => {
        const name = uniqueName('unfit')
        const { version: older } = await publishAs(name)
        const { version: newer } = await publishAs(name)
        const withoutNewer: CompileDeps['engineSpec'] = (id) => Promise.resolve(id === newer.id ? null : spec(id))
        expect((await routeOf(name, withoutNewer))?.targets).toMatchObject([{ versionId: older.id, weight: 100 }])
        expect(await routeOf(name, () => Promise.resolve(null))).toBeUndefined()
      })

      test('a version that has lost its bytes does not keep the others, or the revoked keys, from the gateways', async () => {
        const [lost, whole] = [uniqueName('lost'), uniqueName('whole')]
        const { version } = await publishAs(lost)
        await publishAs(whole)
        const { routes } = await compile((id) =>
          id === version.id ? Promise.reject(notFound('blob_not_found', 'Gone.')) : Promise.resolve(spec(id)),
        )
        const names = routes.map((route) => route.name)
        expect(names).toContain(whole)
        expect(names).not.toContain(lost)
        const full = Object.assign(new Error('ENOSPC: no space left'), { syscall: 'symlink', code: 'ENOSPC' })
        const others = await compile((id) => (id === version.id ? Promise.reject(full) : Promise.resolve(spec(id))))
        expect(others.routes.map((route) => route.name)).toContain(whole)
        await expect(compile(() => Promise.reject(new Error('the database is away')))).rejects.toThrow('away')
      })

      test('knows keys by hash while they are in force, and names the revoked ones for a week', async () => {
        const plain = await newKey({ models: ['a/b'] })
        const expiring = await newKey({ expiresAt: new Date(hub().clock.now() + 1_000) })
        const session = await createSessionKey(hub(), person(), hub().project.id)
        const revoked = await newKey()
        await revokeKey(hub(), person(), revoked.record.id)
        const hashes = [plain, expiring, session, revoked].map(({ key }) => hashSecret(key))
        const seen = async () => {
          const { keys } = await compile()
          return hashes.map((hash) => keys.some((key) => key.hash === hash))
        }
        expect(await seen()).toEqual([true, true, true, false])
        const first = await compile()
        expect(first.keys.find((key) => key.id === plain.record.id)).toEqual({
          hash: hashes[0],
          id: plain.record.id,
          projectId: hub().project.id,
          routes: ['a/b'],
          expiresAt: null,
        })
        expect(first.keys.find((key) => key.id === expiring.record.id)?.expiresAt).toBe(hub().clock.now() + 1_000)
        expect(first.revoked).toContain(hashes[3])
        expect(JSON.stringify(first.lines)).not.toContain(plain.key)
        hub().clock.advance(1_000)
        expect(await seen()).toEqual([true, false, true, false])
        hub().clock.advance(7 * 86_400_000)
        expect((await compile()).revoked).not.toContain(hashes[3])
      })
    })

    describe('the channel', () => {
      test('sends the present snapshot, then a newer one when news comes, and lets go of a gateway that leaves', async () => {
        let compiled = 0
        const channel = await createSnapshotChannel({
          database: getDb(),
          clock: hub().clock,
          log: quietLog(),
          compile: () => {
            compiled += 1
            return Promise.resolve({ version: compiled, lines: [{ t: 'end', version: compiled, routes: 0, keys: 0 }] })
          },
        })
        const leave = new AbortController()
        const reader = channel.open(leave.signal).getReader()
        const next = async () => JSON.parse(new TextDecoder().decode((await reader.read()).value)) as unknown
        expect(await next()).toMatchObject({ t: 'end', version: 1 })
        // News that comes together is one snapshot.
        await getDb().transaction(async (trx) => {
          await getDb().notify(trx, channels.serving, 'one')
          await getDb().notify(trx, channels.serving, 'two')
        })
        expect(await next()).toMatchObject({ t: 'end', version: 2 })
        await reader.cancel()
        leave.abort()
        await channel.close()
        await getDb().transaction((trx) => getDb().notify(trx, channels.serving, 'late'))
        expect(compiled).toBe(2)
      })

      test('keeps the last snapshot when one cannot be compiled, and recovers', async () => {
        let calls = 0
        const channel = await createSnapshotChannel({
          database: getDb(),
          clock: hub().clock,
          log: quietLog(),
          compile: () => {
            calls += 1
            if (calls === 2) return Promise.reject(new Error('no'))
            return Promise.resolve({ version: calls, lines: [{ t: 'end', version: calls, routes: 0, keys: 0 }] })
          },
        })
        const stop = new AbortController()
        const reader = channel.open(stop.signal).getReader()
        const next = async () => JSON.parse(new TextDecoder().decode((await reader.read()).value)) as unknown
        expect(await next()).toMatchObject({ version: 1 })
        const tell = () => getDb().transaction((trx) => getDb().notify(trx, channels.serving, 'news'))
        await tell()
        await waitUntil(() => calls === 2)
        await tell()
        expect(await next()).toMatchObject({ version: 3 })
        stop.abort()
        await reader.cancel()
        await channel.close()
      })
    })
  },
  { shared: true },
)
