import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Check } from '../doctor/check.ts'
import { type FakeHub, json, startFakeHub } from '../testing/fake-hub.ts'
import { runCommand } from '../testing/test-context.ts'

let hub: FakeHub
let data: string
beforeEach(async () => {
  hub = await startFakeHub()
  data = mkdtempSync(join(tmpdir(), 'modelhub-data-'))
})
afterEach(async () => {
  await hub.close()
  rmSync(data, { recursive: true })
})
const run = (argv: string[], variables: Record<string, string> = {}) =>
  runCommand(argv, {
    variables: {
      MODELHUB_URL: hub.url,
      MODELHUB_DATA: data,
      MODELHUB_PORT: '0',
      MODELHUB_GATEWAY_PORT: '0',
      ...variables,
    },
  })
const info = () => ({ version: '9.9.9', node: '24', database: 'embedded', gatewayUrl: hub.url, ruleset: '7' })

describe('modelhub doctor', () => {
  const checks = async (variables: Record<string, string> = {}) => {
    const done = await run(['doctor', '--json'], variables)
    const list = (JSON.parse(done.out) as { checks: Check[] }).checks
    return { code: done.code, of: (name: string) => list.find((check) => check.name === name) }
  }

  test('without a hub: the local checks, and how to start one', async () => {
    const found = await checks({ MODELHUB_URL: 'http://127.0.0.1:9' })
    expect(found.code).toBe(0)
    expect(found.of('node')?.status).toBe('ok')
    expect(found.of('data folder')?.message).toContain('is writable')
    expect(found.of('hub')).toMatchObject({ status: 'warn' })
  })

  test('with a hub: health, readiness, database, gateway and the age of its snapshot', async () => {
    hub.on('getVersionInfo', info())
    let ageMs = 1_500
    hub.raw('GET /readyz', (_s, _q, response) =>
      json(response, 503, { status: 'not_ready', reason: 'Migrations run.' }),
    )
    hub.raw('GET /healthz', (_s, _q, response) =>
      json(response, 200, { status: 'ok', reasons: [], snapshot: { ageMs } }),
    )
    const found = await checks()
    expect(found.of('hub')?.status).toBe('ok')
    expect(found.of('ready')).toMatchObject({ status: 'fail', message: 'The hub is not ready: Migrations run.' })
    expect(found.of('version')?.message).toBe('9.9.9, database embedded')
    expect(found.of('snapshot')?.message).toBe('The snapshot is 1.5 s old')
    ageMs = 600_000
    expect((await checks()).of('snapshot')).toMatchObject({ status: 'fail', remedy: expect.any(String) as string })
  })

  test('a port held by our hub is fine, by another program not', async () => {
    hub.raw('GET /healthz', (_s, _q, response) => json(response, 200, { status: 'ok' }))
    const other = createServer((socket) => socket.end('no\r\n'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const found = await checks({ MODELHUB_PORT: new URL(hub.url).port, MODELHUB_GATEWAY_PORT: port })
    expect(found.of('port')).toMatchObject({ status: 'ok' })
    expect(found.of('gateway port')).toMatchObject({
      status: 'fail',
      remedy: expect.stringContaining('MODELHUB_GATEWAY_PORT'),
    })
    expect(found.code).toBe(1)
    other.close()
  })

  test('a token file that others can read fails', async () => {
    writeFileSync(join(data, 'cli-token'), 'x')
    writeFileSync(join(data, 'secret.key'), 'x')
    chmodSync(join(data, 'cli-token'), 0o644)
    expect((await checks()).of('token file')).toMatchObject({ status: 'fail' })
  })

  test('--network lists hosts without their secrets', async () => {
    const variables = {
      MODELHUB_DATABASE_URL: 'postgres://u:secret@db.example:5433/hub',
      HTTPS_PROXY: 'http://proxy:3128',
    }
    const done = await run(['doctor', '--network'], variables)
    expect(done.out).toContain('db.example:5433')
    expect(done.out).toContain('proxy:3128')
    expect(done.out).not.toContain('secret')
  })
})

describe('modelhub config', () => {
  test('every variable with its value, secrets never', async () => {
    const variables = {
      MODELHUB_ADMIN_TOKEN: 'very-secret-token-value',
      MODELHUB_TOKEN: 'also-secret',
      MODELHUB_STARTER: 'off',
    }
    const done = await run(['config'], variables)
    expect(done.code).toBe(0)
    expect(done.out).toMatch(/MODELHUB_STARTER\n.*\n {2}default: on\n {2}now: off/)
    expect(done.out).toContain('now: [redacted]')
    expect(done.out).not.toContain('secret-token')
    expect(done.out).not.toContain('also-secret')
  })

  test('a value the hub would refuse is exit 1, with the reason', async () => {
    const done = await run(['config'], { MODELHUB_PORT: '99999' })
    expect(done.code).toBe(1)
    expect(done.err).toContain('MODELHUB_PORT')
  })
})

describe('modelhub version and whoami', () => {
  test('version: ours, and the hub when one answers', async () => {
    hub.on('getVersionInfo', info())
    expect((await run(['version'])).out).toContain(`9.9.9 at ${hub.url} (Node 24, database embedded, ruleset 7)`)
    const alone = await run(['version', '--json'], { MODELHUB_URL: 'http://127.0.0.1:9' })
    expect(JSON.parse(alone.out)).toMatchObject({ hub: null, node: process.versions.node })
  })

  test('whoami without a known token is exit 1', async () => {
    hub.on('getSession', { viewer: null })
    expect(await run(['whoami'])).toMatchObject({ code: 1 })
  })

  test('setup says whether it is needed, and reads the password from standard input', async () => {
    hub.on('getSetup', { needed: true })
    expect((await run(['setup'])).out).toContain('No administrator yet')
    const viewer = { id: 'usr_1', type: 'user', name: 'Ada', email: null, roles: ['admin'], permissions: [] }
    hub.on('completeSetup', { viewer })
    const variables = { MODELHUB_URL: hub.url }
    const argv = ['setup', '--token', 't', '--name', 'Ada', '--email', 'ada@example.org']
    const done = await runCommand(argv, { variables, input: 'a long password\n' })
    expect(done.code).toBe(0)
    expect(hub.seen.at(-1)?.body).toMatchObject({ password: 'a long password' })
  })
})

describe('modelhub keys', () => {
  test('create prints the value alone; an expiry may be a span', async () => {
    const record = {
      id: 'key_1',
      name: 'app',
      prefix: 'mhk_a',
      projectId: 'prj_1',
      models: ['tiny'],
      session: false,
      expiresAt: '2026-12-23T12:00:00.000Z',
      revokedAt: null,
      lastUsedAt: null,
      createdBy: 'usr_1',
      createdAt: '2026-11-23T12:00:00.000Z',
    }
    hub.on('createKey', { id: 'key_1', key: 'mhk_value', record })
    const done = await run(['keys', 'create', '--name', 'app', '-m', 'tiny', '--expires', '30d'])
    expect(done.out).toBe('mhk_value\n')
    expect(hub.seen[0]?.body).toEqual({ name: 'app', models: ['tiny'], expiresAt: '2026-12-23T12:00:00.000Z' })
    expect((await run(['keys', 'create', '--name', 'app', '--expires', '2020-01-01'])).code).toBe(3)
  })
})
