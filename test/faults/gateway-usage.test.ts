import { fork } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UsageRecord } from '../../contract/index.ts'
import { createMetrics } from '../../gateway/metrics.ts'
import { startGateway } from '../../gateway/start-gateway.ts'
import { startFakeControl } from '../../gateway/testing/fake-control.ts'
import { streamWords } from '../../gateway/testing/fake-engine.ts'
import { environmentOf, nextMessage, startGatewayProcess } from '../../gateway/testing/gateway-process.ts'
import { ask, type Harness, key, quick, silent, soon, startHarness } from '../../gateway/testing/harness.ts'
import { openSpool, type UsageEntry } from '../../gateway/usage/spool.ts'
import { figure } from '../e2e/support/work.ts'
import { amount, seededFor } from './support/plan.ts'

let hub: Harness
beforeEach(async () => {
  hub = await startHarness()
})
afterEach(async () => {
  hub.control.whenStored(() => {})
  await hub.close()
})
const spoolFolder = () => join(hub.config.folder, 'usage')
const metric = async (name: string) =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await fetch(`${hub.url}/metrics`)).text())?.[1])
const stored = () => hub.control.records()
/** The count comes down a moment before the file is gone. */
const noneThere = async () => {
  await soon(async () => (await readdir(spoolFolder())).length === 0).catch(() => undefined)
  expect(await readdir(spoolFolder())).toEqual([])
}
const noneLeft = () => soon(async () => (await hub.health()).usage.pending === 0)

describe('a gateway that is killed', () => {
  it('delivers every record that reached the disk exactly once, wherever the kill falls', async () => {
    await hub.gateway.close()
    const random = seededFor('gateway kills')
    const kills = amount({ slice: 2, full: 60 })
    const answered: { id: string; at: number; killedAt: number }[] = []
    for (let round = 0; round < kills; round++) {
      const gateway = await startGatewayProcess(hub)
      const reached = new Set<string>()
      const gone: { id: string; at: number }[] = []
      let killed: Promise<void> | undefined
      let killedAt = 0
      const kill = () => {
        if (killed !== undefined) return
        killedAt = performance.now()
        killed = gateway.kill()
      }
      // Every other kill falls between the commit of a batch and its acknowledgment, the others anywhere.
      if (round % 2 === 0) hub.control.whenStored(kill)
      else setTimeout(kill, 200 + random() * 900)
      const caller = async (name: number) => {
        for (let at = 0; killed === undefined; at++) {
          const id = `kill-${round}-${name}-${at}`
          reached.add(id)
          const headers = { authorization: `Bearer ${key}`, 'x-request-id': id, 'content-type': 'application/json' }
          const body = JSON.stringify(ask)
          const init = { method: 'POST', headers, body }
          const whole = await fetch(`${gateway.url}/v1/chat/completions`, init).then(
            (answer) => answer.text(),
            () => undefined,
          )
          if (whole !== undefined) gone.push({ id, at: performance.now() })
        }
      }
      await soon(async () => (await fetch(`${gateway.url}/healthz`)).status === 200)
      await Promise.all([caller(1), caller(2), caller(3)])
      await killed
      hub.control.whenStored(() => {})
      answered.push(...gone.map((each) => ({ ...each, killedAt })))
    }
    hub.gateway = await startGateway(hub.config, { log: silent })
    hub.url = `http://127.0.0.1:${hub.gateway.port}`
    await noneLeft()
    const stored = hub.control.records().map((record) => record.requestId)
    const once = new Set(stored)
    const lost = answered.filter(({ id }) => !once.has(id))
    const oldest = Math.max(0, ...lost.map(({ at, killedAt }) => killedAt - at))
    figure(`${kills} kills, ${answered.length} answered, ${lost.length} records lost`)
    figure(`the oldest lost record was answered ${oldest.toFixed(0)} ms before its kill (flush every 20 ms)`)
    expect(once.size).toBe(stored.length)
    expect(oldest).toBeLessThan(1_000)
    await noneThere()
  }, 120_000)
})

