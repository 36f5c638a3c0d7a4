import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fixedClock, HubError, redact } from '../../../kernel/index.ts'
import { hubErrorOf } from '../../../test/support/index.ts'
import { parseFields } from './credentials/fields.ts'
import { testFields } from './credentials/test-fields.ts'
import { openaiLike } from './openai-like.ts'
import { type ProviderContract, readContract } from './testing/contract.ts'
import { type ProviderServer, startProviderServer } from './testing/provider-server.ts'
import { makeServiceAccount, replay } from './testing/replay.ts'
import { facts, tokens } from './units.ts'
import type { Vendor } from './vendor.ts'
import { failureCodes } from './vendor.ts'
import { vendors } from './vendors/index.ts'
import { connect } from './wire/connection.ts'
import { failureOf } from './wire/failure.ts'
import { listModels } from './wire/list-models.ts'
import { prove } from './wire/prove.ts'

let server: ProviderServer
const account = makeServiceAccount()
const clock = fixedClock(Date.UTC(2026, 10, 23))

beforeAll(async () => {
  server = await startProviderServer()
})
afterAll(() => server.close())

function contractOf(kind: string): ProviderContract {
  const contract = readContract(kind)
  if (contract.fields['serviceAccount'] !== undefined) contract.fields['serviceAccount'] = account.keyFile
  return contract
}

const connectTo = (vendor: Vendor, fields: Record<string, string>, providerTimeoutMs = 5_000) =>
  connect({ net: server.net, clock, providerTimeoutMs }, vendor, fields)

/** The same credential with another secret of the right shape. */
function wrong(vendor: Vendor, fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      vendor.fields[name]?.multiline === true
        ? makeServiceAccount().keyFile
        : vendor.fields[name]?.secret === true
          ? 'wrong-secret-of-nobody'
          : value,
    ]),
  )
}

test('every provider has a contract, and every contract a provider', () => {
  const files = readdirSync(new URL('../../../test/fixtures/providers/', import.meta.url))
  expect(files.map((name) => name.replace('.json', '')).sort()).toEqual([...vendors.kinds].sort())
})

test('every file of vendors/ is registered', async () => {
  const folder = new URL('./vendors/', import.meta.url)
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'index.ts')
  expect(files.length).toBe(vendors.all.length)
  for (const file of files) {
    const exported = Object.values((await import(new URL(file, folder).href)) as Record<string, unknown>)
    expect(exported, `${file} exports one definition`).toHaveLength(1)
    expect(vendors.all, `${file} is registered`).toContain(exported[0])
    expect((exported[0] as Vendor).kind).toBe(file.replace('.ts', ''))
  }
})

test('a token for a mirror is shown to the mirror alone', async () => {
  server.behave(() => ({ status: 200, body: { type: 'user', name: 'me' } }))
  const deps = { net: server.net, clock, bases: { huggingface: 'https://mirror.example/hf' } }
  expect(await testFields(deps, vendors.get('huggingface'), { token: 'hf_of_the_mirror' })).toMatchObject({ ok: true })
  expect(server.asked.map(({ url }) => url)).toEqual(['https://mirror.example/hf/api/whoami-v2'])
})

