import { readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SnapshotLine } from '../../contract/index.ts'
import { startGateway } from '../start-gateway.ts'
import { aKey, aRoute, sha256, snapshotLines, startFakeControl } from '../testing/fake-control.ts'
import { ask, type Harness, key, silent, soon, startHarness } from '../testing/harness.ts'

let hub: Harness
beforeEach(async () => {
  hub = await startHarness({ snapshotIdleMs: 1_000 })
})
afterEach(() => hub.close())

const status = async (model = 'starter') => (await hub.call({ ...ask, model })).status

test('a route that leaves the snapshot is refused at once', async () => {
  expect(await status()).toBe(200)
  hub.control.publish(2, [], [aKey(key)])
  await hub.version(2)
  const response = await hub.call(ask)
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('is not published here')
})

test('swaps under load without one failed request', async () => {
  let version = 1
  let failed = 0
  let answered = 0
  const stopAt = Date.now() + 1_500
  const load = Array.from({ length: 16 }, async () => {
    while (Date.now() < stopAt) {
      const response = await hub.call(ask)
      await response.text()
      answered++
      if (response.status !== 200) failed++
    }
  })
  const many = Array.from({ length: 300 }, (_, at) => aRoute(`other-${at}`, {}, [1, 1, 1, 1, 1]))
  while (Date.now() < stopAt - 200) {
    version++
    hub.control.publish(version, [...many, aRoute('starter')], [aKey(key)])
    await hub.version(version)
  }
  await Promise.all(load)
  expect(version).toBeGreaterThan(1)
  expect(answered).toBeGreaterThan(16)
  expect(failed).toBe(0)
})

const good = snapshotLines(7, [aRoute('starter')], [aKey(key)])
test.each<[string, string]>([
  ['not JSON', '{"t":"begin"'.concat('\n')],
  ['wrong counts', text(snapshotLines(7, [], []).map((line) => (line.t === 'end' ? { ...line, routes: 3 } : line)))],
  ['another version at its end', text(good.map((line) => (line.t === 'end' ? { ...line, version: 8 } : line)))],
  ['a line that breaks the contract', text(good).replace('"weight":1', '"weight":-1')],
  ['the same route twice', text(snapshotLines(7, [aRoute('a'), aRoute('A')], []))],
  ['no beginning', text(good.slice(2))],
  ['a line without end', 'x'.repeat(4 * 1024 * 1024 + 1)],
])('a snapshot with %s is refused, the last good one serves, and the gateway asks again', async (_what, bad) => {
  const before = hub.control.connections()
  const seen = new Set<number | null>()
  hub.control.silence()
  hub.control.sendRaw(bad)
  await soon(async () => {
    seen.add((await hub.health()).snapshot.version)
    return hub.control.connections() > before
  })
  expect([...seen]).toEqual([1])
  expect(await status()).toBe(200)
  expect(await (await fetch(`${hub.url}/metrics`)).text()).toMatch(/snapshots_refused_total [1-9]/)
  expect((await hub.health()).snapshot.version).toBe(1)
})

test('a ping of a version that never came makes it ask again', async () => {
  hub.control.greetWith(snapshotLines(5, [aRoute('starter')], [aKey(key)]))
  await hub.version(5)
})

test('a channel that falls silent is opened again', async () => {
  const before = hub.control.connections()
  hub.control.silence()
  await soon(() => hub.control.connections() > before)
})

test('a revocation counts before its snapshot is complete, even when that is refused, and after a restart from disk', async () => {
  await hub.version(1)
  const lines: SnapshotLine[] = [
    { t: 'begin', version: 2, at: Date.now() },
    { t: 'revoked', hashes: [sha256(key)] },
  ]
  hub.control.greetWith([])
  hub.control.sendRaw(text(lines))
  await soon(async () => (await status()) === 401)
  hub.control.sendRaw('broken\n')
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await status()).toBe(401)
  await hub.control.close()
  await hub.restart()
  expect((await hub.health()).snapshot.version).toBe(1)
  expect(await status()).toBe(401)
})

test('starts from disk alone and serves; the copy is sealed and private', async () => {
  const path = join(hub.config.folder, 'snapshot.sealed')
  await soon(() =>
    stat(path).then(
      () => true,
      () => false,
    ),
  )
  await hub.control.close()
  await hub.restart()
  expect(await status()).toBe(200)
  expect((await hub.health()).snapshot).toMatchObject({ version: 1, routes: 1, keys: 1 })
  const bytes = await readFile(path)
  expect(bytes.includes('starter')).toBe(false)
  expect(bytes.includes(sha256(key))).toBe(false)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

test('a copy that was altered, or sealed with another key, is not used', async () => {
  const path = join(hub.config.folder, 'snapshot.sealed')
  await soon(() =>
    stat(path).then(
      () => true,
      () => false,
    ),
  )
  await hub.control.close()
  await hub.gateway.close()
  const tryWith = async (secretKey: Buffer) => {
    const gateway = await startGateway({ ...hub.config, secretKey }, { log: silent })
    const response = await fetch(`http://127.0.0.1:${gateway.port}/healthz`)
    await gateway.close()
    return [response.status, ((await response.json()) as { status: string }).status]
  }
  expect(await tryWith(hub.config.secretKey)).toEqual([200, 'ok'])
  expect(await tryWith(Buffer.alloc(32, 8))).toEqual([503, 'starting'])
  const bytes = await readFile(path)
  bytes[40] = (bytes[40] ?? 0) ^ 1
  await writeFile(path, bytes)
  expect(await tryWith(hub.config.secretKey)).toEqual([503, 'starting'])
})

test('a route answers 503 once the snapshot is older than it allows, and again 200 when the control plane is back', async () => {
  hub.control.publish(2, [aRoute('starter', { maxStaleMs: 400 }), aRoute('patient')], [aKey(key)])
  await hub.version(2)
  expect(await status()).toBe(200)
  const { port } = hub.control
  await hub.control.close()
  await soon(async () => (await status()) === 503)
  const response = await hub.call(ask)
  expect(await response.text()).toContain('snapshot_stale')
  expect(await status('patient')).toBe(200)
  hub.control = await startFakeControl(port)
  hub.control.publish(3, [aRoute('starter', { maxStaleMs: 400 })], [aKey(key)])
  await soon(async () => (await status()) === 200)
})

test('the age survives a restart from disk', async () => {
  const path = join(hub.config.folder, 'snapshot.sealed')
  await soon(() =>
    stat(path).then(
      () => true,
      () => false,
    ),
  )
  await hub.control.close()
  const dayAndMore = new Date(Date.now() - 90_000_000)
  await utimes(path, dayAndMore, dayAndMore)
  await hub.restart()
  expect(await status()).toBe(503)
  expect((await hub.health()).status).toBe('degraded')
})

function text(lines: readonly SnapshotLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}
