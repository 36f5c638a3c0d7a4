import { expect, test } from 'vitest'
import { UpstreamSpec } from '../../../../contract/index.ts'
import { describeEachDatabase, hubErrorOf, person, setUpHub, uniqueName } from '../../../../test/support/index.ts'
import { createCredential, nameOffering, probeOffering } from '../index.ts'
import { readContract } from '../testing/contract.ts'
import { replay } from '../testing/replay.ts'
import { setUpProviders, testSecretKey } from '../testing/setup.ts'
import { vendors } from '../vendors/index.ts'
import { assertHostedSource } from './assert-source.ts'
import { gatewayReach, hostedVendor, needsCredential, regionOf } from './hosted-vendor.ts'
import { proveHosted } from './prove-hosted.ts'
import { upstreamsOf } from './upstream-of.ts'

const ada = person()
const spoken = vendors.all.filter(({ dialect }) => dialect === 'openai').map(({ kind }) => kind)

describeEachDatabase(
  'a hosted model as gateways call it',
  (getDb) => {
    const hub = setUpHub(getDb)
    const providers = setUpProviders(hub)
    const deps = () => ({ db: getDb().db, secretKeys: [testSecretKey] })
    const store = async (kind: string, fields: Record<string, string>) =>
      (
        await createCredential(providers().deps, ada, {
          kind,
          name: uniqueName(kind),
          projectId: hub().project.id,
          fields,
          force: true,
        })
      ).id

    test.each(spoken)(
      'of %s has an address, its model id, and the credential where the contract wants it',
      async (kind) => {
        const contract = readContract(kind)
        providers().server.behave(replay(contract))
        const credential = await store(kind, contract.fields)
        const source = { provider: kind, model: 'a/model:1', credential }
        const [upstream] = await upstreamsOf(deps(), [{ source, api: null }])
        if (upstream === undefined || !('spec' in upstream)) throw new Error(upstream?.reason.message)
        const { spec } = upstream
        expect(UpstreamSpec.parse(spec)).toEqual(spec)
        expect(spec).toMatchObject({ provider: kind, title: hostedVendor(kind).title, model: 'a/model:1' })
        expect(spec.baseUrl).not.toMatch(/[{}]|\/$/)
        expect(spec.headers).toMatchObject(contract.auth ?? {})
        for (const [name, { secret }] of Object.entries(hostedVendor(kind).fields)) {
          const value = contract.fields[name]
          if (value === undefined) continue
          expect(spec.secrets.includes(value), name).toBe(secret)
          if (secret) expect(spec.baseUrl, name).not.toContain(value)
        }
        expect(gatewayReach(kind, null)).toEqual({ speaks: true, reason: null })
      },
    )

    test('is refused in words where something is in the way, and is no use of the credential', async () => {
      const key = { baseUrl: 'https://one.example/v1', apiKey: 'key-of-nobody-0000000001' }
      providers().server.behave(() => ({ status: 200, body: {} }))
      const credential = await store('openai-compatible', key)
      const source = { provider: 'openai-compatible', model: 'm', credential }
      const code = async (given: typeof source, api: string | null = null, keys = [testSecretKey]) => {
        const [upstream] = await upstreamsOf({ db: getDb().db, secretKeys: keys }, [{ source: given, api }])
        return upstream === undefined || 'spec' in upstream ? null : upstream.reason.code
      }
      await providers().deps.uses.flush()
      const pending = providers().deps.uses.pending(credential)
      expect(await code(source)).toBeNull()
      expect(await code(source, 'https://one.example/v1')).toBeNull()
      expect(await code(source, 'https://two.example/v1')).toBe('upstream_moved')
      expect(await code({ ...source, credential: 'crd_gone' })).toBe('credential_not_found')
      expect(await code({ ...source, provider: 'gone' })).toBe('provider_not_defined')
      expect(await code(source, null, [Buffer.alloc(32, 1)])).toBe('secret_unreadable')
      expect(await code({ ...source, model: 'm'.repeat(301) }), 'what would break a whole snapshot').toBe(
        'upstream_not_callable',
      )
      expect(providers().deps.uses.pending(credential)).toEqual(pending)
    })

    test('of other dialects, and of models that answer nothing it forwards, is out of its reach, in words', () => {
      for (const { kind, dialect, list } of vendors.all) {
        if (list === null || dialect === 'openai') continue
        expect(gatewayReach(kind, null).reason, kind).toContain('does not speak the dialect')
      }
      expect(gatewayReach('openai', ['images.generations'])).toMatchObject({ speaks: false })
      expect(gatewayReach('openai', ['chat.completions', 'images.generations'])).toMatchObject({ speaks: true })
    })

    test('in a region of its own is proved and asked there, and the credential keeps its own test', async () => {
      providers().server.behave(({ url }) =>
        url.includes('eu-west-3')
          ? { status: 200, body: { modelSummaries: [], output: {} } }
          : { status: 403, body: {} },
      )
      const fields = { region: 'us-east-1', accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) }
      const credential = await store('bedrock', fields)
      const bedrock = hostedVendor('bedrock')
      expect(regionOf(bedrock, fields, undefined)).toBe('us-east-1')
      expect(regionOf(bedrock, fields, 'eu-west-3')).toBe('eu-west-3')
      expect(regionOf(hostedVendor('openai'), {}, undefined)).toBeNull()
      const source = { provider: 'bedrock', model: 'amazon.nova', credential }
      expect((await proveHosted(providers().deps, source, ada))?.code).toBe('no_permission')
      const there = await proveHosted(providers().deps, { ...source, region: 'eu-west-3' }, ada)
      expect(there?.ok).toBe(true)
      const row = await assertHostedSource(getDb().db, source)
      expect(row?.test, 'that it holds elsewhere says nothing of how it is stored').toMatchObject({ ok: false })
      const { id } = await nameOffering(providers().deps, ada, source)
      const asked = { id, credentialId: credential, region: 'eu-west-3', capabilities: [] }
      expect((await probeOffering(providers().deps, ada, asked)).probe).toMatchObject({ live: true })
    })

    test('needs a credential where a field of it is required', async () => {
      for (const vendor of vendors.all.filter(({ list }) => list !== null)) {
        expect(needsCredential(vendor), vendor.kind).toBe(true)
        const error = await hubErrorOf(assertHostedSource(getDb().db, { provider: vendor.kind, model: 'm' }))
        expect(error, vendor.kind).toMatchObject({ code: 'credential_needed' })
        expect(error.remedy).toContain(vendor.title)
      }
    })
  },
  { shared: true },
)
