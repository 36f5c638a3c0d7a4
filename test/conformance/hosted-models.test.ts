import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type CloudSource,
  type CreateModel,
  SnapshotLine,
  type SnapshotRoute,
  type SnapshotTarget,
  type UsageRecord,
} from '../../contract/index.ts'
import { createNewId, systemClock } from '../../kernel/index.ts'
import { createJobs, type Job, type Jobs } from '../../server/jobs/index.ts'
import { getVersion } from '../../server/modules/catalog/index.ts'
import { listAudit } from '../../server/modules/governance/index.ts'
import { approve } from '../../server/modules/lifecycle/approve.ts'
import { archive } from '../../server/modules/lifecycle/archive.ts'
import type { LifecycleJobDeps, StartDeps } from '../../server/modules/lifecycle/deps.ts'
import { checkSource } from '../../server/modules/lifecycle/files/check-source.ts'
import { linkJob } from '../../server/modules/lifecycle/jobs/link.ts'
import { onboard, retry } from '../../server/modules/lifecycle/onboard.ts'
import { publish } from '../../server/modules/lifecycle/publish.ts'
import { listVersions, readVersion } from '../../server/modules/lifecycle/show/read-models.ts'
import { readScan } from '../../server/modules/lifecycle/show/read-scans.ts'
import { readinessOf } from '../../server/modules/lifecycle/show/readiness.ts'
import { rescan, startBenchmark } from '../../server/modules/lifecycle/start-runs.ts'
import { unpublish } from '../../server/modules/lifecycle/unpublish.ts'
import {
  createCredential,
  deleteCredential,
  getCredential,
  importCatalog,
  listOfferings,
  overrideOffering,
  rotateCredential,
  syncProvider,
  testCredential,
} from '../../server/modules/providers/index.ts'
import { readContract } from '../../server/modules/providers/testing/contract.ts'
import type { Answer, Asked, Behavior } from '../../server/modules/providers/testing/provider-server.ts'
import { replay } from '../../server/modules/providers/testing/replay.ts'
import { setUpProviders, testSecretKey } from '../../server/modules/providers/testing/setup.ts'
import {
  compileSnapshot,
  hostedSpecs,
  listDeployments,
  listRoutes,
  serveHosted,
  storeUsage,
} from '../../server/modules/serving/index.ts'
import {
  describeEachDatabase,
  hubErrorOf,
  person,
  quietLog,
  setUpHub,
  uniqueName,
  waitUntil,
} from '../support/index.ts'

const ada = person()
const groq = readContract('groq')
const key = groq.fields['apiKey'] ?? ''
const listed = 'llama-3.3-70b-versatile'
const isChat = ({ method, url }: Asked) => method === 'POST' && url.endsWith('/chat/completions')
const token: Answer = { status: 200, body: { choices: [{ message: { role: 'assistant', content: 'Hi' } }] } }

