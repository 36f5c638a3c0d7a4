import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, expect, it } from 'vitest'
import { systemClock } from '../../kernel/index.ts'
import { type ProviderContract, readContract } from '../../server/modules/providers/testing/contract.ts'
import type { Answer, Asked } from '../../server/modules/providers/testing/provider-server.ts'
import { makeServiceAccount, replay } from '../../server/modules/providers/testing/replay.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { endOfJob, figure, readVersion, until } from '../e2e/support/work.ts'
import { commitOf, quietLog, serveBytes, startFakeHuggingFace, startServer } from '../support/index.ts'
import { findSecrets, findSecretsBelow } from './support/find-secrets.ts'
import { startProviderProxy } from './support/provider-proxy.ts'

const kinds = (
  'anthropic azure bearer bedrock cohere deepseek fireworks gemini groq huggingface huggingface-router mistral nvidia ' +
  'ollama openai-compatible openai openrouter together vertex vllm xai'
).split(' ')
const preloads = [
  new URL('./support/clock-preload.mjs', import.meta.url),
  new URL('./support/hurry-preload.mjs', import.meta.url),
]
const first = commitOf('first')
const second = commitOf('second')

/** Everything that was ever a secret in this run, by a name that may be shown. */
const secrets = new Map<string, string>()
const random = (bytes: number) => randomBytes(bytes).toString('hex')
/** A secret that no other text of this run looks like. */
function secret(name: string, make: (core: string) => string = (core) => `sec-${core}`): string {
  const value = make(random(12))
  // One that has the name of an earlier one must not hide that.
  secrets.set(secrets.has(name) ? `${name} ${secrets.size}` : name, value)
  return value
}