describe('an answer that is running when its gateway is killed', () => {
  it('leaves one record that says so; one that had ended keeps its own', async () => {
    await hub.gateway.close()
    hub.engine.answerWith(
      streamWords(
        Array.from({ length: 400 }, () => 'word '),
        25,
      ),
    )
    const gateway = await startGatewayProcess(hub)
    await soon(async () => (await fetch(`${gateway.url}/healthz`)).status === 200)
    const send = async (id: string, stream: boolean) => {
      const headers = { authorization: `Bearer ${key}`, 'x-request-id': id }
      const body = JSON.stringify({ ...ask, stream })
      const answer = await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body })
      return await answer.text()
    }
    const streams = ['lost-1', 'lost-2', 'lost-3'].map((id) => send(id, true).catch(() => 'broken'))
    const running = async () =>
      (await readdir(spoolFolder())).some((name) => name.endsWith('.running')) && hub.engine.calls.length >= 3
    await soon(running)
    await send('ended', false)
    await soon(() => stored().some(({ requestId }) => requestId === 'ended'))
    await gateway.kill()
    expect(await Promise.all(streams)).toEqual(['broken', 'broken', 'broken'])
    hub.gateway = await startGateway(hub.config, { log: silent })
    hub.url = `http://127.0.0.1:${hub.gateway.port}`
    await noneLeft()
    const outcomes = Object.fromEntries(stored().map(({ requestId, outcome }) => [requestId, outcome]))
    expect(outcomes).toEqual({
      'lost-1': 'gateway_lost',
      'lost-2': 'gateway_lost',
      'lost-3': 'gateway_lost',
      ended: 'ok',
    })
    expect(stored()).toHaveLength(4)
    await noneThere()
  }, 60_000)
})