describeEachDatabase(
  'what a provider hosts',
  (getDb) => {
    const hub = setUpHub(getDb)
    const providers = setUpProviders(hub)
    const db = () => getDb().db
    const queues: Jobs[] = []
    afterEach(async () => {
      for (const jobs of queues.splice(0)) await jobs.stop()
    })
    /** The contract of groq, whose chat answers a token to its key, or as `chat` says. */
    const groqIs = (chat: Behavior = () => token) => {
      const list = replay(groq)
      providers().server.behave((asked) => {
        if (!isChat(asked)) return list(asked)
        return asked.headers.authorization === `Bearer ${key}` ? chat(asked) : groq.refused
      })
    }
    const start = async (): Promise<StartDeps & LifecycleJobDeps> => {
      const deps: LifecycleJobDeps = {
        ...hub(),
        providers: providers().deps,
        serve: async (trx, id) => serveHosted(hub(), trx, await getVersion(trx, id)),
      }
      const jobs = createJobs({
        database: getDb(),
        clock: systemClock,
        newId: createNewId(Date.now),
        log: quietLog(),
        definitions: [linkJob] as never,
        deps,
        random: () => 0,
      })
      queues.push(jobs)
      await jobs.start({ work: true })
      return { ...deps, jobs }
    }
    const ended = async (deps: StartDeps, job: Job | null): Promise<Job> =>
      waitUntil(async () => {
        const now = await deps.jobs.get(job?.id ?? '')
        return now.finishedAt === null ? undefined : now
      }, 60_000)
    const credential = async (given: { kind?: string; fields?: Record<string, string>; force?: boolean } = {}) =>
      await createCredential(providers().deps, ada, {
        kind: given.kind ?? 'groq',
        name: uniqueName('key'),
        projectId: hub().project.id,
        fields: given.fields ?? { apiKey: key },
        force: given.force ?? false,
      })
    const source = (over: Partial<CloudSource> = {}): CloudSource => ({
      type: 'cloud',
      provider: 'groq',
      model: listed,
      ...over,
    })
    const link = async (given: CloudSource, over: Partial<CreateModel> = {}) => {
      const deps = await start()
      const input = { name: uniqueName('hosted'), source: given, start: true, ...over }
      const { versionId, job } = await onboard(deps, ada, input, { ownerId: null })
      const end = await ended(deps, job)
      return { deps, id: versionId, job: end, version: await readVersion(db(), versionId) }
    }
    const publishNow = (deps: LifecycleJobDeps, id: string) =>
      publish(deps, id, { actor: ada, serve: (trx, version) => deps.serve(trx, version.id) })
    const compiled = async (name: string): Promise<SnapshotTarget[] | undefined> => {
      const { lines } = await compileSnapshot({
        ...hub(),
        log: quietLog(),
        engineSpec: () => Promise.resolve(null),
        upstreamSpecs: (versions) => hostedSpecs({ db: db(), secretKeys: [testSecretKey], log: quietLog() }, versions),
      })
      const routes = lines.flatMap((line): SnapshotRoute[] => {
        const parsed = SnapshotLine.parse(line)
        return parsed.t === 'route' ? [parsed.route] : []
      })
      return routes.find((route) => route.name === name)?.targets
    }
    const upstreamFor = async (name: string) => {
      const [target] = (await compiled(name)) ?? []
      return target?.kind === 'upstream' ? target.upstream : undefined
    }
    const auditOf = async (id: string) => (await listAudit(db(), { object: id, limit: 100 })).items
    const deploymentOf = async (id: string) =>
      (await listDeployments({ engine: null }, db(), { limit: 10, version: id })).items[0]
    const forget = (model: string) => sql`delete from offering where model = ${model}`.execute(db())

    describe('linking', () => {
      test('proves the credential, asks for one token, records facts with their origin, and needs no scan', async () => {
        groqIs()
        const { id: crd } = await credential()
        const chats: string[] = []
        groqIs(({ body }) => {
          chats.push(body)
          return token
        })
        const { version, job, id, deps } = await link(source({ credential: crd }))
        expect(job).toMatchObject({ kind: 'link', state: 'succeeded' })
        expect(version).toMatchObject({
          state: 'verified',
          stateReason: null,
          source: { type: 'cloud', address: `cloud:groq/${listed}` },
          digest: null,
          verdict: null,
          fileCount: 0,
          totalBytes: 0,
          modality: 'text',
          tasks: ['chat', 'text-generation'],
          endpoints: ['chat.completions'],
          notices: [],
          hosted: {
            provider: 'groq',
            providerTitle: 'Groq',
            model: listed,
            region: null,
            api: 'https://api.groq.com/openai/v1',
            date: '2026-01-01',
            credentialId: crd,
            gateway: { speaks: true, reason: null },
          },
        })
        expect(chats.map((body) => JSON.parse(body) as object)).toEqual([
          expect.objectContaining({ model: listed, max_tokens: 1 }),
        ])
        expect(version.metadata['probeMs']).toMatchObject({ origin: 'measured', source: 'one token asked of Groq' })
        expect((await getCredential(providers().deps, crd)).lastTest).toMatchObject({ ok: true })

        const scan = await readScan(deps, db(), id)
        expect(scan).toMatchObject({ applicable: false, id: null, verdict: null, filesTotal: 0 })
        expect(scan.sentence).toBe('Not applicable: hosted by Groq. There are no files here to scan.')
        const readiness = await readinessOf(deps, id, ada)
        expect(readiness).toMatchObject({ publishable: true, summary: 'Ready to publish', next: 'publish' })
        const statusOf = Object.fromEntries(readiness.checks.map((check) => [check.id, check.status]))
        expect(statusOf).toEqual({
          integrity: 'not_applicable',
          scan: 'not_applicable',
          lifecycle: 'pass',
          license: 'incomplete',
          owner: 'warn',
          evidence: 'incomplete',
          signature: 'not_applicable',
          deprecation: 'pass',
        })
        expect(readiness.total).toBe(5)
        const [verified] = await auditOf(id)
        expect(verified).toMatchObject({
          action: 'version.verify',
          evidence: {
            jobId: job.id,
            scan: 'not applicable: hosted',
            hosted: { provider: 'groq', model: listed, region: null, date: '2026-01-01' },
          },
        })
        for (const ask of [() => rescan(deps, ada, id), () => startBenchmark(deps, ada, id, {} as never)]) {
          expect((await hubErrorOf(ask())).message).toMatch(/hosted|hosts/)
        }
        const { actions } = await readinessOf(deps, id, ada)
        for (const action of ['rescan', 'run_benchmark', 'run_evaluation']) {
          expect(actions.find((one) => one.action === action)).toMatchObject({ allowed: false })
        }
      })

      test('takes facts from the list, a catalog and people, each with its origin, source and date', async () => {
        groqIs()
        const { id: crd } = await credential()
        await syncProvider(providers().deps, ada, { kind: 'groq', credentialId: crd })
        await importCatalog(providers().deps, ada, {
          at: '2026-02-03T00:00:00.000Z',
          document: catalog('groq', { id: listed, cost: { input: 0.5, output: 0.75 } }),
        })
        const [offering] = (await listOfferings(providers().deps, { limit: 5, provider: 'groq', q: listed })).items
        await overrideOffering(providers().deps, ada, offering?.id ?? '', { retention: 'none', reason: 'our contract' })
        const { version } = await link(source({ credential: crd }))
        expect(version.metadata).toMatchObject({
          contextLength: { value: 131_072, origin: 'provider_reported', source: 'list of Groq' },
          inputPrice: { value: 0.5, origin: 'imported', source: 'models.dev', at: '2026-02-03T00:00:00.000Z' },
          retention: { value: 'none', origin: 'human', source: 'Ada' },
        })
        await forget(listed)
      })

      test('of a typed id that no list has names the offering, unlisted', async () => {
        groqIs()
        const { id: crd } = await credential()
        const { version } = await link(source({ credential: crd, model: 'typed/by-hand' }))
        expect(version).toMatchObject({ state: 'verified', hosted: { model: 'typed/by-hand' } })
        const { items } = await listOfferings(providers().deps, { limit: 5, provider: 'groq', q: 'typed/by-hand' })
        expect(items).toMatchObject([{ unlisted: true, id: version.hosted?.offeringId }])
        expect(version.metadata['inputPrice'], 'unknown is no value').toBeUndefined()
      })

      test('with a refused credential needs attention and says what to do; rotated and retried, it is verified', async () => {
        groqIs()
        const { id: crd } = await credential({ fields: { apiKey: 'groq-key-revoked-00000001' }, force: true })
        const { version, job, id, deps } = await link(source({ credential: crd }))
        expect(job.state, 'an answer, not a failure').toBe('succeeded')
        expect(version).toMatchObject({
          state: 'needs_attention',
          stateReason: { code: 'key_refused', remedy: expect.stringContaining('Check') as string },
          hosted: { date: null, api: null },
        })
        expect(providers().server.asked.filter(isChat), 'nothing is asked with a key that does not hold').toEqual([])
        expect((await readinessOf(deps, id, ada)).next).toBe('retry')
        expect((await hubErrorOf(publishNow(deps, id))).code).toBe('publish_refused')
        await rotateCredential(providers().deps, ada, crd, { fields: { apiKey: key }, force: false })
        await ended(deps, await retry(deps, ada, id))
        expect(await readVersion(db(), id)).toMatchObject({ state: 'verified', hosted: { date: '2026-01-01' } })
      })

      test.each([
        ['a model that the account does not have', 404, { error: { message: 'model not found' } }, 'unknown_model'],
        ['an empty account', 402, { error: { message: 'no credit' } }, 'quota_exceeded'],
        ['a request that is refused', 400, { error: { message: 'chat is not supported' } }, 'request_refused'],
      ])('of %s needs attention', async (_what, status, body, code) => {
        groqIs(() => ({ status, body }))
        const { id: crd } = await credential()
        const { version } = await link(source({ credential: crd }))
        expect(version).toMatchObject({ state: 'needs_attention', stateReason: { code } })
        expect(version.stateReason?.remedy).toBeTruthy()
      })

      test('is tried again while the provider is busy, and the job shows it', async () => {
        let asked = 0
        groqIs(() => (++asked <= 2 ? { status: 429, body: { error: { message: 'slow down' } } } : token))
        const { id: crd } = await credential()
        const { version, deps, job } = await link(source({ credential: crd }))
        expect(version.state).toBe('verified')
        expect(asked).toBe(3)
        expect((await deps.jobs.get(job.id)).state).toBe('succeeded')
      })

      test('that is cancelled while the provider is silent is a draft again', async () => {
        groqIs()
        const { id: crd } = await credential()
        groqIs(() => undefined)
        const deps = await start()
        const input = { name: uniqueName('silent'), source: source({ credential: crd }), start: true }
        const { versionId, job } = await onboard(deps, ada, input, { ownerId: null })
        await waitUntil(() => (providers().server.asked.some(isChat) ? true : undefined))
        await deps.jobs.cancel(job?.id ?? '', { type: 'user', id: ada.id, name: ada.name })
        expect((await ended(deps, job)).state).toBe('cancelled')
        expect((await getVersion(db(), versionId)).state).toBe('draft')
        groqIs()
        await ended(deps, await retry(deps, ada, versionId))
        expect((await getVersion(db(), versionId)).state).toBe('verified')
      })

      test('as something that the provider says it is not needs attention, until somebody approves it', async () => {
        groqIs()
        const { id: crd } = await credential()
        const { version, id, deps } = await link(source({ credential: crd }), { modality: 'image' })
        expect(version).toMatchObject({ state: 'needs_attention', stateReason: { code: 'contradiction' } })
        expect(version.stateReason?.message).toBe('Registered as image, but the provider says text.')
        const expiresAt = new Date(hub().clock.now() + 86_400_000).toISOString()
        const decision = { version: id, subject: 'findings', decision: 'approved', reason: 'meant so', expiresAt }
        await approve(deps, ada, decision as never)
        expect((await getVersion(db(), id)).state).toBe('verified')
      })

      test('a contradiction that is approved does not stand in for an answer', async () => {
        groqIs()
        const { id: crd } = await credential()
        const model = uniqueName('said')
        await importCatalog(providers().deps, ada, { document: catalog('groq', { id: model }) })
        groqIs(() => ({ status: 404, body: { error: { message: 'model not found' } } }))
        const { version, id, deps } = await link(source({ credential: crd, model }), { modality: 'image' })
        expect(version.stateReason?.code).toBe('unknown_model')
        const expiresAt = new Date(hub().clock.now() + 86_400_000).toISOString()
        const decision = { version: id, subject: 'findings', decision: 'approved', reason: 'meant so', expiresAt }
        await approve(deps, ada, decision as never)
        expect((await getVersion(db(), id)).state).toBe('needs_attention')
        await forget(model)
      })

      test('refuses at registration what nothing here could call', async () => {
        groqIs()
        const deps = await start()
        const crd = await credential()
        const register = (given: CloudSource) =>
          hubErrorOf(onboard(deps, ada, { name: uniqueName('no'), source: given, start: false }, { ownerId: null }))
        expect((await register(source())).code).toBe('credential_needed')
        expect((await register(source({ credential: 'crd_gone' }))).code).toBe('credential_not_found')
        const wrong = await register(source({ provider: 'openai', credential: crd.id }))
        expect(wrong.code).toBe('credential_of_another_kind')
        const unknown = await register(source({ provider: 'no-such-provider' }))
        expect(unknown).toMatchObject({ code: 'provider_not_defined' })
        expect(unknown.remedy).toContain('openai-compatible')
        expect((await register(source({ provider: 'huggingface', credential: crd.id }))).code).toBe(
          'provider_lists_nothing',
        )
      })
    })

    describe('publishing', () => {
      test('makes a deployment and a route that gateways carry with the credential; unpublishing ends it', async () => {
        groqIs()
        const { id: crd } = await credential()
        const { deps, id, version } = await link(source({ credential: crd }), {
          onboarding: { benchmark: true, evaluate: false, publish: true },
        })
        expect(version.state).toBe('published')
        const [published, evaluated] = await auditOf(id)
        expect(evaluated?.reason).toBe(
          'No evidence, because it is hosted by Groq, and what a provider hosts is not measured here.',
        )
        expect(published).toMatchObject({ action: 'version.publish', evidence: { route: version.modelName } })
        expect(await deploymentOf(id)).toMatchObject({
          engine: 'provider:groq',
          status: 'ready',
          statusReason: null,
          upstream: { provider: 'groq', providerTitle: 'Groq', model: listed, credentialId: crd },
          residentBytes: null,
        })
        expect(await upstreamFor(version.modelName)).toMatchObject({
          provider: 'groq',
          title: 'Groq',
          baseUrl: 'https://api.groq.com/openai/v1',
          model: listed,
          headers: { authorization: `Bearer ${key}` },
          secrets: [key],
        })
        const refused = await hubErrorOf(deleteCredential(providers().deps, ada, crd))
        expect(refused).toMatchObject({ code: 'credential_in_use', details: { count: 1 } })
        expect(JSON.stringify(refused.details)).toContain(`${version.modelName}@1`)
        await unpublish(deps, id, ada)
        expect(await compiled(version.modelName)).toBeUndefined()
        expect(await deploymentOf(id)).toMatchObject({ status: 'idle' })
        await archive(deps, id, ada)
        await deleteCredential(providers().deps, ada, crd)
      })

      test('a rotated secret is in the next snapshot, which gateways are told of at once', async () => {
        groqIs()
        const { id: crd } = await credential()
        const { deps, id, version } = await link(source({ credential: crd }))
        await publishNow(deps, id)
        const next = 'groq-key-of-tomorrow-00000002'
        const told: string[] = []
        const unlisten = await getDb().listen('modelhub_serving', (payload) => void told.push(payload))
        await rotateCredential(providers().deps, ada, crd, { fields: { apiKey: next }, force: true })
        await waitUntil(() => (told.includes('credential.rotate') ? true : undefined))
        await unlisten()
        expect((await upstreamFor(version.modelName))?.headers).toEqual({ authorization: `Bearer ${next}` })
        expect(await deploymentOf(id), 'the test that was overridden is shown').toMatchObject({
          status: 'failed',
          statusReason: { code: 'key_refused' },
        })
      })

      test('of a dialect that the gateway does not speak makes no route and says why', async () => {
        const anthropic = readContract('anthropic')
        const list = replay(anthropic)
        providers().server.behave((asked) =>
          asked.url.endsWith('/v1/messages') ? { status: 200, body: { content: [{ text: 'Hi' }] } } : list(asked),
        )
        const { id: crd } = await credential({ kind: 'anthropic', fields: anthropic.fields })
        const { deps, id } = await link(source({ provider: 'anthropic', model: 'claude-x', credential: crd }))
        const before = await readVersion(db(), id)
        expect(before).toMatchObject({ state: 'verified', hosted: { gateway: { speaks: false } } })
        expect(before.hosted?.gateway.reason).toContain('does not speak the dialect of Anthropic')
        await publishNow(deps, id)
        const [published] = await auditOf(id)
        expect(published?.evidence).toMatchObject({ served: false, because: before.hosted?.gateway.reason })
        expect(await deploymentOf(id)).toBeUndefined()
        expect(await compiled(before.modelName)).toBeUndefined()
      })

      test('a credential that leads elsewhere takes the version out of the snapshot: that was not verified', async () => {
        const server = (origin: string): Behavior => {
          return ({ url }) =>
            url.startsWith(origin) && url.endsWith('/models')
              ? { status: 200, body: { data: [{ id: 'm' }] } }
              : url.startsWith(origin)
                ? token
                : { status: 404, body: {} }
        }
        providers().server.behave(server('https://one.example'))
        const fields = (origin: string) => ({ baseUrl: `${origin}/v1`, apiKey: 'key-of-nobody-0000000001' })
        const { id: crd } = await credential({ kind: 'openai-compatible', fields: fields('https://one.example') })
        const { deps, id, version } = await link(source({ provider: 'openai-compatible', model: 'm', credential: crd }))
        await publishNow(deps, id)
        expect((await upstreamFor(version.modelName))?.baseUrl).toBe('https://one.example/v1')
        providers().server.behave(server('https://two.example'))
        await rotateCredential(providers().deps, ada, crd, { fields: fields('https://two.example'), force: false })
        expect(await compiled(version.modelName)).toBeUndefined()
        expect(await deploymentOf(id)).toMatchObject({ status: 'failed', statusReason: { code: 'upstream_moved' } })
        await forget('m')
      })

      test('shows a credential that the provider has refused since, by a test or by a call', async () => {
        groqIs()
        const { id: crd } = await credential()
        const { deps, id } = await link(source({ credential: crd }))
        await publishNow(deps, id)
        const deployment = await deploymentOf(id)
        const call = (seq: number, outcome: UsageRecord['outcome'], at: number): UsageRecord => ({
          epoch: `epoch ${id}`,
          seq,
          at,
          requestId: `r${seq}`,
          decisionId: 'd',
          keyId: null,
          projectId: null,
          routeId: 'rte_1',
          route: 'r',
          targetId: deployment?.id ?? '',
          versionId: id,
          endpoint: 'chat.completions',
          stream: false,
          status: 200,
          outcome,
          promptTokens: 1,
          completionTokens: 1,
          ttftMs: null,
          durationMs: 1,
        })
        const at = hub().clock.now() + 3_600_000
        await storeUsage(hub(), [call(1, 'ok', at)])
        const used = new Date(at).toISOString()
        expect(await deploymentOf(id)).toMatchObject({ status: 'ready', lastUsedAt: used })
        await providers().deps.uses.flush()
        expect((await getCredential(providers().deps, crd)).lastUsedAt, 'a call through the gateway is a use').toBe(
          used,
        )
        await storeUsage(hub(), [call(2, 'credential_refused', at + 1_000)])
        expect(await deploymentOf(id)).toMatchObject({
          status: 'failed',
          statusReason: { code: 'upstream_credential_refused' },
        })
        await storeUsage(hub(), [call(3, 'ok', at + 2_000)])
        expect(await deploymentOf(id)).toMatchObject({ status: 'ready', statusReason: null })
        providers().server.behave(() => groq.refused)
        await testCredential(providers().deps, ada, crd)
        expect(await deploymentOf(id)).toMatchObject({ status: 'failed', statusReason: { code: 'key_refused' } })
      })
    })

    test('a deprecation reaches version, deployment and route, once in the trail, whatever brings it', async () => {
      groqIs()
      const { id: crd } = await credential()
      const bringers: Record<string, (model: string) => Promise<unknown>> = {
        'models.dev': (model) =>
          importCatalog(providers().deps, ada, {
            document: catalog('groq', { id: model, status: 'deprecated' }),
          }),
        Ada: async (model) => {
          const [offering] = (await listOfferings(providers().deps, { limit: 5, provider: 'groq', q: model })).items
          await overrideOffering(providers().deps, ada, offering?.id ?? '', {
            deprecated: '2027-01-31',
            replacement: 'llama-next',
            reason: 'their mail of today',
          })
        },
      }
      for (const [who, bring] of Object.entries(bringers)) {
        const model = uniqueName('ending')
        const { deps, id, version } = await link(source({ credential: crd, model }))
        await publishNow(deps, id)
        expect(version.notices).toEqual([])
        await bring(model)
        await bring(model)
        const told = {
          kind: 'deprecation',
          date: who === 'Ada' ? '2027-01-31' : null,
          replacement: who === 'Ada' ? 'llama-next' : null,
          source: who,
        }
        expect((await readVersion(db(), id)).notices).toEqual([told])
        const { items } = await listVersions(db(), version.modelId, { limit: 5 })
        expect(items.map(({ notices }) => notices)).toEqual([[told]])
        expect(await deploymentOf(id)).toMatchObject({ notices: [told], status: 'ready' })
        const routes = await listRoutes(db(), { limit: 200 })
        expect(routes.items.find(({ name }) => name === version.modelName)?.notices).toEqual([told])
        const readiness = await readinessOf(deps, id, ada)
        expect(readiness.notices).toEqual([told])
        expect(readiness.checks.find((check) => check.id === 'deprecation')).toMatchObject({
          status: 'warn',
          blocks: false,
        })
        const events = (await auditOf(version.hosted?.offeringId ?? '')).filter(
          ({ action }) => action === 'offering.deprecated',
        )
        expect(events.map(({ evidence }) => evidence)).toEqual([
          { usedBy: [{ versionId: id, name: `${version.modelName}@1` }] },
        ])
        await forget(model)
      }
    })

    describe('a check', () => {
      const check = async (given: CloudSource, modality?: 'image' | 'text') =>
        checkSource({ ...hub(), providers: providers().deps }, given, { modality })
      const levels = (notes: { level: string }[], level: string) => notes.filter((note) => note.level === level)

      test('proves the credential, keeps nothing, and says what is known and what is here already', async () => {
        groqIs()
        const { id: crd } = await credential()
        await syncProvider(providers().deps, ada, { kind: 'groq', credentialId: crd })
        const { version } = await link(source({ credential: crd }))
        const before = await getCredential(providers().deps, crd)
        const found = await check(source({ credential: crd }))
        expect(found).toMatchObject({
          ok: true,
          address: `cloud:groq/${listed}`,
          suggestedModality: 'text',
          fileCount: 0,
          totalBytes: 0,
          disk: { neededBytes: 0 },
          remote: null,
          hosted: {
            providerTitle: 'Groq',
            unlisted: false,
            credential: { needed: true, id: crd, name: before.name, test: { ok: true } },
            gateway: { speaks: true },
          },
        })
        expect(found.known[0]).toEqual({
          versionId: version.id,
          modelName: version.modelName,
          number: 1,
          state: 'verified',
        })
        expect(found.hosted?.offering).toMatchObject({
          context: 131_072,
          facts: {
            context: { origin: 'provider', source: 'list of Groq' },
            inputPrice: { origin: 'catalog', source: expect.stringContaining('genai-prices') as string },
          },
        })
        expect((await getCredential(providers().deps, crd)).lastTest).toEqual(before.lastTest)
        expect(providers().server.asked.filter(isChat).length, 'no token is spent').toBe(1)
        const doubted = await check(source({ credential: crd }), 'image')
        expect(doubted.ok).toBe(true)
        expect(doubted.notes[0]).toMatchObject({
          level: 'doubt',
          code: 'modality',
          message: 'Registered as image, but the provider says text.',
        })
        await forget(listed)
      })

      test('names what stands in the way', async () => {
        groqIs()
        const bare = await check(source())
        expect(bare).toMatchObject({ ok: false, hosted: { credential: { needed: true, id: null, test: null } } })
        expect(levels(bare.notes, 'blocker')).toMatchObject([{ code: 'credential_needed' }])
        const { id: crd } = await credential({ fields: { apiKey: 'groq-key-revoked-00000001' }, force: true })
        const refused = await check(source({ credential: crd, model: 'nobody-lists-this' }))
        expect(refused).toMatchObject({ ok: false, hosted: { unlisted: true, offering: null } })
        expect(levels(refused.notes, 'blocker')).toMatchObject([{ code: 'key_refused' }])
        expect(levels(refused.notes, 'doubt')).toMatchObject([
          { message: expect.stringContaining('unlisted') as string },
        ])
        const unknown = await check(source({ provider: 'no-such-provider' }))
        expect(levels(unknown.notes, 'blocker')).toMatchObject([{ code: 'provider_not_defined' }])
      })

      test('of a busy provider only doubts: onboarding tries again', async () => {
        groqIs()
        const { id: crd } = await credential()
        providers().server.behave(() => ({ status: 503, body: {} }))
        const found = await check(source({ credential: crd }))
        expect(found.ok).toBe(true)
        expect(levels(found.notes, 'doubt')).toContainEqual(expect.objectContaining({ code: 'overloaded' }))
      })

      test('says of an ending one when, and what comes instead', async () => {
        groqIs()
        const { id: crd } = await credential()
        const model = uniqueName('ending')
        await importCatalog(providers().deps, ada, { document: catalog('groq', { id: model, status: 'deprecated' }) })
        const { notes } = await check(source({ credential: crd, model, region: 'moon' }))
        expect(notes.filter(({ level }) => level === 'doubt').map(({ message }) => message)).toEqual([
          'Groq has no regions that a call could choose; the region is kept as a remark.',
          `${model} is deprecated.`,
        ])
        await forget(model)
      })
    })
  },
  { shared: true },
)

/** One row as models.dev writes it. */
function catalog(provider: string, over: { id: string } & Record<string, unknown>): Record<string, unknown> {
  const row = {
    name: over.id,
    attachment: false,
    reasoning: false,
    tool_call: true,
    open_weights: false,
    release_date: '2026-01-02',
    last_updated: '2026-01-02',
    limit: { context: 1000, output: 0 },
    modalities: { input: ['text'], output: ['text'] },
    cost: { input: 1, output: 2 },
    ...over,
  }
  const about = { id: provider, name: provider, env: [], npm: 'x', doc: 'https://docs.example/models' }
  return { [provider]: { ...about, models: { [over.id]: row } } }
}
