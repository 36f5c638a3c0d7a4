import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { beforeAll, expect, test } from 'vitest'
import type { Offering } from '../../../contract/index.ts'
import {
  addDraft,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
} from '../../../test/support/index.ts'
import {
  createCredential,
  getCredential,
  getOffering,
  importCatalog,
  listOfferings,
  listProviders,
  loadBundledCatalog,
  nameOffering,
  overrideOffering,
  probeOffering,
  refreshCatalog,
  syncProvider,
} from './index.ts'
import { bundledCatalog } from './offerings/bundled-facts.ts'
import { setUpProviders } from './testing/setup.ts'

const ada = person()

/** A row as models.dev writes it. */
const row = (id: string, more: object = {}) => ({
  id,
  name: id,
  attachment: false,
  reasoning: false,
  tool_call: true,
  open_weights: false,
  release_date: '2026-01-02',
  last_updated: '2026-01-02',
  limit: { context: 1000, output: 0 },
  modalities: { input: ['text', 'pdf'], output: ['text'] },
  cost: { input: 1, output: 2 },
  ...more,
})
const catalog = (id: string, models: object[]) => ({
  [id]: {
    id,
    name: `The ${id}`,
    env: [],
    npm: '@ai-sdk/openai-compatible',
    doc: 'https://docs.example/models',
    models: Object.fromEntries(models.map((one) => [(one as { id: string }).id, one])),
  },
})

