import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SnapshotLine } from '../../contract/index.ts'
import { startGateway } from '../../gateway/start-gateway.ts'
import { aKey, aRoute, sha256, snapshotLines, startFakeControl } from '../../gateway/testing/fake-control.ts'
import { ask, type Harness, key, silent, soon, startHarness } from '../../gateway/testing/harness.ts'
import { figure } from '../e2e/support/work.ts'
import { memoryOf } from './support/memory.ts'
import { amount, seededFor } from './support/plan.ts'

let hub: Harness
beforeEach(async () => {
  hub = await startHarness({ snapshotConfirmMs: 100, snapshotMs: 1_500, snapshotLines: 5_000 })
})
afterEach(() => hub.close())

const status = async (bearer = key) => (await hub.call(ask, { headers: { authorization: `Bearer ${bearer}` } })).status
const copyPath = () => join(hub.config.folder, 'snapshot.sealed')
const copied = () =>
  soon(() =>
    stat(copyPath()).then(
      () => true,
      () => false,
    ),
  )
const text = (lines: readonly SnapshotLine[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')
const refusals = async () =>
  Number(/refused_total (\d+)/.exec(await (await fetch(`${hub.url}/metrics`)).text())?.[1] ?? 0)
/** A control plane that is there again on the same port. */
const comeBack = async (lines: SnapshotLine[]) => {
  const { port } = hub.control
  await hub.control.close()
  hub.control = await startFakeControl(port)
  hub.control.publishLines(lines)
}

describe('a snapshot that cannot be believed', () => {
  const good = snapshotLines(7, [aRoute('starter')], [aKey(key)])
  const begin: SnapshotLine = { t: 'begin', version: 7, at: Date.now() }

  it.each<[string, () => string]>([
    ['a name that would break a header', () => text(snapshotLines(7, [aRoute('star\r\nx: y')], [aKey(key)]))],
    ['a name of another script', () => text(snapshotLines(7, [aRoute('звезда')], [aKey(key)]))],
    ['a key twice', () => text(snapshotLines(7, [], [aKey('a'), aKey('a')]))],
    ['a second beginning', () => text([begin, ...good])],
    ['more lines than the bound', () => text([begin]) + text([{ t: 'keys', keys: [] }]).repeat(5_001)],
    ['a version that is no number', () => text(good).replace('"version":7', '"version":"7"')],
    ['a line of nested brackets', () => `${'['.repeat(500_000)}\n`],
    ['bytes that are no text', () => `${Buffer.alloc(2_000, 0xff).toString('latin1')}\n`],
  ])('with %s is refused; the last good one serves', async (_what, bytes) => {
    hub.control.silence()
    hub.control.greetWith(snapshotLines(1, [aRoute('starter')], [aKey(key)]))
    hub.control.sendRaw(bytes())
    await soon(async () => (await refusals()) > 0)
    expect(await status()).toBe(200)
    expect((await hub.health()).snapshot.version).toBe(1)
  })

  it('and comes drop by drop is given up after its time, and asked for again', async () => {
    const before = hub.control.connections()
    hub.control.silence()
    hub.control.sendRaw(text([begin]))
    const drip = setInterval(() => hub.control.sendRaw(text([{ t: 'keys', keys: [] }])), 50)
    try {
      await soon(async () => (await refusals()) > 0)
      await soon(() => hub.control.connections() > before)
    } finally {
      clearInterval(drip)
    }
    expect(await status()).toBe(200)
  })

  it('whatever bytes of it are changed: refused, or a whole one that is believed; never a crash', async () => {
    const random = seededFor('snapshot bytes')
    const count = amount({ slice: 60, full: 3_000 })
    const whole = Buffer.from(text(snapshotLines(1, [aRoute('starter'), aRoute('other')], [aKey(key)])))
    for (let done = 0; done < count; done++) {
      const changed = Buffer.from(whole)
      for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits--) {
        changed[Math.floor(random() * changed.length)] = Math.floor(random() * 256)
      }
      // The good one that follows comes on the same connection, or on the next when the altered one ended it.
      const next = snapshotLines(100 + done, [aRoute('starter')], [aKey(key)])
      hub.control.greetWith(next)
      hub.control.sendRaw(Buffer.concat([changed, Buffer.from(`\n${text(next)}`)]))
      await hub.version(100 + done)
      expect(await status()).toBe(200)
    }
    figure(`${count} altered snapshots: ${await refusals()} refused, the gateway lives`)
  }, 600_000)

  it('and is huge costs bounded memory', async () => {
    const routes = Array.from({ length: amount({ slice: 300, full: 3_000 }) }, (_none, at) =>
      aRoute(`route-${at}`, {}, [1, 1, 1, 1]),
    )
    const before = memoryOf(process.pid)
    for (let version = 2; version < 8; version++) {
      hub.control.publish(version, [...routes, aRoute('starter')], [aKey(key)])
      await hub.version(version)
    }
    figure(
      `six snapshots of ${routes.length} routes: resident memory ${before} MB before, ${memoryOf(process.pid)} MB after`,
    )
    expect(await status()).toBe(200)
  }, 60_000)
})

describe('a control plane that was restored', () => {
  it('decides with an older version; within one connection a version never goes back', async () => {
    hub.control.publish(50, [aRoute('starter')], [aKey(key)])
    await hub.version(50)
    hub.control.sendRaw(text(snapshotLines(49, [], [])))
    await soon(async () => (await refusals()) > 0)
    expect(await status()).toBe(200)
    await comeBack(snapshotLines(3, [], [aKey(key)]))
    await hub.version(3)
    expect(await status()).toBe(404)
  })
})

describe('the copy on disk', () => {
  const startWith = async (change: (bytes: Buffer) => Buffer, secretKey = hub.config.secretKey) => {
    const bytes = await readFile(copyPath())
    await writeFile(copyPath(), change(Buffer.from(bytes)))
    let said = ''
    const log = { ...silent, warn: (what: { reason: string }) => (said = what.reason) } as unknown as typeof silent
    const gateway = await startGateway({ ...hub.config, secretKey }, { log })
    const health = await fetch(`http://127.0.0.1:${gateway.port}/healthz`)
    const chat = await fetch(`http://127.0.0.1:${gateway.port}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify(ask),
    })
    await gateway.close()
    await writeFile(copyPath(), bytes)
    return { health: health.status, chat: chat.status, said }
  }

  it('is enough to serve from; cut, altered, sealed with another key or of a later release it is not used, and that is said', async () => {
    await copied()
    await hub.control.close()
    await hub.gateway.close()
    expect(await startWith((bytes) => bytes)).toMatchObject({ health: 200, chat: 200 })
    const random = seededFor('copy bytes')
    const unused = { health: 503, chat: 503, said: expect.stringContaining('cannot be read') as string }
    const { size } = await stat(copyPath())
    for (const length of [0, 1, 7, 8, 20, 35, size - 1]) {
      expect(await startWith((bytes) => bytes.subarray(0, length)), `${length} bytes`).toMatchObject(unused)
    }
    for (let at = 0; at < amount({ slice: 4, full: 100 }); at++) {
      const place = 8 + Math.floor(random() * (size - 8))
      const flip = (bytes: Buffer) => {
        bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
        return bytes
      }
      expect(await startWith(flip), `byte ${place}`).toMatchObject(unused)
    }
    expect(await startWith((bytes) => bytes, Buffer.alloc(32, 9))).toMatchObject(unused)
    const later = (bytes: Buffer) => {
      bytes[7] = 9
      return bytes
    }
    expect(await startWith(later)).toMatchObject({
      health: 503,
      said: expect.stringContaining('later release') as string,
    })
    expect(await startWith((bytes) => bytes)).toMatchObject({ health: 200, chat: 200 })
  })

  it('that the disk refused is not taken for confirmed, and is written as soon as it can be', async () => {
    await copied()
    await rm(copyPath())
    // A folder of its temporary name: nothing can be written there, also not by root.
    await mkdir(`${copyPath()}.tmp`)
    await writeFile(copyPath(), 'what an older start left')
    const old = new Date(Date.now() - 7_200_000)
    await utimes(copyPath(), old, old)
    hub.control.publish(2, [aRoute('starter')], [aKey(key)])
    await hub.version(2)
    await sleep(400)
    expect((await stat(copyPath())).mtimeMs).toBe(old.getTime())
    await rm(`${copyPath()}.tmp`, { recursive: true })
    await soon(async () => (await stat(copyPath())).mtimeMs > old.getTime())
    await hub.control.close()
    await hub.restart()
    expect((await hub.health()).snapshot.version).toBe(2)
    expect(await status()).toBe(200)
  })

  it('keeps a revocation through a kill between the two files of it', async () => {
    await copied()
    hub.control.greetWith([])
    hub.control.sendRaw(
      text([
        { t: 'begin', version: 2, at: Date.now() },
        { t: 'revoked', hashes: [sha256(key)] },
      ]),
    )
    await soon(async () => (await status()) === 401)
    await hub.control.close()
    await hub.restart()
    expect(await status()).toBe(401)
    // The list of revocations cannot be read: the copy, which still has the key, must not be used without it.
    const path = join(hub.config.folder, 'revoked.sealed')
    await writeFile(path, (await readFile(path)).subarray(0, 30))
    await hub.restart()
    expect(await status()).toBe(503)
  })

  it('of a clock that was set back, or forward, does not stop a gateway whose control plane answers', async () => {
    await copied()
    for (const offset of [90_000_000, -90_000_000]) {
      const wrong = new Date(Date.now() + offset)
      await utimes(copyPath(), wrong, wrong)
      await hub.restart()
      await soon(async () => (await status()) === 200)
      expect((await hub.health()).snapshot.ageMs).toBeLessThan(5_000)
    }
  })
})