describe('what lies in the spool', () => {
  const line = (epoch: string, seq: number, change: object = {}) =>
    `${JSON.stringify({ ...entry, requestId: `${epoch}-${seq}`, epoch, seq, ...change })}\n`
  const storedIds = () => stored().map((record) => record.requestId)

  it('is sent without what is torn, foreign or repeated in it, and nothing of that holds up the rest', async () => {
    await hub.gateway.close()
    const put = (name: string, text: string) => writeFile(join(spoolFolder(), name), text)
    // A repeated write: 600 lines, then all again from the first.
    const many = Array.from({ length: 600 }, (_none, at) => line('b-2', at + 1)).join('')
    await put(
      'a-1.000000000001.000000000004.000004.ndjson',
      `${line('a-1', 1)}\0\0\0\0\n${line('other', 2)}${line('a-1', 4)}`,
    )
    await put('b-2.000000000001.000000000600.000600.ndjson', many.slice(0, 100_123) + '\n' + many)
    await put('c-3.000000000001.open', `${line('c-3', 1)}${line('c-3', 2, { at: -5 })}${line('c-3', 3).slice(0, 40)}`)
    await put('d-4.000000000001.open', 'torn')
    await put('e-5.000000000001.000000000001.000001.ndjson', line('e-5', 1, { requestId: 'zero\0byte' }))
    await put('notes.txt', 'not ours')
    await mkdir(join(spoolFolder(), 'f-6.000000000001.000000000009.000009.ndjson'))
    await put('g-7.000000000001.000000000003.000003.ndjson', '')
    await truncate(join(spoolFolder(), 'g-7.000000000001.000000000003.000003.ndjson'), 3 * 2 ** 30)
    await put('h-8.000000000001.000000000001.000001.ndjson', line('h-8', 1))
    await hub.restart()
    await noneLeft()
    const good = ['a-1-1', 'a-1-4', 'c-3-1', 'h-8-1', ...Array.from({ length: 600 }, (_none, at) => `b-2-${at + 1}`)]
    expect(storedIds().sort()).toEqual(good.sort())
    // Two in a-1, the torn seam of b-2, two in c-3, d-4, e-5, nine of f-6, three of g-7.
    expect(await metric('modelhub_gateway_usage_damaged_total')).toBe(2 + 1 + 2 + 1 + 1 + 9 + 3)
    expect((await readdir(spoolFolder())).sort()).toEqual([
      'f-6.000000000001.000000000009.000009.ndjson.unreadable',
      'g-7.000000000001.000000000003.000003.ndjson.unreadable',
      'notes.txt',
    ])
    expect(await (await hub.call(ask)).json()).toMatchObject({ object: 'chat.completion' })
  })

  it('goes on past records that the control plane refuses for ever: they are set aside and counted', async () => {
    const bad = new Set(['bad-1', 'bad-2'])
    hub.control.refuseRecords((record) => bad.has(record.requestId))
    const ids = Array.from({ length: 60 }, (_none, at) => (at % 30 === 7 ? `bad-${at < 30 ? 1 : 2}` : `good-${at}`))
    await Promise.all(ids.map(async (id) => (await hub.call(ask, { headers: { 'x-request-id': id } })).text()))
    await noneLeft()
    expect(storedIds().sort()).toEqual(ids.filter((id) => !bad.has(id)).sort())
    expect(await metric('modelhub_gateway_usage_rejected_total')).toBe(2)
    expect(await hub.health()).toMatchObject({ status: 'degraded', usage: { rejected: 2, dropped: 0 } })
    const kept = (await readFile(join(spoolFolder(), 'rejected.ndjson'), 'utf8')).trim().split('\n')
    expect(kept.map((each) => (JSON.parse(each) as UsageRecord).requestId).sort()).toEqual(['bad-1', 'bad-2'])
  })

  it.each([400, 401, 503])('keeps everything while something in front answers %i', async (status) => {
    hub.control.answerUsageWith(status)
    await (await hub.call(ask)).text()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await hub.health()).toMatchObject({ usage: { pending: 1, rejected: 0, dropped: 0 } })
    hub.control.answerUsageWith(undefined)
    await noneLeft()
    expect(storedIds()).toHaveLength(1)
  })

  it('is not touched by a second gateway on the same folder, which refuses plainly', async () => {
    hub.control.answerUsageWith(503)
    for (let at = 0; at < 20; at++) await (await hub.call(ask)).text()
    const before = await readdir(spoolFolder())
    await expect(startGateway({ ...hub.config, port: 0 }, { log: silent })).rejects.toMatchObject({
      code: 'data_folder_in_use',
    })
    const child = fork(new URL('../../gateway/main.ts', import.meta.url), {
      env: environmentOf(hub),
      execArgv: [],
      silent: true,
    })
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    expect(await nextMessage(child)).toMatchObject({ type: 'refused', code: 'data_folder_in_use' })
    expect(await exited).toBe(78)
    expect((await readdir(spoolFolder())).length).toBeGreaterThanOrEqual(before.length)
    for (let at = 0; at < 5; at++) await (await hub.call(ask)).text()
    hub.control.answerUsageWith(undefined)
    await noneLeft()
    expect(new Set(storedIds()).size).toBe(25)
  })

  it('is delivered in full by a gateway whose clock goes back between two starts', async () => {
    hub.control.answerUsageWith(503)
    for (const offset of [0, -86_400_000, -40 * 365 * 86_400_000]) {
      await hub.gateway.close()
      const clock = { now: () => Date.now() + offset, date: () => new Date(Date.now() + offset) }
      hub.gateway = await startGateway(hub.config, { log: silent, clock })
      hub.url = `http://127.0.0.1:${hub.gateway.port}`
      for (let at = 0; at < 5; at++) await (await hub.call(ask)).text()
    }
    hub.control.answerUsageWith(undefined)
    await noneLeft()
    expect(new Set(storedIds()).size).toBe(15)
    expect(new Set(hub.control.records().map((record) => record.epoch)).size).toBe(3)
  })
})