describe.each(vendors.all.map((vendor) => [vendor.kind, vendor] as const))('%s', (kind, vendor) => {
  const contract = contractOf(kind)

  test('names where its facts and its contract are from', () => {
    expect(vendor.docs.length).toBeGreaterThan(0)
    for (const { url, date } of vendor.docs) {
      expect(url).toMatch(/^https:\/\//)
      expect(date).toMatch(/^\d{4}-\d\d-\d\d$/)
    }
    expect(contract.source).toMatch(/^https:\/\//)
    expect(contract.date).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(contract.recorded).toBe(false)
  })

  test('takes the fields of its contract, and refuses others without quoting them', () => {
    const { open, secret } = parseFields(vendor, contract.fields)
    expect({ ...open, ...secret }).toEqual(contract.fields)
    expect(() => parseFields(vendor, { ...contract.fields, more: 'x' })).toThrow(HubError)
    for (const [name, field] of Object.entries(vendor.fields)) {
      const bad = field.multiline === true ? 'x' : 'has spaces\nand lines'
      const refuse = () => parseFields(vendor, { ...contract.fields, [name]: bad })
      expect(refuse).toThrow(expect.objectContaining({ code: 'invalid_field' }))
      expect(refuse).toThrow(expect.not.objectContaining({ message: expect.stringContaining('has spaces') as string }))
    }
  })

  test('proves a good credential', async () => {
    server.behave(replay(contract, account.publicKey))
    await prove(connectTo(vendor, contract.fields))
    expect(server.asked.length).toBeGreaterThan(0)
    // What anybody may read proves nothing: some request of the proof must have carried the credential.
    const free = (url: string) => contract.openList === true && url.endsWith('/models')
    expect(server.asked.filter(({ url }) => !free(url)).length).toBeGreaterThan(0)
  })

  test('does not prove another secret', async () => {
    server.behave(replay(contract, account.publicKey))
    const fields = wrong(vendor, contract.fields)
    const result = await testFields({ net: server.net, clock }, vendor, fields)
    expect(result).toMatchObject({ ok: false, code: contract.refused.code })
    for (const secret of Object.values(fields)) expect(result.message).not.toContain(secret)
  })

  test.each((contract.notProved ?? []).map((one) => [one.code, one] as const))(
    'a good answer that is none: %s',
    async (code, { url, body }) => {
      server.behave((asked) => (asked.url === url ? { status: 200, body } : undefined))
      expect((await hubErrorOf(prove(connectTo(vendor, contract.fields)))).code).toBe(code)
    },
  )

  test('reads its list, all pages of it', async () => {
    server.behave(replay(contract, account.publicKey))
    const { models, problems } = await listModels(connectTo(vendor, contract.fields))
    expect(Object.fromEntries(models.map(({ model, facts }) => [model, facts]))).toEqual(contract.models)
    expect(problems).toEqual([])
  })

  test.each(contract.errors.map((error) => [error.name, error] as const))(
    'says what an error means: %s',
    (_name, { status, headers = {}, body, code }) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const error = failureOf(vendor, { status, headers, text, json: typeof body === 'string' ? undefined : body })
      expect(error.code).toBe(code)
      expect(failureCodes).toContain(code)
      expect(error.remedy).toMatch(/\.$/)
      if (headers['retry-after'] !== undefined) {
        expect(error.details).toMatchObject({ retryAfter: Number(headers['retry-after']) })
      }
    },
  )

  if (vendor.list === null) return

  /** The list's requests get this, those before them what the contract says. */
  const listAnswers = (answer: { status: number; headers?: Record<string, string>; body: unknown } | undefined) => {
    const normal = replay(contract, account.publicKey)
    server.behave((asked) => (asked.method === 'GET' ? answer : normal(asked)))
  }

  test.each([
    ['a page of HTML', '<!doctype html><title>Sign in</title>'],
    ['JSON that is no list', { hello: 'world', data: 7, models: 'x', modelSummaries: {}, publisherModels: 3 }],
    ['nothing', ''],
  ])('does not take %s for a list', async (_what, body) => {
    listAnswers({ status: 200, headers: { 'content-type': 'text/html' }, body })
    const error = await hubErrorOf(listModels(connectTo(vendor, contract.fields)))
    expect(error).toMatchObject({ kind: 'upstream', code: 'provider_answer_unreadable' })
  })

  test('names rows that cannot be read and goes on with the others', async () => {
    const row = vendor.list?.rows ?? ''
    const good = Object.keys(contract.models)[0] ?? ''
    const named = { id: good, name: good, model: good, modelId: good }
    const rows = [null, 7, 'text', [], { id: 7, name: {}, modelId: [] }, { ...named, ...odd }, named]
    listAnswers({ status: 200, body: row === '' ? rows : { [row]: rows } })
    const { models, problems } = await listModels(connectTo(vendor, contract.fields))
    expect(models).toHaveLength(1)
    expect(models[0]?.model).toBe(good)
    expect(problems).toHaveLength(5)
  })

  test('stops at an answer that is too large', async () => {
    listAnswers({ status: 200, body: `[${' '.repeat((16 << 20) + 1)}]` })
    const error = await hubErrorOf(listModels(connectTo(vendor, contract.fields)))
    expect(error.code).toBe('answer_too_large')
  })

  test('does not wait for ever', async () => {
    listAnswers(undefined)
    const error = await hubErrorOf(listModels(connectTo(vendor, contract.fields, 150)))
    expect(error).toMatchObject({ kind: 'upstream', code: 'timed_out' })
  })

  test('does not go round in circles over its pages', async () => {
    const { list } = vendor
    if (list?.paging === undefined) return
    const [model = ''] = Object.keys(contract.models)
    const page = { [list.rows]: [{ id: model, name: model }], has_more: true, [list.paging.next]: 'the same' }
    listAnswers({ status: 200, body: page })
    const { models } = await listModels(connectTo(vendor, contract.fields))
    expect(models).toHaveLength(1)
    expect(server.asked.filter(({ method }) => method === 'GET')).toHaveLength(2)
  })
})

/** Fields of a row with types that nobody documents. */
const odd = {
  context_length: 'many',
  max_model_len: -5,
  context_window: 1.5,
  pricing: 'free',
  prompt_text_token_price: {},
  inputModalities: 'TEXT',
  architecture: null,
  capabilities: [],
  supported_parameters: { tools: true },
  providers: 'x',
  endpoints: 5,
  created_at: 'yesterday',
  deprecation: { inference: 'soon' },
}

test('a key that a provider quotes is not repeated', () => {
  const openai = vendors.get('openai')
  const body = { error: { message: 'Incorrect API key provided: sk-proj-abcdefghijklmnop' } }
  const error = failureOf(openai, { status: 401, headers: {}, text: '', json: body })
  expect(JSON.stringify(error.details)).not.toContain('abcdefghijklmnop')
  expect(redact('sk-proj-abcdefghijklmnop')).not.toContain('abcdefghijklmnop')
})

test('what a provider says is kept short, whatever it sends', () => {
  const openai = vendors.get('openai')
  const long = 'x'.repeat(1 << 20)
  const body = { error: { message: `\u0007\u202Eline\n${long}`, type: long, code: [long] } }
  const error = failureOf(openai, { status: 400, headers: { 'retry-after': '-1' }, text: '', json: body })
  expect(error.code).toBe('request_refused')
  expect(JSON.stringify(error.details).length).toBeLessThan(500)
  expect(error.details?.['said']).toMatch(/^line x+…$/)
  expect(error.details?.['retryAfter']).toBeUndefined()
})

test('a service account is signed for one address, whatever its key file says', async () => {
  const vertex = vendors.get('vertex')
  const contract = contractOf('vertex')
  server.behave(replay(contract, account.publicKey))
  await prove(connectTo(vertex, contract.fields))
  expect(server.asked[0]?.url).toBe('https://oauth2.googleapis.com/token')
  expect(server.asked.some(({ url }) => url.includes('attacker'))).toBe(false)
  const error = await hubErrorOf(prove(connectTo(vertex, { ...contract.fields, serviceAccount: '{"type":"user"}' })))
  expect(error.code).toBe('key_file_invalid')
})

test('one more provider that speaks the OpenAI dialect is data', async () => {
  const acme = openaiLike({
    kind: 'acme',
    title: 'Acme Inference',
    homepage: 'https://acme.example',
    base: 'https://api.acme.example/v1',
    row: (row) => facts({ context: tokens(row.number('context_window')) }),
    prices: { genaiPrices: null, modelsDev: 'acme' },
    docs: [{ url: 'https://acme.example/docs', date: '2026-11-23', basis: 'documentation' }],
  })
  server.behave(({ headers }) =>
    headers.authorization === 'Bearer acme-key'
      ? { status: 200, body: { data: [{ id: 'acme-1', context_window: 4096 }] } }
      : { status: 401, body: { error: { message: 'no' } } },
  )
  expect((await listModels(connectTo(acme, { apiKey: 'acme-key' }))).models).toEqual([
    { model: 'acme-1', facts: { context: 4096 } },
  ])
  await prove(connectTo(acme, { apiKey: 'acme-key' }))
  expect((await hubErrorOf(prove(connectTo(acme, { apiKey: 'other' })))).code).toBe('key_refused')
})

test('an address that opens for everybody proves no token', async () => {
  const vendor = vendors.get('bearer')
  server.behave(() => ({ status: 200, body: 'x'.repeat(4 << 20) }))
  const error = await hubErrorOf(prove(connectTo(vendor, contractOf('bearer').fields)))
  expect(error.code).toBe('proof_impossible')
  expect(server.asked.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false])
})

test('a provider that redirects gets no second request', async () => {
  const openai = vendors.get('openai')
  server.behave(() => ({ status: 302, headers: { location: 'https://elsewhere.example/' }, body: '' }))
  const error = await hubErrorOf(prove(connectTo(openai, contractOf('openai').fields)))
  expect(error.code).toBe('provider_failed')
  expect(server.asked).toHaveLength(1)
})