describeHub('a hub that was given every kind of secret', () => {
  const hubs = useHubs()
  const opened: { close: () => Promise<void> }[] = []
  afterAll(async () => {
    for (const one of opened) await one.close()
  })

  it('has none of them in clear: data, logs, tables, backup, bundle, output of commands, answers', async ({ skip }) => {
    const place = await hubs.place()
    const providers = makeProviders()
    const proxy = await startProviderProxy(
      place.temporary,
      providers.hosts,
      { user: 'egress', password: secret('password of the proxy', (core) => `p/${core}+=`) },
      providers.answer,
    )
    if (proxy === null) return skip('there is no openssl here')
    opened.push(proxy)

    const readers = { good: secret('token of Hugging Face', hfToken), poor: secret('token without access', hfToken) }
    const accounts: Record<string, { accepted: boolean }> = {
      [readers.good]: { accepted: true },
      [readers.poor]: { accepted: false },
      [providers.hfToken]: { accepted: true },
    }
    const hf = await startFakeHuggingFace(
      {
        'acme/private': { commits: { [first]: card('private') }, refs: { main: first }, private: true },
        'acme/gated': { commits: { [first]: card('gated') }, refs: { main: first }, gated: 'auto' },
      },
      { accounts, prefix: '/hf' },
    )
    opened.push(hf)
    const files = await startSignedFiles()
    opened.push(files)

    const clock = join(place.path, 'clock')
    writeFileSync(clock, '0')
    place.token = secret('bootstrap token', (core) => core + core)
    const logFile = join(place.path, 'hub.log')
    const hub = await hubs.start({
      place,
      logFile,
      env: {
        HTTPS_PROXY: proxy.url,
        NO_PROXY: '127.0.0.1',
        NODE_EXTRA_CA_CERTS: proxy.certificate,
        NODE_OPTIONS: preloads.map(({ href }) => `--import ${href}`).join(' '),
        MODELHUB_TEST_CLOCK: clock,
        MODELHUB_HF_ENDPOINT: hf.url,
        MODELHUB_NET_ALLOW: '127.0.0.1',
        MODELHUB_LOG_LEVEL: 'trace',
        MODELHUB_JOIN_TOKEN: secret('join token'),
        MODELHUB_SECRET_KEY: envelopeKey(),
      },
    })
    const call = caller(hub)

    // Who signs in.
    const password = secret('password of the administrator', (core) => `Pass ${core} "word"`)
    const email = 'first@example.com'
    const link = /\/setup\?token=(\S+)/.exec(hub.output())?.[1] ?? ''
    const setup = await call('POST', '/setup', { token: link, name: 'First', email, password })
    expect(setup.status).toBe(200)
    const again = await call('POST', '/session', { email, password })
    for (const [at, cookies] of [setup.cookies, again.cookies].entries()) {
      // The half that signs: without it the half that the database knows is worth nothing.
      const value = decodeURIComponent(/session_token=([^;]+)/.exec(cookies.join())?.[1] ?? '')
      secrets.set(`session ${at}`, value)
      secrets.set(`signature of session ${at}`, value.split('.')[1] ?? '')
      const cookie = cookies.map((one) => one.split(';', 1)[0]).join('; ')
      expect((await fetch(`${hub.url}/api/v1/models`, { headers: { cookie } })).status).toBe(200)
    }
    await call('POST', '/session', { email, password: secret('wrong password') })
    const token = (await call('POST', '/tokens', { name: 'minted' })).body['token'] as string
    secrets.set('minted token', token)
    const key = (await call('POST', '/keys', { name: 'minted' })).body['key'] as string
    secrets.set('gateway key', key)
    secrets.set('key of a session', (await call('POST', '/keys/session')).body['key'] as string)
    expect((await fetch(`${hub.url}/api/v1/models`, { headers: bearer(token) })).status).toBe(200)
    await fetch(`${hub.gatewayUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { ...bearer(key), 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'none', messages: [{ role: 'user', content: 'hello' }] }),
    })
    for (const [path, stale] of [
      ['/api/v1/models', secret('unknown token', hfToken)],
      ['/hf/api/whoami-v2', secret('unknown token at the door', hfToken)],
    ] as const) {
      expect((await fetch(hub.url + path, { headers: bearer(stale) })).status).toBe(401)
    }
    expect((await fetch(`${hub.url}/hf/api/whoami-v2`, { headers: bearer(token) })).status).toBe(200)

    // Every kind of credential: saved, tested, used, refused by a provider that repeats it, rotated.
    const made = new Map<string, string>()
    for (const { kind, contract } of providers.contracts) {
      const saved = await call('POST', '/credentials', { kind, name: kind, fields: contract.fields })
      expect([kind, saved.status, saved.body['code'] ?? null]).toEqual([kind, 201, null])
      made.set(kind, saved.body['id'] as string)
      expect((await call('POST', `/credentials/${made.get(kind)}/test`)).status).toBe(200)
      await call('POST', `/providers/${kind}/sync`, { credential: saved.body['id'] })
    }
    providers.refuse()
    delete accounts[providers.hfToken]
    for (const { kind } of providers.contracts) {
      const id = made.get(kind) ?? ''
      const tested = await call('POST', `/credentials/${id}/test`)
      expect([kind, tested.body['lastTest']]).toMatchObject([kind, { ok: false }])
      await call('POST', `/providers/${kind}/sync`, { credential: id })
      const wrong = contractOf(kind, ' (refused)').fields
      expect((await call('POST', '/credentials', { kind, name: 'x', fields: wrong })).status).toBe(400)
      const forced = await call('POST', '/credentials', { kind, name: `${kind} 2`, fields: wrong, force: true })
      expect(forced.status).toBe(201)
      const next = contractOf(kind, ' (rotated)').fields
      await call('PUT', `/credentials/${id}/secret`, { fields: next })
      expect((await call('PUT', `/credentials/${id}/secret`, { fields: next, force: true })).status).toBe(200)
      expect((await call('DELETE', `/credentials/${forced.body['id'] as string}`)).status).toBe(204)
    }
    expect([...providers.hosts].filter((host) => !proxy.hosts().has(host))).toEqual([])

    // Models from elsewhere: seen, fetched, refused, linked anew, tried again.
    const credentialOf = async (kind: string, fields: object) =>
      (await call('POST', '/credentials', { kind, name: `${kind} in use`, fields, force: true })).body['id'] as string
    const good = await credentialOf('huggingface', { token: readers.good })
    const poor = await credentialOf('huggingface', { token: readers.poor })
    const add = async (name: string, source: object, look = true) => {
      if (look) await call('POST', '/sources/check', { source })
      const { body } = await call('POST', '/models', { name, source, start: true })
      const { version, job } = body as { version?: { id: string }; job?: { id: string } }
      return {
        id: version?.id ?? '',
        job: job === undefined ? undefined : await endOfJob(hub, job.id),
        code: body['code'],
      }
    }
    const watched = { type: 'huggingface', repo: 'acme/private', revision: 'main', credential: good, watch: true }
    const drifting = await add('acme/private', watched)
    expect(drifting.job).toMatchObject({ state: 'succeeded' })
    const gated = await add('acme/gated', {
      type: 'huggingface',
      repo: 'acme/gated',
      revision: 'main',
      credential: poor,
    })
    expect(gated.job?.state ?? gated.code).toMatch(/failed|gated/)
    const origin = await credentialOf('bearer', { origin: files.url, token: files.token })
    const opened3 = { type: 'url', url: `${files.url}/bearer.json`, credential: origin }
    expect((await add('acme/bearer', opened3)).job).toMatchObject({ state: 'succeeded' })
    for (const [name, link] of files.links) {
      const source = { type: 'url', url: link.good, unpack: true }
      expect((await add(`acme/${name}`, source)).job, name).toMatchObject({ state: 'succeeded' })
      await call('POST', '/sources/expand', { text: `${link.good}\n${link.ends}\n${link.bad}` })
      const refused = await add(`acme/${name}-refused`, { ...source, url: link.bad })
      expect(refused.job?.state ?? refused.code, name).toBeTruthy()
    }
    const s3 = files.links.get('s3')
    const ended = await add('acme/ended', { type: 'url', url: s3?.ends, unpack: true }, false)
    expect(ended.job, JSON.stringify(ended)).toMatchObject({ state: 'failed', error: { code: 'link_expired' } })
    const relinked = await call('POST', `/versions/${ended.id}/source-url`, { url: s3?.next })
    expect(relinked.status, JSON.stringify(relinked.body)).toBe(200)
    const { activeJobId } = await readVersion(hub, ended.id)
    if (activeJobId !== null) expect(await endOfJob(hub, activeJobId)).toMatchObject({ state: 'succeeded' })
    const inAddress = `http://user:${secret('password in an address')}@127.0.0.1:9/x?q=${secret('query of a bad address')}`
    expect((await add('acme/user', { type: 'url', url: inAddress })).code).toBeTruthy()

    // A repository moves on; a new draft appears.
    hf.repos['acme/private'] = { commits: { [second]: card('moved') }, refs: { main: second }, private: true }
    writeFileSync(clock, String(7 * 3_600_000))
    await until(
      async () => (await call('GET', '/models/acme%2Fprivate/versions')).body['items'] as unknown[],
      (versions) => versions.length === 2,
      60_000,
    )

    // What leaves the hub.
    const said: string[] = []
    const run = async (...args: string[]) => {
      const done = await runCli(hub, args)
      said.push(done.text)
      return done
    }
    expect((await run('export', 'acme/private@1', join(place.path, 'bundle.tar'))).code).toBe(0)
    expect((await run('backup', join(place.path, 'backup'))).code).toBe(0)
    await run('audit', 'export')
    await run('config')
    await run('doctor')
    await run('credentials', 'ls')
    await run('show', 'acme/s3')
    await run('jobs')

    // Every answer that can be read.
    const answers = await readEverything(hub)
    figure(`${answers.length} answers read, ${answers.filter(({ status }) => status === 200).length} of them good`)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(150)
    expect(answers.map(({ text }) => text).join()).toContain(made.get('openai'))
    await hub.stop()

    const found = [
      ...answers.flatMap(({ path, text }) => findSecrets(secrets, path, Buffer.from(text))),
      ...said.flatMap((text, at) => findSecrets(secrets, `command ${at}`, Buffer.from(text))),
      ...findSecrets(secrets, 'log', readFileSync(logFile)),
      ...(await findInTables(place.data)),
    ]
    // The certificate of the test is no secret of the hub; its log was looked at above.
    const below = [place.data, join(place.path, 'backup'), place.temporary].map((folder, at) =>
      findSecretsBelow(secrets, folder, [100, 20, 0][at] ?? 0),
    )
    found.push(
      ...below.flatMap((one) => one.found),
      ...findSecrets(secrets, 'bundle', readFileSync(join(place.path, 'bundle.tar'))),
    )
    const counted = below.reduce((sum, one) => sum + one.files, 0)
    const logBytes = readFileSync(logFile).length
    figure(
      `${secrets.size} secrets looked for in ${counted} files, ${answers.length} answers and ${logBytes} bytes of log`,
    )
    expect(found).toEqual([])
  }, 600_000)

  it('is searched by a search that finds', () => {
    const value = 'a/b+c=d "e" 0123456789'
    const known = new Map([['it', value]])
    const within = `{"x":"${Buffer.from(`user:${value}:more`).toString('base64')}"}`
    for (const text of [
      value,
      encodeURIComponent(value),
      within,
      JSON.stringify({ value }),
      Buffer.from(value).toString('hex'),
    ])
      expect(findSecrets(known, 'there', Buffer.from(`before ${text} after`))).toEqual(['there: it'])
    expect(findSecrets(known, 'there', Buffer.from('nothing'))).toEqual([])
  })
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const hfToken = (core: string) => `hf_${core}${random(8)}`.slice(0, 43)
const card = (text: string) => ({ 'README.md': `---\nlicense: mit\n---\n# ${text}\n`, 'config.json': '{"a":1}' })

function envelopeKey(): string {
  const key = randomBytes(32)
  secrets.set('envelope key in hexadecimal', key.toString('hex'))
  secrets.set('envelope key', key.toString('base64'))
  return key.toString('base64')
}

/** What a provider answers, with secrets of this run in place of those of the fixture. */
function contractOf(kind: string, suffix = ''): ProviderContract {
  const text = JSON.stringify(readContract(kind))
    .replaceAll('fixture-key-0123456789abcdef-WXYZ', secret(`key of ${kind}${suffix}`))
    .replaceAll('http://127.0.0.1:11434', 'https://ollama.example.com')
    .replaceAll('http://gpu-1.internal:8000', 'https://vllm.example.com')
  const contract = JSON.parse(text) as ProviderContract
  if (kind === 'bedrock') {
    const accessKeyId = secret(`access key of bedrock${suffix}`, (core) => `AKIA${core.toUpperCase().slice(0, 16)}`)
    contract.fields = {
      region: 'eu-central-1',
      accessKeyId,
      secretAccessKey: secret(`secret key of bedrock${suffix}`, (core) => `wJ/${core}+${core.slice(0, 12)}`),
      sessionToken: secret(`session token of bedrock${suffix}`, (core) => `IQ//${core}+${random(60)}==`),
    }
    contract.authMatch = { authorization: `^AWS4-HMAC-SHA256 Credential=${accessKeyId}/` }
  }
  return contract
}

/** Every provider behind one answer: each by its contract, until they all refuse, and repeat what they were sent. */
function makeProviders() {
  let refusing = false
  const contracts = kinds.map((kind) => ({ kind, contract: contractOf(kind) }))
  const account = makeServiceAccount()
  const vertex = contracts.find(({ kind }) => kind === 'vertex')?.contract
  if (vertex === undefined) throw new Error('no vertex')
  vertex.fields['serviceAccount'] = account.keyFile
  const lines = (JSON.parse(account.keyFile) as { private_key: string }).private_key.split('\n')
  secrets.set('private key of vertex', lines[3] ?? '')
  const accessToken = secret('access token of vertex', (core) => `ya29.${core}`)
  const whole = JSON.stringify(vertex).replaceAll('ya29.fixture-access-token', accessToken)
  Object.assign(vertex, JSON.parse(whole))
  const hosts = new Set(
    contracts.flatMap(({ contract }) => contract.exchanges.map(({ request }) => new URL(request.url).host)),
  )
  const answer = (asked: Asked): Answer => {
    if (refusing) {
      const sent = `${JSON.stringify(asked.headers)} ${asked.url} ${asked.body}`
      return {
        status: 401,
        body: { error: { message: `Incorrect API key provided: ${sent}`, code: 'invalid_api_key' } },
      }
    }
    const answers = contracts.map(({ contract }) => replay(contract, account.publicKey)(asked) as Answer)
    return answers.find(({ status }) => status < 300) ?? { status: 404, body: { error: `unknown: ${asked.url}` } }
  }
  // Its tokens are proved where its models are fetched.
  const hfToken = contracts.find(({ kind }) => kind === 'huggingface')?.contract.fields['token'] ?? ''
  return { contracts, hfToken, hosts: [...hosts], answer, refuse: () => void (refusing = true) }
}

/** Objects that are read with a signature in the query, as three clouds sign, or with a token; refusals repeat what was sent, as S3 does. */
async function startSignedFiles() {
  const token = secret('token for an address')
  const at = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const signatures = new Map<string, 'good' | 'ends'>()
  const sign = (name: string, kind: 'good' | 'ends' | 'bad', make?: (core: string) => string) => {
    const value = secret(`${kind} signature of ${name}`, make)
    if (kind !== 'bad') signatures.set(value, kind)
    return encodeURIComponent(value)
  }
  const base64 = (core: string) => `${core.slice(0, 9)}+${core.slice(0, 8)}/${core}=`
  const address = {
    s3: (signature: string) =>
      `/s3.json?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${secret('access key in an address', (core) => `AKIA${core}`)}` +
      `&X-Amz-Date=${at}&X-Amz-Expires=604800&X-Amz-Security-Token=${encodeURIComponent(secret('session token in an address', base64))}&X-Amz-Signature=${signature}`,
    gcs: (signature: string) => `/gcs.json?X-Goog-Date=${at}&X-Goog-Expires=604800&X-Goog-Signature=${signature}`,
    azure: (signature: string) => `/azure.json?sv=2024-11-04&se=2099-01-01T00%3A00%3A00Z&sr=b&sp=r&sig=${signature}`,
  }
  let over = false
  const server = await startServer((request, response) => {
    const asked = new URL(request.url ?? '/', 'http://files')
    const signature =
      asked.searchParams.get('X-Amz-Signature') ??
      asked.searchParams.get('X-Goog-Signature') ??
      asked.searchParams.get('sig')
    const kind = signatures.get(signature ?? '')
    // It is seen, but when the whole is asked for it is over.
    if (kind === 'ends' && request.headers.range !== 'bytes=0-0') over = true
    const may =
      asked.pathname === '/bearer.json'
        ? request.headers.authorization === `Bearer ${token}`
        : kind === 'good' || (kind === 'ends' && !over)
    if (request.method !== 'GET' || !may) {
      const text = `<Error><Code>SignatureDoesNotMatch</Code><SignatureProvided>${signature}</SignatureProvided><Url>${request.url}</Url></Error>`
      return void response.writeHead(403, { 'content-type': 'application/xml' }).end(text)
    }
    const ended = kind === 'ends' || asked.searchParams.has('next')
    const bytes = Buffer.from(JSON.stringify({ of: ended ? 'ended' : asked.pathname }))
    serveBytes(request, response, bytes, `"${asked.pathname}"`)
  })
  const links = new Map(
    (['s3', 'gcs', 'azure'] as const).map((name) => {
      const link = (kind: 'good' | 'ends' | 'bad') =>
        server.url + address[name](sign(name, kind, name === 'azure' ? base64 : undefined))
      return [
        name as string,
        { good: link('good'), ends: link('ends'), bad: link('bad'), next: `${link('good')}&next=1` },
      ]
    }),
  )
  return { url: server.url, token, links, close: server.close }
}

type Called = { status: number; body: Record<string, unknown>; cookies: string[] }

const caller =
  (hub: Hub) =>
  async (method: string, path: string, body?: unknown): Promise<Called> => {
    const answer = await fetch(`${hub.url}/api/v1${path}`, {
      method,
      headers: { ...bearer(hub.token), 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return {
      status: answer.status,
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
      cookies: answer.headers.getSetCookie(),
    }
  }

/** Every GET of the interface, over every id that a list gives, and what stands beside it. */
async function readEverything(hub: Hub): Promise<{ path: string; status: number; text: string }[]> {
  const document = JSON.parse(readFileSync(fileURLToPath(new URL('../../openapi.json', import.meta.url)), 'utf8')) as {
    paths: Record<string, { get?: unknown }>
  }
  const read: { path: string; status: number; text: string }[] = []
  const get = async (path: string) => {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(), 20_000)
    const answer = await fetch(hub.url + path, { headers: bearer(hub.token), signal: controller.signal })
    const text = await answer.text().catch(() => '')
    clearTimeout(timer)
    read.push({ path, status: answer.status, text: JSON.stringify([...answer.headers]) + text })
    return text
  }
  const paths = Object.entries(document.paths).flatMap(([path, { get: has }]) => (has === undefined ? [] : [path]))
  const ids = new Map<string, Set<string>>()
  for (const path of paths.filter((one) => !one.includes('{'))) {
    const text = await get(`/api/v1${path}`)
    await get(`/api/v1${path}?limit=200`)
    for (const [, id = ''] of text.matchAll(/"((?:mdl|ver|job|crd|off|bnc|evl|dep|rte|key|tok|upl)_[0-9a-z]+)"/g)) {
      const kind = id.slice(0, 3)
      ids.set(kind, (ids.get(kind) ?? new Set()).add(id))
    }
  }
  const kindOf: Record<string, string> = {
    models: 'mdl',
    versions: 'ver',
    jobs: 'job',
    credentials: 'crd',
    offerings: 'off',
  }
  for (const path of paths.filter((one) => one.includes('{id}') && !one.endsWith('/bundle'))) {
    const known = [...(ids.get(kindOf[path.split('/')[1] ?? ''] ?? '') ?? [])].slice(0, 30)
    for (const id of known) await get(`/api/v1${path.replace('{id}', id)}`)
  }
  for (const path of ['/metrics', '/healthz', '/readyz', '/openapi.json', '/hf/api/models', '/hf/api/models/acme/s3'])
    await get(path)
  return read
}

/** What every row of every table says: values that the files of the database hold compressed are read here. */
async function findInTables(dataFolder: string): Promise<string[]> {
  const database = await openDatabase({ dataFolder, log: quietLog(), clock: systemClock })
  try {
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public' order by 1
    `.execute(database.db)
    expect(tables.length).toBeGreaterThan(20)
    const found: string[] = []
    for (const { name } of tables) {
      const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} t`.execute(
        database.db,
      )
      found.push(...findSecrets(secrets, `table ${name}`, Buffer.from(rows.map(({ text }) => text).join('\n'))))
    }
    return found
  } finally {
    await database.close()
  }
}
