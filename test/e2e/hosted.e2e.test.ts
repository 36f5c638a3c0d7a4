import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, it } from 'vitest'
import { type components, unwrap } from '../../sdk/index.ts'
import { chat, streamChat } from './support/chat.ts'
import { runCli, runCliJson } from './support/cli.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { figure, makeKey, readVersion, until } from './support/work.ts'

type Credential = components['schemas']['Credential']

const starter = 'modelhub/starter'
const name = 'team/hosted'
const callers = 4
/** What is asked and what the starter, which knows successors only, says to it. */
const question = '1 2 3'

/** One hub sells the model of its engine; another registers it as a provider's, publishes it and calls it. */
describeHub('a model that a provider hosts', () => {
  const hubs = useHubs()
  let provider: Hub
  let hub: Hub
  let key: string
  let credential: Credential
  let versionId: string
  const secrets: string[] = []
  const makeProviderKey = async (label: string) => {
    const made = await makeKey(provider, label)
    secrets.push(made.key)
    return made
  }
  const rotate = (secret: string, ...more: string[]) =>
    runCli(hub, ['credentials', 'rotate', credential.id, ...more], 60_000, secret)
  const ask = (request = question) => chat(hub.gatewayUrl, key, { model: name, content: request, maxTokens: 8 })
  const deployment = async () => {
    const { items } = await unwrap(hub.api.GET('/deployments', { params: { query: { version: versionId } } }))
    return items[0]
  }

  beforeAll(async () => {
    const env = { MODELHUB_NET_ALLOW: '127.0.0.1', MODELHUB_LOG_LEVEL: 'trace' }
    provider = await hubs.start({ starter: true })
    hub = await hubs.start({ env })
    const read = () => unwrap(provider.api.GET('/models/{id}', { params: { path: { id: starter } } })).catch(() => null)
    await until(read, (model) => model?.state === 'published', 90_000)
    key = (await makeKey(hub, 'application')).key
  }, 240_000)

  it('is checked, linked, verified and published by the command line', async () => {
    const { key: first } = await makeProviderKey('first')
    const args = ['openai-compatible', '--name', 'team', '-f', `baseUrl=${provider.gatewayUrl}/v1`]
    const stored = await runCli(hub, ['credentials', 'create', ...args, '--stdin', 'apiKey', '--json'], 60_000, first)
    expect(stored.code, stored.text).toBe(0)
    credential = JSON.parse(stored.stdout) as Credential
    const source = `cloud:openai-compatible/${starter}`
    const bare = await runCli(hub, ['add', source, '--dry-run'])
    expect(bare.code).toBe(1)
    expect(bare.text).toContain('is not called without a credential')
    const checked = await runCli(hub, ['add', source, '--credential', credential.id, '--dry-run'])
    expect(checked.code, checked.text).toBe(0)
    expect(checked.text).toContain('team: holds')
    const began = performance.now()
    const add = await runCli(hub, ['add', source, '--credential', credential.id, '--name', name, '--publish'])
    expect(add.code, add.text).toBe(0)
    figure(`modelhub add cloud:…, proof, token and publishing: ${seconds(began)} s, start of the program included`)
    expect(add.stdout).toContain('published  verdict not applicable: hosted')
    const model = await runCliJson<components['schemas']['Model']>(hub, ['show', name])
    versionId = model.defaultVersion.id
    expect(model.defaultVersion).toMatchObject({
      state: 'published',
      digest: null,
      verdict: null,
      fileCount: 0,
      hosted: { provider: 'openai-compatible', model: starter, api: `${provider.gatewayUrl}/v1` },
    })
    const shown = await runCli(hub, ['show', name])
    expect(shown.stdout).toContain('n/a  Security scan')
    expect(shown.stdout).toContain('OpenAI-compatible server (openai-compatible), there are no files here')
    expect(await deployment()).toMatchObject({ engine: 'provider:openai-compatible', status: 'ready' })
    const again = await runCli(hub, ['add', source, '--credential', credential.id, '--dry-run'])
    expect(again.text).toContain(`here already: ${name}@1 published`)
  }, 120_000)

  it('answers through the gateway as the provider itself does', async () => {
    const direct = { model: starter, content: question, maxTokens: 8 }
    const said = await chat(provider.gatewayUrl, secrets[0] ?? '', direct)
    expect(said).toMatchObject({ status: 200 })
    expect(said.text).not.toBe('')
    expect(await ask()).toEqual(said)
    const streamed = await streamChat(hub.gatewayUrl, key, { ...direct, model: name })
    expect(streamed).toMatchObject({ status: 200, text: said.text, completionTokens: said.completionTokens })
    const chatted = await runCli(hub, ['chat', name, question])
    expect(chatted.code, chatted.text).toBe(0)
    expect((await runCli(hub, ['credentials', 'rm', credential.id, '--yes'])).text).toContain(`is used by ${name}@1`)
    const used = () => unwrap(hub.api.GET('/credentials/{id}', { params: { path: { id: credential.id } } }))
    const { value } = await until(
      used,
      ({ usedByCount, lastUsedAt }) => usedByCount === 1 && lastUsedAt !== null,
      20_000,
    )
    expect(value.usedBy).toMatchObject([{ id: versionId, name: `${name}@1` }])
  }, 120_000)

  it('keeps answering while its credential is rotated under load, and the old one is revoked', async () => {
    let stop = false
    const failed: unknown[] = []
    let done = 0
    const load = Array.from({ length: callers }, async (_none, caller) => {
      while (!stop) {
        const options = { model: name, content: question, maxTokens: 8 }
        const call = caller % 2 === 0 ? chat : streamChat
        await call(hub.gatewayUrl, key, options).then(
          (answer) => {
            done += 1
            if (answer.status !== 200 || answer.text === '') failed.push(answer)
          },
          (error: unknown) => failed.push(error),
        )
      }
    })
    let rotations = 0
    try {
      let old = await currentKey(provider, 'first')
      for (const label of ['second', 'third', 'fourth']) {
        const next = await makeProviderKey(label)
        const rotated = await rotate(next.key)
        expect(rotated.code, rotated.text).toBe(0)
        rotations += 1
        // What was sent with the old one has been accepted by now: whoever has rotated may revoke it.
        await sleep(2_000)
        await unwrap(provider.api.DELETE('/keys/{id}', { params: { path: { id: old } } }))
        old = next.id
        await sleep(1_000)
      }
    } finally {
      stop = true
      await Promise.all(load)
    }
    expect(failed).toEqual([])
    expect(done).toBeGreaterThan(rotations * 10)
    figure(`${done} calls of ${callers} callers over ${rotations} rotations, none failed`)
  }, 180_000)

  it('shows a credential that the provider refuses, to the caller as no fault of theirs, and recovers', async () => {
    const good = secrets.at(-1) ?? ''
    const revoked = 'mhk_revoked-key-of-nobody-0123456789'
    secrets.push(revoked)
    const rotated = performance.now()
    expect((await rotate(revoked, '--force')).code).toBe(0)
    const { value } = await until(ask, ({ status }) => status !== 200, 5_000)
    figure(`a forced secret was in use ${seconds(rotated)} s after the command began`)
    expect(value).toMatchObject({ status: 502, code: 'upstream_credential_refused' })
    expect(await deployment()).toMatchObject({ status: 'failed', statusReason: { code: 'key_refused' } })
    expect((await rotate(good)).code).toBe(0)
    await until(ask, ({ status }) => status === 200, 5_000)
    const { value: ready } = await until(deployment, (one) => one?.status === 'ready', 20_000)
    expect(ready).toMatchObject({ statusReason: null })
    // Revoked at the provider: nobody has tested it here, the calls tell.
    const { id: last } = await makeProviderKey('last')
    expect((await rotate(secrets.at(-1) ?? '')).code).toBe(0)
    await until(ask, ({ status }) => status === 200, 5_000)
    await unwrap(provider.api.DELETE('/keys/{id}', { params: { path: { id: last } } }))
    await until(ask, ({ status }) => status === 502, 10_000)
    const { value: told } = await until(deployment, (one) => one?.status === 'failed', 20_000)
    expect(told?.statusReason?.code).toBe('upstream_credential_refused')
    expect((await rotate(good)).code).toBe(0)
    await until(ask, ({ status }) => status === 200, 5_000)
  }, 180_000)

  it('survives an outage of its own control plane and a restart', async () => {
    hub.kill9('control')
    expect(await ask()).toMatchObject({ status: 200 })
    const up = () =>
      fetch(`${hub.url}/readyz`).then(
        (response) => response.status === 200,
        () => false,
      )
    await until(up, Boolean, 60_000)
    expect(await readVersion(hub, versionId)).toMatchObject({ state: 'published', notices: [] })
  }, 90_000)

  it('tells of an end that the provider announces: version, deployment, route, command line', async () => {
    const { items } = await unwrap(
      hub.api.GET('/offerings', { params: { query: { provider: 'openai-compatible', q: starter } } }),
    )
    const params = { params: { path: { id: items[0]?.id ?? '' } } }
    const body = { deprecated: '2027-01-31', replacement: 'next', reason: 'their mail' }
    await unwrap(hub.api.PATCH('/offerings/{id}', { ...params, body }))
    const notice = { kind: 'deprecation', date: '2027-01-31', replacement: 'next' }
    expect((await readVersion(hub, versionId)).notices).toMatchObject([notice])
    expect((await deployment())?.notices).toMatchObject([notice])
    const routes = await unwrap(hub.api.GET('/routes', { params: { query: {} } }))
    expect(routes.items.find((route) => route.name === name)?.notices).toMatchObject([notice])
    expect((await runCli(hub, ['show', name])).stdout).toContain('deprecated, ends on 2027-01-31; instead: next')
    expect(await ask()).toMatchObject({ status: 200 })
  }, 60_000)

  it('unpublished, is refused within two seconds', async () => {
    expect((await runCli(hub, ['unpublish', `${name}@1`])).code).toBe(0)
    const { seconds: took, value } = await until(ask, ({ status }) => status !== 200, 2_000)
    expect(value).toMatchObject({ status: 404 })
    figure(`unpublished: refused ${took.toFixed(2)} s after the answer`)
    expect((await runCli(hub, ['archive', `${name}@1`])).code).toBe(0)
    expect((await runCli(hub, ['credentials', 'rm', credential.id, '--yes'])).code).toBe(0)
  }, 60_000)

  it('has left no secret in clear: not in data, logs, jobs, trail or answers', async () => {
    const answers: string[] = []
    for (const path of ['/audit?limit=200', '/jobs?limit=200', '/deployments', '/routes', `/versions/${versionId}`]) {
      const response = await fetch(`${hub.url}/api/v1${path}`, { headers: { authorization: `Bearer ${hub.token}` } })
      expect(response.status, path).toBe(200)
      answers.push(await response.text())
    }
    const log = hub.output()
    await hub.stop()
    const forms = secrets.flatMap((secret) => {
      const bytes = Buffer.from(secret)
      return [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')]
    })
    expect(forms).toHaveLength(secrets.length * 3)
    const files = filesBelow(hub.place.data)
    expect(files.length).toBeGreaterThan(50)
    const found = files.filter((path) => {
      const bytes = readFileSync(path)
      return forms.some((form) => bytes.includes(form))
    })
    expect(found).toEqual([])
    for (const form of forms) {
      expect(log).not.toContain(form)
      expect(answers.join('')).not.toContain(form)
    }
  }, 60_000)
})

const seconds = (began: number) => ((performance.now() - began) / 1_000).toFixed(2)

async function currentKey(hub: Hub, label: string): Promise<string> {
  const { items } = await unwrap(hub.api.GET('/keys', { params: { query: { limit: 50 } } }))
  const found = items.find((one) => one.name === label)
  if (found === undefined) throw new Error(`there is no key named ${label}`)
  return found.id
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