describe('a disk that refuses', () => {
  it('costs no request: records wait in memory, go to a control plane that is there, and to the disk when it is back', async () => {
    await (await hub.call(ask)).text()
    await noneLeft()
    // A file where the folder was: nothing can be written there, also not by root.
    await rm(spoolFolder(), { recursive: true })
    await writeFile(spoolFolder(), '')
    for (let at = 0; at < 20; at++) expect((await hub.call(ask)).status).toBe(200)
    await noneLeft()
    expect(hub.control.records()).toHaveLength(21)

    hub.control.answerUsageWith(503)
    for (let at = 0; at < 20; at++) expect((await hub.call(ask)).status).toBe(200)
    await soon(async () => (await hub.health()).status === 'degraded')
    expect(await hub.health()).toMatchObject({ usage: { pending: 20, dropped: 0 } })
    await rm(spoolFolder())
    await soon(async () => (await hub.health()).status === 'ok')
    expect((await readdir(spoolFolder())).length).toBeGreaterThan(0)
    await hub.restart()
    hub.control.answerUsageWith(undefined)
    await noneLeft()
    expect(new Set(hub.control.records().map((record) => record.requestId)).size).toBe(41)
  })

  it('and is full takes nothing half: what was cut is written again, and memory is bounded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spool-'))
    try {
      const limits = { ...quick, usageRetryMs: 20, usageWaiting: 50, usageFlushMs: 1 }
      const metrics = createMetrics()
      const spool = await openSpool(folder, 'a-1', { limits, log: silent, metrics })
      const full = join(folder, 'a-1.000000000001.open')
      await symlink('/dev/full', full)
      for (let at = 0; at < 30; at++) spool.append(entry)
      await soon(() => spool.blocked()?.includes('ENOSPC') === true)
      await soon(() => spool.blocked() === undefined)
      expect(spool.pending()).toBe(30)
      const sealed = await spool.oldest()
      expect(sealed).toMatchObject({ first: 1, last: 30, records: 30 })

      await rm(folder, { recursive: true })
      await writeFile(folder, '')
      for (let at = 0; at < 80; at++) spool.append(entry)
      await soon(() => spool.dropped() > 0)
      expect(spool.dropped()).toBe(30)
      expect((await metrics.usageDropped.get()).values[0]?.value).toBe(30)
      await spool.close()
      expect(spool.dropped()).toBe(80)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('while the control plane is away for days keeps the newest within its bound, and says what it lost', async () => {
    const { port } = hub.control
    await hub.gateway.close()
    const limits = { ...hub.config.limits, usageBytes: 40_000, usageSegmentBytes: 4_000, usageFlushMs: 1 }
    hub.config = { ...hub.config, limits }
    hub.gateway = await startGateway(hub.config, { log: silent })
    hub.url = `http://127.0.0.1:${hub.gateway.port}`
    await hub.version(1)
    await hub.control.close()
    const calls = 300
    for (let at = 0; at < calls; at++) await (await hub.call(ask)).text()
    await soon(async () => (await hub.health()).usage.dropped > 0)
    const before = await hub.health()
    expect(before.status).toBe('degraded')
    expect(before.usage.pending + before.usage.dropped).toBe(calls)
    hub.control = await startFakeControl(port)
    await noneLeft()
    const { usage } = await hub.health()
    expect(await metric('modelhub_gateway_usage_dropped_total')).toBe(usage.dropped)
    const seqs = hub.control
      .records()
      .map((record) => record.seq)
      .sort((a, b) => a - b)
    expect(seqs).toEqual(Array.from({ length: calls - usage.dropped }, (_none, at) => usage.dropped + 1 + at))
    figure(`spool bound of 40,000 bytes: ${usage.dropped} of ${calls} oldest records lost and counted`)
  })
})

const entry: UsageEntry = {
  at: 1,
  requestId: 'req_1',
  decisionId: 'dec_1',
  keyId: 'key_1',
  projectId: 'prj_1',
  routeId: null,
  route: null,
  targetId: null,
  versionId: null,
  endpoint: '/v1/models',
  stream: false,
  status: 200,
  outcome: 'ok',
  promptTokens: null,
  completionTokens: null,
  ttftMs: null,
  durationMs: 1.5,
}
