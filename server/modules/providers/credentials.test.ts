import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { redact } from '../../../kernel/index.ts'
import {
  addDraft,
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  uniqueName,
} from '../../../test/support/index.ts'
import { createLog } from '../../platform/log.ts'
import {
  createCredential,
  deleteCredential,
  getCredential,
  listCredentials,
  readCredential,
  renameCredential,
  rotateCredential,
  testCredential,
} from './index.ts'
import { setUpProviders } from './testing/setup.ts'

const ada = person()
const secret = 'plain-text-secret-of-nobody-0123456789'

describeEachDatabase(
  'credentials',
  (getDb) => {
    const hub = setUpHub(getDb)
    const providers = setUpProviders(hub)

    /** A provider that takes these keys and no others. */
    const accept = (...keys: string[]) =>
      providers().server.behave(({ headers }) =>
        keys.some((key) => headers.authorization === `Bearer ${key}`)
          ? { status: 200, body: { object: 'list', data: [{ id: 'gpt-4.1' }] } }
          : { status: 401, body: { error: { message: `Incorrect API key provided: ${headers.authorization}` } } },
      )
    const add = (
      given: { name?: string; key?: string; force?: boolean; kind?: string; fields?: Record<string, string> } = {},
    ) =>
      createCredential(providers().deps, ada, {
        kind: given.kind ?? 'openai',
        name: given.name ?? uniqueName('key'),
        projectId: hub().project.id,
        fields: given.fields ?? { apiKey: given.key ?? secret },
        force: given.force ?? false,
      })
    const audited = async (id: string) => {
      const { rows } = await sql<{
        action: string
      }>`select action from audit_event where object_id = ${id} order by seq`.execute(getDb().db)
      return rows.map(({ action }) => action)
    }

    test('a good one is tested, sealed and never shown', async () => {
      accept(secret)
      const made = await add()
      expect(made).toMatchObject({
        kind: 'openai',
        fields: {},
        secrets: [{ name: 'apiKey', hint: '6789' }],
        usedByCount: 0,
      })
      expect(made.lastTest).toMatchObject({ ok: true, code: 'ok' })
      expect(await readCredential(providers().deps, made.id)).toEqual({ kind: 'openai', fields: { apiKey: secret } })
      expect(await audited(made.id)).toEqual(['credential.create'])
    })

    test('a refused one is not stored, unless it is to be stored all the same', async () => {
      accept('another')
      const name = uniqueName('refused')
      const error = await hubErrorOf(add({ name }))
      expect(error).toMatchObject({ kind: 'invalid', code: 'credential_not_proved' })
      expect(error.details).toMatchObject({ test: { ok: false, code: 'key_refused' } })
      // The provider quoted the key.
      expect(JSON.stringify(error.details)).not.toContain(secret)
      const { items } = await listCredentials(providers().deps, { limit: 200 })
      expect(items.map((item) => item.name)).not.toContain(name)
      const forced = await add({ name, force: true })
      expect(forced.lastTest).toMatchObject({ ok: false, code: 'key_refused' })
    })

    test('a provider that is not there: not stored either', async () => {
      accept(secret)
      const { deps } = providers()
      const away = { ...deps, net: { ...deps.net, request: () => Promise.reject(new Error('a defect')) } }
      const input = { kind: 'openai', name: 'x', projectId: hub().project.id, fields: { apiKey: secret }, force: true }
      // A defect of ours is no test result.
      await expect(createCredential(away, ada, input)).rejects.toThrow('a defect')
      providers().server.behave(() => undefined)
      const error = await hubErrorOf(
        createCredential({ ...deps, providerTimeoutMs: 100 }, ada, { ...input, force: false }),
      )
      expect(error.details).toMatchObject({ test: { code: 'timed_out' } })
    })

    test('values that do not fit are refused without a request and without being quoted', async () => {
      accept(secret)
      const bad = 'not a key, with spaces'
      for (const fields of [{ apiKey: bad }, {}, { apiKey: '' }, { apiKey: secret, extra: bad }]) {
        const error = await hubErrorOf(add({ fields }))
        expect(error.kind).toBe('invalid')
        expect(`${error.message} ${error.remedy} ${JSON.stringify(error.details)}`).not.toContain(bad)
      }
      expect((await hubErrorOf(add({ kind: 'nobody' }))).code).toBe('unknown_provider')
      expect(providers().server.asked).toEqual([])
    })

    test('a name is taken once, whatever its case', async () => {
      accept(secret)
      const name = uniqueName('Team')
      const first = await add({ name })
      expect((await hubErrorOf(add({ name: name.toUpperCase() }))).code).toBe('credential_name_taken')
      const second = await add()
      expect((await hubErrorOf(renameCredential(providers().deps, ada, second.id, name))).code).toBe(
        'credential_name_taken',
      )
      // Its own name in other letters is no other.
      expect((await renameCredential(providers().deps, ada, first.id, name.toUpperCase())).name).toBe(
        name.toUpperCase(),
      )
    })

    test('rotated under the same id: the next use has the new secret, a refused one changes nothing', async () => {
      const [old, next] = ['old-secret-of-nobody-0001', 'new-secret-of-nobody-0002']
      accept(old)
      const made = await add({ key: old })
      const running = await readCredential(providers().deps, made.id)
      const refused = await hubErrorOf(
        rotateCredential(providers().deps, ada, made.id, { fields: { apiKey: next }, force: false }),
      )
      expect(refused.code).toBe('credential_not_proved')
      expect((await readCredential(providers().deps, made.id)).fields['apiKey']).toBe(old)
      accept(old, next)
      const rotated = await rotateCredential(providers().deps, ada, made.id, { fields: { apiKey: next }, force: false })
      expect(rotated).toMatchObject({ id: made.id, secrets: [{ hint: '0002' }], lastTest: { ok: true } })
      expect(rotated.rotatedAt).not.toBeNull()
      expect((await readCredential(providers().deps, made.id)).fields['apiKey']).toBe(next)
      // What began with the old one still has it.
      expect(running.fields['apiKey']).toBe(old)
      expect(await audited(made.id)).toEqual(['credential.create', 'credential.rotate'])
    })

    test('of two rotations at once none mixes the secrets of both', async () => {
      const fields = {
        region: 'eu-central-1',
        accessKeyId: 'AKIAONE000000001',
        secretAccessKey: 'secret-access-one-0001',
      }
      providers().server.behave(() => ({ status: 200, body: { modelSummaries: [] } }))
      const made = await add({ kind: 'bedrock', fields })
      // Neither is answered before both have asked.
      let asked = 0
      const both = Promise.withResolvers<void>()
      providers().server.behave(async () => {
        asked += 1
        if (asked === 2) both.resolve()
        await both.promise
        return { status: 200, body: { modelSummaries: [] } }
      })
      const results = await Promise.allSettled([
        rotateCredential(providers().deps, ada, made.id, { fields: { accessKeyId: 'AKIATWO000000002' }, force: false }),
        rotateCredential(providers().deps, ada, made.id, {
          fields: { secretAccessKey: 'secret-access-two-0002' },
          force: false,
        }),
      ])
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const rejected = results.find((one) => one.status === 'rejected')
      expect(rejected?.reason).toMatchObject({ code: 'credential_changed' })
    })

    test('a stored secret is not sent to another address', async () => {
      accept(secret)
      const made = await add({ kind: 'vllm', fields: { endpoint: 'http://gpu-1.internal:8000', apiKey: secret } })
      providers().server.behave(() => ({ status: 200, body: { data: [] } }))
      const moved = { endpoint: 'https://attacker.example' }
      const error = await hubErrorOf(rotateCredential(providers().deps, ada, made.id, { fields: moved, force: true }))
      expect(error.code).toBe('secret_needed_again')
      expect(providers().server.asked).toEqual([])
      const fields = { ...moved, apiKey: 'another-secret-0001' }
      const rotated = await rotateCredential(providers().deps, ada, made.id, { fields, force: true })
      expect(rotated.fields).toEqual(moved)
      // An empty value takes an optional secret away.
      const without = await rotateCredential(providers().deps, ada, made.id, { fields: { apiKey: '' }, force: true })
      expect(without.secrets).toEqual([])
    })

    test('what a version uses is not deleted, and the answer says who', async () => {
      accept(secret)
      const made = await add()
      const name = uniqueName('cloud/model')
      const source = { type: 'cloud' as const, provider: 'openai', model: 'gpt-4.1', credential: made.id }
      const versionId = await addDraft(hub(), { name, source, sourceAddress: 'cloud:openai/gpt-4.1' })
      const error = await hubErrorOf(deleteCredential(providers().deps, ada, made.id))
      expect(error).toMatchObject({ kind: 'conflict', code: 'credential_in_use' })
      expect(error.details).toMatchObject({ count: 1, usedBy: [{ type: 'version', id: versionId, name: `${name}@1` }] })
      expect(await getCredential(providers().deps, made.id)).toMatchObject({
        usedByCount: 1,
        usedBy: [{ id: versionId }],
      })
      await sql`update model_version set state = 'archived' where id = ${versionId}`.execute(getDb().db)
      await deleteCredential(providers().deps, ada, made.id)
      expect((await hubErrorOf(getCredential(providers().deps, made.id))).code).toBe('credential_not_found')
      expect((await hubErrorOf(readCredential(providers().deps, made.id))).code).toBe('credential_not_found')
      expect(await audited(made.id)).toEqual(['credential.create', 'credential.delete'])
    })

    test('a test is recorded, and the last use too', async () => {
      accept(secret)
      const made = await add()
      expect(made.lastUsedAt).toBeNull()
      accept('nobody')
      hub().clock.advance(60_000)
      const tested = await testCredential(providers().deps, ada, made.id)
      expect(tested.lastTest).toMatchObject({ ok: false, code: 'key_refused', at: hub().clock.date().toISOString() })
      expect(tested.lastUsedAt).toBe(hub().clock.date().toISOString())
      const stored = async () => {
        const { rows } = await sql<{ last_used_at: Date | null }>`
          select last_used_at from credential where id = ${made.id}`.execute(getDb().db)
        return rows[0]?.last_used_at?.toISOString() ?? null
      }
      // Shown at once, written with others.
      expect(await stored()).toBeNull()
      await providers().deps.uses.flush()
      expect(await stored()).toBe(hub().clock.date().toISOString())
    })

    test('what cannot be opened any more is replaced by a whole new secret', async () => {
      accept(secret)
      const made = await add()
      const lost = { ...providers().deps, secretKeys: [Buffer.alloc(32, 77)] }
      expect((await hubErrorOf(testCredential(lost, ada, made.id))).code).toBe('secret_unreadable')
      const nothing = await hubErrorOf(rotateCredential(lost, ada, made.id, { fields: {}, force: false }))
      expect(nothing.code).toBe('missing_field')
      await rotateCredential(lost, ada, made.id, { fields: { apiKey: secret }, force: false })
      expect((await readCredential(lost, made.id)).fields['apiKey']).toBe(secret)
    })

    test('sealed bytes of one row do not open in another', async () => {
      accept(secret, 'another-secret-00001')
      const [one, two] = [await add(), await add({ key: 'another-secret-00001' })]
      await sql`update credential set sealed = (select sealed from credential where id = ${one.id}) where id = ${two.id}`.execute(
        getDb().db,
      )
      expect((await hubErrorOf(readCredential(providers().deps, two.id))).code).toBe('secret_unreadable')
    })

    test('pages go on where the last ended', async () => {
      accept(secret)
      const kind = 'groq'
      for (let i = 0; i < 5; i++) await add({ kind })
      const seen: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page = await listCredentials(providers().deps, {
          limit: 2,
          kind,
          ...(cursor === undefined ? {} : { cursor }),
        })
        seen.push(...page.items.map(({ id }) => id))
        if (page.nextCursor === null) break
        cursor = page.nextCursor
      }
      expect(seen).toHaveLength(5)
      expect(new Set(seen).size).toBe(5)
    })

    test('no table, log line, audit event or answer holds a secret in clear', async () => {
      const token = 'unmistakable~secret/value+of=nobody%41&x'
      const lines: string[] = []
      const log = createLog({ destination: { write: (line: string) => void lines.push(line) } })
      const deps = { ...providers().deps, log }
      accept(token)
      const input = {
        kind: 'openai',
        name: uniqueName('s'),
        projectId: hub().project.id,
        fields: { apiKey: token },
        force: false,
      }
      const made = await createCredential(deps, ada, input)
      const answers: unknown[] = [made]
      accept('nobody')
      answers.push(await testCredential(deps, ada, made.id))
      answers.push(await getCredential(deps, made.id))
      answers.push(await listCredentials(deps, { limit: 200 }))
      const refused = await hubErrorOf(createCredential(deps, ada, { ...input, name: uniqueName('s') }))
      answers.push({ message: refused.message, remedy: refused.remedy, details: refused.details })
      const { fields } = await readCredential(deps, made.id)
      log.info(
        { fields, nested: { deep: [token] }, url: `https://host/?q=${encodeURIComponent(token)}` },
        `using ${token}`,
      )
      log.error({ err: new Error(`failed with ${token}`) }, JSON.stringify({ token }))
      const { rows } = await sql<{ table_name: string }>`
        select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(
        getDb().db,
      )
      expect(rows.length).toBeGreaterThan(20)
      const stored: string[] = []
      for (const { table_name } of rows) {
        const found = await sql<{ text: string }>`select t::text as text from ${sql.table(table_name)} t`.execute(
          getDb().db,
        )
        stored.push(...found.rows.map(({ text }) => text))
      }
      expect(lines).toHaveLength(2)
      const hex = Buffer.from(token).toString('hex')
      const base64 = Buffer.from(token).toString('base64')
      const places = { answers: [JSON.stringify(answers)], lines, stored }
      for (const [place, texts] of Object.entries(places)) {
        for (const text of texts) {
          for (const form of [token, encodeURIComponent(token), hex, base64]) expect(text, place).not.toContain(form)
        }
      }
      expect(lines.join('')).toContain('[redacted]')
    })
  },
  { shared: true },
)

describe('what is written of a secret that is in use', () => {
  test('each line of a key file, and its escaped form, is taken out', async () => {
    const { rememberSecret } = await import('../../../kernel/index.ts')
    const pem =
      '-----BEGIN PRIVATE KEY-----\nbm9ib2R5cyBrZXkgbGluZSBvbmU\nbm9ib2R5cyBrZXkgbGluZSB0d28\n-----END PRIVATE KEY-----\n'
    rememberSecret(JSON.stringify({ private_key: pem }))
    rememberSecret(pem)
    expect(redact(`a ${pem} b`)).not.toContain('bm9ib2R5')
    expect(redact(JSON.stringify({ key: pem }))).not.toContain('bm9ib2R5')
    expect(redact('only bm9ib2R5cyBrZXkgbGluZSB0d28 here')).toBe('only [redacted] here')
    expect(redact('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----')
  })
})
