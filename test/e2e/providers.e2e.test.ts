import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { type components, unwrap } from '../../sdk/index.ts'
import { runCli, runCliJson } from './support/cli.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { problemOf } from './support/routes.ts'
import { figure, makeKey, until } from './support/work.ts'

type Credential = components['schemas']['Credential']
type Offering = components['schemas']['Offering']

const starter = 'modelhub/starter'
const shared = fileURLToPath(new URL('../../../shared/models-dev/providers.json', import.meta.url))
if (!existsSync(shared)) process.stderr.write('skipped: no shared inputs\n')

/** The hub's own gateway and engine are the provider here: an OpenAI-compatible server that is really there. */
describeHub('providers over a real hub', () => {
  const hubs = useHubs()
  let hub: Hub
  let key: string
  let credential: Credential
  beforeAll(async () => {
    hub = await hubs.start({ starter: true, env: { MODELHUB_NET_ALLOW: '127.0.0.1', MODELHUB_LOG_LEVEL: 'trace' } })
    const read = () => unwrap(hub.api.GET('/models/{id}', { params: { path: { id: starter } } })).catch(() => undefined)
    await until(read, (model) => model?.state === 'published', 90_000)
    key = (await makeKey(hub, 'provider')).key
  }, 180_000)

  const create = (input: string, ...more: string[]) =>
    runCli(
      hub,
      [
        'credentials',
        'create',
        'openai-compatible',
        '-f',
        `baseUrl=${hub.gatewayUrl}/v1`,
        '--stdin',
        'apiKey',
        '--json',
        ...more,
      ],
      60_000,
      input,
    )
  const call = (method: string, path: string, body?: unknown, token = hub.token) =>
    fetch(`${hub.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  it('refuses a key that the server refuses, and stores one that it answers a token for', async () => {
    const refused = await create('mhk_not-a-key-of-this-hub', '--name', 'refused')
    expect(refused.code).toBe(1)
    expect(refused.text).toContain('credential_not_proved')
    expect(refused.text).toContain('key_refused')
    const made = await create(`${key}\n`, '--name', 'own gateway')
    expect(made.text).not.toContain(key)
    expect(made.code, made.text).toBe(0)
    credential = JSON.parse(made.stdout) as Credential
    expect(credential).toMatchObject({ kind: 'openai-compatible', secrets: [{ name: 'apiKey', hint: key.slice(-4) }] })
    expect(credential.lastTest).toMatchObject({ ok: true, code: 'ok' })
  }, 90_000)

  it('lists what it serves, and tries what it can do', async () => {
    const sync = await runCli(hub, ['providers', 'sync', 'openai-compatible', '-c', credential.id])
    expect(sync.text).toContain('1 model: 1 new')
    const query = ['offerings', 'ls', '--provider', 'openai-compatible']
    const page = await runCliJson<{ items: Offering[] }>(hub, query)
    expect(page.items).toMatchObject([{ model: starter, visible: true, unlisted: false, price: { input: null } }])
    const args = [
      'offerings',
      'probe',
      page.items[0]?.id ?? '',
      '-c',
      credential.id,
      '--try',
      'streaming',
      '--try',
      'json',
    ]
    const probed = await runCliJson<Offering>(hub, args)
    expect(probed.probe).toMatchObject({ live: true, code: 'ok', capabilities: { streaming: true, tools: null } })
    figure(`one token of our own engine through the gateway, as a provider: ${probed.probe?.ms} ms`)
    expect((await runCli(hub, ['offerings', 'show', probed.id])).text).toContain('one token in')
  }, 90_000)

  it('rotates a secret under its id; the old key is no use any more', async () => {
    const next = await makeKey(hub, 'next')
    const rotated = await runCli(hub, ['credentials', 'rotate', credential.id], 60_000, next.key)
    expect(rotated.code, rotated.text).toBe(0)
    expect(rotated.text).toContain(`ends in ${next.key.slice(-4)}`)
    const { items } = await unwrap(hub.api.GET('/keys', { params: { query: { limit: 50 } } }))
    const old = items.find(({ name }) => name === 'provider')
    expect((await runCli(hub, ['keys', 'revoke', old?.id ?? ''])).code).toBe(0)
    expect((await runCli(hub, ['credentials', 'test', credential.id])).text).toContain('holds')
    key = next.key
  }, 90_000)

  it.skipIf(!existsSync(shared))(
    'takes in the whole of models.dev from a file',
    async () => {
      const began = performance.now()
      const answer = await runCliJson<components['schemas']['CatalogImport']>(hub, ['catalog', 'import', shared])
      figure(
        `modelhub catalog import of 5,276 offerings: ${((performance.now() - began) / 1_000).toFixed(1)} s, start of the program included`,
      )
      expect(answer).toMatchObject({ offerings: 5_276, providers: 147, problemCount: 0 })
      expect((await runCli(hub, ['providers', '--limit', '5'])).text).toContain('anthropic')
    },
    120_000,
  )

  it('sends no key to an address that the network policy refuses', async () => {
    for (const endpoint of ['https://10.0.0.1', 'https://[::ffff:169.254.169.254]', 'http://8.8.8.8']) {
      const fields = { endpoint, apiKey: 'a-key-that-goes-nowhere-01' }
      const answer = await problemOf(await call('POST', '/credentials', { kind: 'vllm', name: 'x', fields }))
      expect(answer).toMatchObject({ status: 400, code: 'credential_not_proved' })
      expect(JSON.stringify(answer)).toMatch(/"code":"(?:address_refused|url_refused)"/)
    }
  })

  it('answers nobody who may not', async () => {
    expect(await problemOf(await call('GET', '/credentials', undefined, 'nobody'))).toMatchObject({ status: 401 })
  })

  it('answers bad values without repeating them', async () => {
    const secret = 'a-secret-that-is-much-too-long-'.repeat(600)
    const spaced = 'a secret with spaces in it'
    for (const apiKey of [secret, spaced]) {
      for (const [method, path] of [
        ['POST', '/credentials'],
        ['PUT', `/credentials/${credential.id}/secret`],
      ] as const) {
        const body = method === 'POST' ? { kind: 'openai', name: 'x', fields: { apiKey } } : { fields: { apiKey } }
        const answer = await call(method, path, body)
        expect(answer.status).toBe(400)
        expect(await answer.text()).not.toContain(apiKey.slice(0, 31))
      }
    }
  })

  it('has no stored secret in clear: not in its data, its logs or its answers', async () => {
    const answers: string[] = []
    for (const path of [
      '/credentials',
      `/credentials/${credential.id}`,
      '/providers?limit=200',
      '/audit?limit=200',
      '/jobs?limit=200',
    ]) {
      answers.push(await (await call('GET', path)).text())
    }
    expect(answers.join('')).toContain(credential.id)
    const log = hub.output()
    await hub.stop()
    const form = [key, Buffer.from(key).toString('base64'), Buffer.from(key).toString('hex')]
    const files = filesBelow(hub.place.data)
    expect(files.length).toBeGreaterThan(100)
    const found = files.filter((path) => {
      const bytes = readFileSync(path)
      return form.some((text) => bytes.includes(text))
    })
    expect(found).toEqual([])
    for (const text of form) {
      expect(log).not.toContain(text)
      expect(answers.join('')).not.toContain(text)
    }
  }, 60_000)
})

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