describeEachDatabase(
  'offerings',
  (getDb) => {
    const hub = setUpHub(getDb)
    const providers = setUpProviders(hub)
    const deps = () => providers().deps
    let credentialId = ''

    beforeAll(async () => {
      expect(await loadBundledCatalog(deps())).toBeGreaterThan(1_000)
      providers().server.behave(() => ({ status: 200, body: { data: [] } }))
      const made = await createCredential(deps(), ada, {
        kind: 'groq',
        name: 'groq',
        projectId: hub().project.id,
        fields: { apiKey: 'groq-key-of-nobody-0001' },
        force: false,
      })
      credentialId = made.id
    })

    const only = async (provider: string, model: string): Promise<Offering> => {
      const { items } = await listOfferings(deps(), { limit: 200, provider, q: model })
      const found = items.find((one) => one.model === model)
      if (found === undefined) throw new Error(`there is no ${provider}/${model}`)
      return found
    }
    const listing = (...models: (string | object)[]) =>
      providers().server.behave(() => ({
        status: 200,
        body: { data: models.map((one) => (typeof one === 'string' ? { id: one } : one)) },
      }))
    const sync = () => syncProvider(deps(), ada, { kind: 'groq', credentialId })
    const importRows = (document: Record<string, unknown>, at = '2026-07-02T00:00:00.000Z') =>
      importCatalog(deps(), ada, { document, at })

    test('the shipped price data is there without a network, with its version and date', async () => {
      const gpt = await only('openai', 'gpt-4o')
      expect(gpt.price).toMatchObject({ input: 2.5, output: 10, cacheRead: 1.25 })
      expect(gpt.facts['inputPrice']).toEqual({
        value: 2.5,
        origin: 'catalog',
        source: `@pydantic/genai-prices ${bundledCatalog.version}`,
        at: bundledCatalog.at,
      })
      // What it does not say is unknown, not zero.
      expect(gpt).toMatchObject({
        unlisted: false,
        visible: null,
        outputLimit: null,
        tools: null,
        regions: null,
        deprecation: null,
      })
      expect(await loadBundledCatalog(deps()), 'at the next start').toBe(0)
    })

    test('the version that is named is the one that is installed', () => {
      const path = new URL('../../../node_modules/@pydantic/genai-prices/package.json', import.meta.url)
      const manifest = JSON.parse(readFileSync(path, 'utf8')) as { version: string }
      expect(manifest.version).toBe(bundledCatalog.version)
    })

    test('rows that do not fit are named, the others are taken in, and a missing price is unknown', async () => {
      const answer = await importRows({
        ...catalog('acme', [
          row('good'),
          row('no-price', { cost: { input: null, output: 3 }, limit: { context: 0, output: 5 } }),
          row('free', { cost: { input: 0, output: 0 } }),
          row('negative', { cost: { input: -1, output: 2 } }),
          row('text-price', { cost: { input: '1', output: 2 } }),
          row('has space in id'),
          row('old', { status: 'deprecated' }),
          { ...row('no-name'), name: 7 },
        ]),
        'Bad Id': { id: 'Bad Id', name: 'x', models: {} },
        stray: 'a file that does not belong here',
        // Our kind of this name means another provider.
        vertex: catalog('vertex', [row('x')])['vertex'],
      })
      expect(answer).toMatchObject({
        source: 'models.dev',
        providers: 1,
        offerings: 4,
        created: 4,
        problemCount: 7,
        deprecated: 1,
      })
      expect(answer.problems.map(({ provider, model }) => [provider, model])).toEqual([
        ['acme', 'negative'],
        ['acme', 'text-price'],
        ['acme', 'has space in id'],
        ['acme', 'no-name'],
        ['Bad Id', null],
        ['stray', null],
        ['vertex', null],
      ])
      const good = await only('acme', 'good')
      expect(good).toMatchObject({
        providerTitle: 'The acme',
        price: { input: 1, output: 2, cacheRead: null, cacheWrite: null },
        context: 1000,
        outputLimit: null,
        inputModalities: ['text', 'document'],
        released: '2026-01-02',
        status: null,
        deprecation: null,
      })
      expect(good.facts['context']).toEqual({
        value: 1000,
        origin: 'catalog',
        source: 'models.dev',
        at: '2026-07-02T00:00:00.000Z',
      })
      expect(await only('acme', 'no-price')).toMatchObject({
        price: { input: null, output: 3 },
        context: null,
        outputLimit: 5,
      })
      expect((await only('acme', 'free')).price).toMatchObject({ input: 0, output: 0 })
      expect(await only('acme', 'old')).toMatchObject({
        status: 'deprecated',
        deprecation: { date: null, replacement: null },
      })
    })

    test('a second catalog: a changed price, a row that is gone, a new deprecation', async () => {
      await importRows(catalog('second', [row('keeps'), row('changes'), row('goes'), row('ends')]))
      const answer = await importRows(
        catalog('second', [
          row('keeps'),
          row('changes', { cost: { input: 1.5, output: 2 } }),
          row('ends', { status: 'deprecated' }),
          row('comes'),
        ]),
        '2026-08-01T00:00:00.000Z',
      )
      expect(answer).toMatchObject({ created: 1, changed: 2, unchanged: 1, gone: 1, deprecated: 1 })
      expect(answer.goneModels).toEqual([{ provider: 'second', model: 'goes' }])
      expect(answer.changes).toEqual([
        {
          provider: 'second',
          model: 'changes',
          fields: ['inputPrice'],
          values: [{ field: 'inputPrice', before: 1, after: 1.5 }],
        },
        {
          provider: 'second',
          model: 'ends',
          fields: ['status'],
          values: [{ field: 'status', before: null, after: 'deprecated' }],
        },
      ])
      // Still so at the later date.
      expect((await only('second', 'keeps')).facts['inputPrice']?.at).toBe('2026-08-01T00:00:00.000Z')
      await expect(only('second', 'goes')).rejects.toThrow('there is no')
    })

    test('what is gone from the catalog stays when something else is known of it or somebody uses it', async () => {
      await importRows(catalog('third', [row('overridden'), row('used'), row('idle')]))
      const { id } = await only('third', 'overridden')
      await overrideOffering(deps(), ada, id, { retention: 'none', reason: 'contract of May' })
      const source = { type: 'cloud' as const, provider: 'third', model: 'used' }
      await addDraft(hub(), { name: uniqueName('third/used'), source, sourceAddress: 'cloud:third/used' })
      const answer = await importRows(catalog('fourth', [row('x')]))
      expect(answer.goneModels.map(({ model }) => model).sort()).toEqual(['idle', 'overridden', 'used'])
      expect(await only('third', 'overridden')).toMatchObject({
        retention: 'none',
        price: { input: null },
        status: null,
      })
      expect(await only('third', 'used')).toMatchObject({ price: { input: null }, context: null, status: null })
    })

    test('a catalog without one good row changes nothing', async () => {
      const before = await listOfferings(deps(), { limit: 5 })
      for (const document of [{}, { a: 1 }, catalog('acme', [row('bad id')])]) {
        expect((await hubErrorOf(importRows(document))).code).toBe('catalog_empty')
      }
      expect(await listOfferings(deps(), { limit: 5 })).toEqual(before)
    })

    test('people go before the provider, the provider before catalogs; who disagrees is shown', async () => {
      await importRows(
        catalog('groq', [row('llama-x', { limit: { context: 4096, output: 100 }, cost: { input: 1, output: 2 } })]),
      )
      listing({ id: 'llama-x', context_window: 8192, max_completion_tokens: 100 })
      await sync()
      const listed = await only('groq', 'llama-x')
      expect(listed).toMatchObject({ context: 8192, visible: true, price: { input: 1 } })
      expect(listed.disagreements).toEqual([
        {
          field: 'context',
          values: [
            { value: 8192, origin: 'provider', source: 'list of Groq', at: hub().clock.date().toISOString() },
            { value: 4096, origin: 'catalog', source: 'models.dev', at: '2026-07-02T00:00:00.000Z' },
          ],
        },
      ])
      const changed = await overrideOffering(deps(), ada, listed.id, {
        inputPrice: 0.5,
        context: 2048,
        reason: 'our contract',
      })
      expect(changed).toMatchObject({ context: 2048, price: { input: 0.5, output: 2 } })
      expect(changed.facts['inputPrice']).toMatchObject({ origin: 'human', source: 'Ada', reason: 'our contract' })
      expect(changed.disagreements.map(({ field, values }) => [field, values.map(({ value }) => value)])).toEqual([
        ['inputPrice', [0.5, 1]],
        ['context', [2048, 8192, 4096]],
      ])
      // An override outlives imports and syncs, and can be taken back.
      await sync()
      expect((await only('groq', 'llama-x')).context).toBe(2048)
      const back = await overrideOffering(deps(), ada, listed.id, { context: null, reason: 'over' })
      expect(back).toMatchObject({ context: 8192, price: { input: 0.5 } })
      expect((await hubErrorOf(getOffering(deps(), 'off_x'))).code).toBe('offering_not_found')
      const nothing = await hubErrorOf(overrideOffering(deps(), ada, listed.id, { reason: 'x' }))
      expect(nothing.code).toBe('nothing_to_change')
    })

    test('a list is compared with the last one, and a shorter one means not visible', async () => {
      listing('a-model', 'b-model', { id: 'c-model', context_window: 100 })
      const first = await sync()
      expect(first).toMatchObject({ listed: 3, created: 3 })
      listing('a-model', { id: 'c-model', context_window: 200 }, 'd-model', { no: 'id' })
      const second = await sync()
      expect(second).toMatchObject({ listed: 3, created: 1, changed: 1, unchanged: 1, notVisible: 1 })
      expect(second.diff).toEqual({
        created: ['d-model'],
        changed: [{ model: 'c-model', fields: ['context'], values: [{ field: 'context', before: 100, after: 200 }] }],
        notVisible: ['b-model'],
      })
      expect(second.problems).toEqual(['a row without an id: it holds no model id'])
      const hidden = await only('groq', 'b-model')
      expect(hidden).toMatchObject({ visible: false, status: null, deprecation: null })
      listing()
      expect(await sync()).toMatchObject({ listed: 0, notVisible: 3 })
      expect(await only('groq', 'a-model')).toMatchObject({ visible: false, status: null })
      listing('a-model')
      await sync()
      expect(await only('groq', 'a-model')).toMatchObject({ visible: true })
      const { items } = await listProviders({ database: getDb() }, { limit: 200 })
      const groq = items.find(({ kind }) => kind === 'groq')
      expect(groq).toMatchObject({ defined: true, credentials: 1, lastSync: { listed: 1, credentialId } })
      expect(groq?.offerings).toBeGreaterThan(4)
      expect((await getCredential(deps(), credentialId)).syncs).toMatchObject([{ provider: 'groq', listed: 1 }])
    })

    test('a failed list changes nothing, and a credential goes to its own provider only', async () => {
      listing('stays')
      await sync()
      providers().server.behave(() => ({ status: 401, body: { error: { message: 'no' } } }))
      expect((await hubErrorOf(sync())).code).toBe('key_refused')
      providers().server.behave(() => ({ status: 200, body: '<html>' }))
      expect((await hubErrorOf(sync())).code).toBe('provider_answer_unreadable')
      expect((await only('groq', 'stays')).visible).toBe(true)
      providers().server.behave(() => ({ status: 200, body: { data: [] } }))
      const foreign = await hubErrorOf(syncProvider(deps(), ada, { kind: 'openai', credentialId }))
      expect(foreign.code).toBe('credential_of_another_kind')
      const token = await hubErrorOf(syncProvider(deps(), ada, { kind: 'huggingface', credentialId }))
      expect(token.code).toBe('provider_lists_nothing')
      expect(providers().server.asked).toEqual([])
    })

    test('the regions of several credentials add up', async () => {
      providers().server.behave(() => ({
        status: 200,
        body: { modelSummaries: [{ modelId: 'amazon.nova-x', inputModalities: ['TEXT'], outputModalities: ['TEXT'] }] },
      }))
      for (const region of ['eu-central-1', 'us-east-1']) {
        const fields = { region, accessKeyId: 'AKIAFIXTURE000000001', secretAccessKey: `secret-of-${region}-0001` }
        const input = { kind: 'bedrock', name: region, projectId: hub().project.id, fields, force: false }
        const { id } = await createCredential(deps(), ada, input)
        await syncProvider(deps(), ada, { kind: 'bedrock', credentialId: id })
      }
      expect((await only('bedrock', 'amazon.nova-x')).regions).toEqual(['eu-central-1', 'us-east-1'])
    })

    test('a deprecation reaches who uses the offering, once', async () => {
      await importRows(catalog('groq', [row('retiring')]))
      const name = uniqueName('cloud/retiring')
      const source = { type: 'cloud' as const, provider: 'groq', model: 'retiring' }
      const versionId = await addDraft(hub(), { name, source, sourceAddress: 'cloud:groq/retiring' })
      const offering = await only('groq', 'retiring')
      expect(offering.usedBy).toEqual([{ versionId, name: `${name}@1`, state: 'draft' }])
      const answer = await importRows(catalog('groq', [row('retiring', { status: 'deprecated' })]))
      expect(answer.deprecatedInUse).toEqual([
        { provider: 'groq', model: 'retiring', date: null, replacement: null, usedBy: offering.usedBy },
      ])
      const again = await importRows(catalog('groq', [row('retiring', { status: 'deprecated' })]))
      expect(again.deprecatedInUse).toEqual([])
      await overrideOffering(deps(), ada, offering.id, {
        deprecated: '2026-12-31',
        replacement: 'next',
        reason: 'announced',
      })
      expect(await getOffering(deps(), offering.id)).toMatchObject({
        deprecation: { date: '2026-12-31', replacement: 'next' },
      })
      const { rows } = await sql<{ evidence: unknown }>`
        select evidence from audit_event where action = 'offering.deprecated' and object_id = ${offering.id}`.execute(
        getDb().db,
      )
      expect(rows).toEqual([{ evidence: { usedBy: [{ versionId, name: `${name}@1` }] } }])
    })

    test('an id that no list has can be named, and is listed once a list has it', async () => {
      const named = await nameOffering(deps(), ada, { provider: 'groq', model: 'secret-preview' })
      expect(named).toMatchObject({ unlisted: true, visible: null, price: { input: null }, facts: {} })
      expect((await nameOffering(deps(), ada, { provider: 'groq', model: 'secret-preview' })).id).toBe(named.id)
      // The shipped price data knows more names than it lists.
      const dated = await nameOffering(deps(), ada, { provider: 'openai', model: 'gpt-4o-2024-08-06' })
      expect(dated.price.input).toBe(2.5)
      listing('secret-preview')
      await sync()
      expect(await getOffering(deps(), named.id)).toMatchObject({ unlisted: false, visible: true })
      expect((await hubErrorOf(nameOffering(deps(), ada, { provider: 'nobody', model: 'x' }))).code).toBe(
        'unknown_provider',
      )
    })

    test('filters and pages', async () => {
      await importRows(
        catalog('filters', [
          row('cheap-vision', {
            cost: { input: 0.1, output: 1 },
            modalities: { input: ['text', 'image'], output: ['text'] },
          }),
          row('dear-vision', {
            cost: { input: 20, output: 1 },
            modalities: { input: ['text', 'image'], output: ['text'] },
          }),
          row('unknown-price', { cost: undefined }),
        ]),
      )
      const models = async (filter: object) =>
        (await listOfferings(deps(), { limit: 50, provider: 'filters', ...filter })).items.map(({ model }) => model)
      expect(await models({})).toEqual(['cheap-vision', 'dear-vision', 'unknown-price'])
      expect(await models({ modality: 'image' })).toEqual(['cheap-vision', 'dear-vision'])
      expect(await models({ maxPrice: 1 }), 'an unknown price is not below anything').toEqual(['cheap-vision'])
      expect(await models({ q: 'VISION dear' })).toEqual(['dear-vision'])
      expect(await models({ q: '100%_' })).toEqual([])
      expect(await models({ source: 'provider' })).toEqual([])
      expect(await models({ source: 'catalog' })).toHaveLength(3)
      const seen: string[] = []
      const totals = new Set<number>()
      for (let cursor: string | undefined; ; ) {
        const page = await listOfferings(deps(), {
          limit: 200,
          provider: 'openrouter',
          ...(cursor === undefined ? {} : { cursor }),
        })
        seen.push(...page.items.map(({ model }) => model))
        totals.add(page.total)
        if (page.nextCursor === null) break
        cursor = page.nextCursor
      }
      expect([...totals], 'every page tells how many match').toEqual([seen.length])
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length).toBeGreaterThan(200)
      expect((await hubErrorOf(listOfferings(deps(), { limit: 5, cursor: 'x' }))).code).toBe('invalid_cursor')
    })

    test('one token, and what else is asked for', async () => {
      const { id } = await nameOffering(deps(), ada, { provider: 'groq', model: 'probed' })
      providers().server.behave(({ body, headers }) => {
        const asked = JSON.parse(body) as Record<string, unknown>
        if (headers.authorization !== 'Bearer groq-key-of-nobody-0001') return { status: 401, body: {} }
        if (asked['stream'] === true) {
          return {
            status: 200,
            headers: { 'content-type': 'text/event-stream' },
            body: 'data: {"choices":[]}\n\ndata: [DONE]\n\n',
          }
        }
        if (asked['tools'] !== undefined)
          return { status: 400, body: { error: { message: 'tools are not supported' } } }
        const content = asked['response_format'] === undefined ? 'Hello' : '{"ok": true}'
        if (JSON.stringify(asked['messages']).includes('image_url')) return { status: 503, body: {} }
        return { status: 200, body: { choices: [{ message: { content } }] } }
      })
      const capabilities = ['streaming', 'tools', 'json', 'vision'] as const
      const probed = await probeOffering(deps(), ada, { id, credentialId, capabilities })
      expect(probed.probe).toMatchObject({
        live: true,
        code: 'ok',
        credentialId,
        // 503 tells nothing of the model.
        capabilities: { streaming: true, tools: false, json: true, vision: null },
      })
      expect(probed.probe?.ms).toBeGreaterThanOrEqual(0)
      const first = JSON.parse(providers().server.asked[0]?.body ?? '{}') as object
      expect(first).toMatchObject({ model: 'probed', max_tokens: 1 })
      expect(providers().server.asked).toHaveLength(5)
      const again = await probeOffering(deps(), ada, { id, credentialId, capabilities: [] })
      expect(again.probe).toMatchObject({
        live: true,
        capabilities: { streaming: true, json: true },
        capabilitiesAt: probed.probe?.capabilitiesAt,
      })
      providers().server.behave(() => ({ status: 404, body: { error: { message: 'no such model' } } }))
      const dead = await probeOffering(deps(), ada, { id, credentialId, capabilities: ['tools'] })
      expect(dead.probe).toMatchObject({ live: false, ms: null, code: 'unknown_model', capabilities: { tools: null } })
      expect(providers().server.asked, 'what does not answer is not asked for more').toHaveLength(1)
    })

    test('refreshed from its own address', async () => {
      providers().server.behave(() => ({ status: 200, body: catalog('fresh', [row('one')]) }))
      const answer = await refreshCatalog(deps(), ada)
      expect(providers().server.asked.map(({ url }) => url)).toEqual(['https://models.dev/api.json'])
      expect(answer).toMatchObject({ offerings: 1, at: hub().clock.date().toISOString() })
      for (const [status, body] of [
        [503, 'away'],
        [200, '[1]'],
      ] as const) {
        providers().server.behave(() => ({ status, body }))
        expect((await hubErrorOf(refreshCatalog(deps(), ada))).code).toBe('catalog_unavailable')
      }
      providers().server.behave(() => ({ status: 200, body: '<html>' }))
      expect((await hubErrorOf(refreshCatalog(deps(), ada))).code).toBe('answer_not_json')
      expect(await only('fresh', 'one')).toMatchObject({ price: { input: 1 } })
    })

    test('providers with a definition come first, each says what it asks for', async () => {
      await importRows(catalog('only-in-a-catalog', [row('x')]))
      const all = []
      for (let cursor: string | undefined; ; ) {
        const page = await listProviders(
          { database: getDb() },
          { limit: 7, ...(cursor === undefined ? {} : { cursor }) },
        )
        all.push(...page.items)
        if (page.nextCursor === null) break
        cursor = page.nextCursor
      }
      expect(new Set(all.map(({ kind }) => kind)).size).toBe(all.length)
      const openai = all.find(({ kind }) => kind === 'openai')
      expect(openai?.fields).toEqual([
        {
          name: 'apiKey',
          title: 'API key',
          secret: true,
          required: true,
          multiline: false,
          example: 'sk-proj-…',
          help: null,
        },
      ])
      expect(all.find(({ kind }) => kind === 'only-in-a-catalog')).toMatchObject({ defined: false, offerings: 1 })
      const { items } = await listProviders({ database: getDb() }, { limit: 200, defined: true })
      expect(items).toHaveLength(21)
    })
  },
  { shared: true },
)
