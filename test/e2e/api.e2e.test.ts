import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { followEvents, type HubApiError, unwrap } from '../../sdk/index.ts'
import { runCli } from './support/cli.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { writeFolder } from './support/model-files.ts'
import { problemOf } from './support/routes.ts'
import { addModel, endOfJob, figure, makeKey, readJob, readVersion, until } from './support/work.ts'

const effectLimitMs = 2_000
const administrator = { name: 'Mara Okafor', email: 'mara@example.com', password: 'correct horse battery staple' }

describeHub('the API over a real hub', () => {
  const hubs = useHubs()
  let hub: Hub
  let known: string
  beforeAll(async () => {
    hub = await hubs.start()
    known = writeFolder(join(hub.place.models, 'known'), {
      'known.gguf': buildKnownBigram().bytes,
      'README.md': '# Known answers\n',
    })
  }, 120_000)

  it('answers a repeated Idempotency-Key with the first result and does nothing twice', async () => {
    const key = randomUUID()
    const post = (name: string) =>
      fetch(`${hub.url}/api/v1/models`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hub.token}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ name, source: { type: 'disk', path: known }, start: false }),
      })
    const first = await post('e2e/once')
    const second = await post('e2e/once')
    expect([first.status, second.status]).toEqual([202, 202])
    expect(await second.json()).toEqual(await first.json())
    expect(await problemOf(await post('e2e/other'))).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
    const model = await unwrap(hub.api.GET('/models/{id}', { params: { path: { id: 'e2e/once' } } }))
    expect(model.versionCount).toBe(1)

    const together = randomUUID()
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        fetch(`${hub.url}/api/v1/models`, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${hub.token}`,
            'content-type': 'application/json',
            'idempotency-key': together,
          },
          body: JSON.stringify({ name: 'e2e/together', source: { type: 'disk', path: known }, start: false }),
        }),
      ),
    )
    for (const { status } of answers) expect([202, 409]).toContain(status)
    const raced = await unwrap(hub.api.GET('/models/{id}', { params: { path: { id: 'e2e/together' } } }))
    expect(raced.versionCount).toBe(1)
  }, 30_000)

  it('replays exactly the events after Last-Event-ID, live and afterwards', async () => {
    const { jobId } = await addModel(hub, 'e2e/events', known)
    const url = `${hub.url}/api/v1/jobs/${jobId}/events`
    const read = async (lastEventId: string | undefined, atMost: number) => {
      const ids: string[] = []
      const options = { token: hub.token, ...(lastEventId === undefined ? {} : { lastEventId }) }
      for await (const { id, data } of followEvents<{ seq: number }>(url, options, AbortSignal.timeout(60_000))) {
        expect(id).toBe(String(data.seq))
        ids.push(String(data.seq))
        if (ids.length >= atMost) break
      }
      return ids
    }
    // Cut off after three events again and again while the job runs: nothing may be lost or come twice.
    const pieces: string[] = []
    for (let piece = await read(undefined, 3); piece.length > 0; piece = await read(pieces.at(-1), 3))
      pieces.push(...piece)
    expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
    const whole = await read(undefined, 10_000)
    expect(whole.length).toBeGreaterThan(10)
    expect(pieces).toEqual(whole)
    for (const at of [0, Math.floor(whole.length / 2), whole.length - 1]) {
      expect(await read(whole[at], 10_000)).toEqual(whole.slice(at + 1))
    }
    expect(await read(String(Number(whole.at(-1)) + 1_000), 10_000)).toEqual([])
  }, 90_000)

  it('cancels a running ingest within two seconds; the version is a draft again and can be started anew', async () => {
    const folder = join(hub.place.models, 'large')
    mkdirSync(folder)
    writeFileSync(join(folder, 'README.md'), '# Large\n')
    // One file under many names: it takes long to hash and little room on the disk.
    const first = join(folder, 'weights-0.safetensors')
    writeFileSync(first, Buffer.alloc(256 * 2 ** 20, 1))
    const others = Array.from({ length: 95 }, (_none, index) => join(folder, `weights-${index + 1}.safetensors`))
    for (const other of others) linkSync(first, other)
    const { jobId, versionId } = await addModel(hub, 'e2e/large', folder)
    const running = await until(
      () => readJob(hub, jobId),
      ({ steps, progress }) =>
        steps.some(({ name, state }) => name === 'ingest' && state === 'running') && (progress?.bytesDone ?? 0) > 0,
      30_000,
    )
    expect(running.value.progress?.bytesTotal).toBeGreaterThan(24 * 2 ** 30)
    const asked = performance.now()
    const cancel = await unwrap(hub.api.POST('/jobs/{id}/cancel', { params: { path: { id: jobId } } }))
    expect(cancel?.state === 'cancelled' || cancel?.cancelling).toBe(true)
    await until(
      () => readJob(hub, jobId),
      ({ state }) => state === 'cancelled',
      20_000,
    )
    const tookMs = performance.now() - asked
    figure(`cancelled ${tookMs.toFixed(0)} ms after it was asked for`)
    expect(tookMs).toBeLessThanOrEqual(effectLimitMs)
    expect(await readVersion(hub, versionId)).toMatchObject({ state: 'draft', activeJobId: null })

    for (const other of others) rmSync(other)
    truncateSync(first, 8)
    const again = await unwrap(hub.api.POST('/versions/{id}/retry', { params: { path: { id: versionId } } }))
    expect(await endOfJob(hub, again?.id ?? '')).toMatchObject({ state: 'succeeded' })
  }, 120_000)

  it('has the gateway refuse a revoked key within two seconds', async () => {
    const { id, key } = await makeKey(hub, 'short-lived')
    const models = async () => {
      const response = await fetch(`${hub.gatewayUrl}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
      await response.arrayBuffer()
      return response.status
    }
    const accepted = await until(models, (status) => status === 200, 10_000)
    figure(`new key accepted after ${(accepted.seconds * 1_000).toFixed(0)} ms`)
    const asked = performance.now()
    await unwrap(hub.api.DELETE('/keys/{id}', { params: { path: { id } } }))
    await until(models, (status) => status === 401, 10_000)
    const tookMs = performance.now() - asked
    figure(`revoked key refused ${tookMs.toFixed(0)} ms after it was asked for`)
    expect(tookMs).toBeLessThanOrEqual(effectLimitMs)
  }, 40_000)

  it('makes one administrator by the printed link, once, and takes a session only from its own site', async () => {
    const token = /\/setup\?token=(\S+)/.exec(hub.output())?.[1] ?? ''
    const wrong = await unwrap(hub.api.POST('/setup', { body: { ...administrator, token: `${token}x` } })).catch(
      refusal,
    )
    expect(wrong).toMatchObject({ status: 401, problem: { code: 'setup_link_invalid' } })
    const made = await fetch(`${hub.url}/api/v1/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...administrator, token }),
    })
    expect(made.status).toBe(200)
    const cookies = made.headers.getSetCookie()
    expect(cookies.join()).toMatch(/HttpOnly/i)
    expect(cookies.join()).toMatch(/SameSite=(Lax|Strict)/i)
    const again = await unwrap(
      hub.api.POST('/setup', { body: { ...administrator, email: 'other@example.com', token } }),
    ).catch(refusal)
    expect(again).toMatchObject({ status: 409, problem: { code: 'setup_done' } })
    expect(await unwrap(hub.api.GET('/users'))).toMatchObject({ items: [{ email: administrator.email }] })

    const cookie = cookies.map((one) => one.split(';', 1)[0]).join('; ')
    const makeKeyFrom = (headers: Record<string, string>) =>
      fetch(`${hub.url}/api/v1/keys`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ name: 'from a browser' }),
      })
    expect((await makeKeyFrom({ origin: hub.url, 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    for (const foreign of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const response = await makeKeyFrom(foreign)
      expect(await problemOf(response), JSON.stringify(foreign)).toMatchObject({ status: 403, code: 'cross_site' })
    }
    expect((await fetch(`${hub.url}/api/v1/models`, { headers: { cookie } })).status).toBe(200)
  }, 40_000)

  it('prints no setup link once there is an administrator, and the audit chain holds', async () => {
    await hub.stop()
    hub = await hubs.start({ place: hub.place })
    expect(hub.output()).not.toContain('/setup?token=')
    expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await hub.stop()
  }, 120_000)
})

const refusal = (error: HubApiError) => ({ status: error.status, problem: error.problem })
