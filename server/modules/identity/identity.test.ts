import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { channels, permissions, rolePermissions } from '../../../contract/index.ts'
import { describeEachDatabase, person, setUpHub, uniqueName, waitUntil } from '../../../test/support/index.ts'
import {
  authenticate,
  completeSetup,
  createCallerCache,
  createKey,
  createSessionKey,
  createSessions,
  createSetupLink,
  createToken,
  hashSecret,
  keysInForce,
  listKeys,
  listTokens,
  listUsers,
  revokedHashes,
  revokeKey,
  revokeToken,
  setupNeeded,
  touchKeys,
  viewerOf,
} from './index.ts'

const password = 'correct horse battery staple'

describeEachDatabase(
  'identity',
  (getDb) => {
    const hub = setUpHub(getDb)
    const db = () => getDb().db
    const secrets: string[] = [password]
    const kept = (secret: string) => {
      secrets.push(secret)
      return secret
    }
    let sessions: ReturnType<typeof createSessions>
    const deps = () => ({
      database: getDb(),
      clock: hub().clock,
      sessions,
      callers: createCallerCache(hub().clock),
      adminToken: 'bootstrap-secret',
    })
    const call = (headers: Record<string, string>) => authenticate(deps(), new Headers(headers), 'req_1')
    const bearer = (token: string) => call({ authorization: `Bearer ${token}` })
    beforeAll(() => {
      sessions = createSessions({ database: getDb(), secret: 'x'.repeat(32), publicUrl: 'http://localhost:4820' })
    })

    describe('setup', () => {
      const complete = (token: string, name = 'Grace') =>
        completeSetup(hub(), { token, name, email: `${name}@Example.org`, password })

      test('takes one link once, within the hour, and only the newest', async () => {
        expect(await setupNeeded(hub())).toBe(true)
        await expect(complete('mhs_made_up')).rejects.toMatchObject({ code: 'setup_link_invalid' })
        const old = kept(await createSetupLink(hub()))
        const late = kept(await createSetupLink(hub()))
        await expect(complete(old)).rejects.toMatchObject({ kind: 'unauthenticated', code: 'setup_link_invalid' })
        hub().clock.advance(3_600_000)
        await expect(complete(late)).rejects.toMatchObject({ code: 'setup_link_invalid' })
        expect(await setupNeeded(hub())).toBe(true)
        const link = kept(await createSetupLink(hub()))
        hub().clock.advance(3_599_999)
        const outcomes = await Promise.allSettled([complete(link, 'Grace'), complete(link, 'Mallory')])
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
        expect(await setupNeeded(hub())).toBe(false)
        const users = await listUsers({ database: getDb() }, { limit: 10 })
        expect(users.items).toMatchObject([{ roles: ['admin'] }])
        expect(users.items[0]?.email).toBe(users.items[0]?.email.toLowerCase())
        const another = kept(await createSetupLink(hub()))
        await expect(complete(another, 'Eve')).rejects.toMatchObject({ kind: 'conflict', code: 'setup_done' })
      })
    })

    describe('sessions', () => {
      test('sign in by password, are read by their cookie, end at sign-out', async () => {
        const [user] = (await listUsers({ database: getDb() }, { limit: 1 })).items
        if (user === undefined) throw new Error('the setup made nobody')
        expect(await sessions.signIn(user.email, 'wrong password', new Headers())).toBeNull()
        expect(await sessions.signIn('nobody@example.org', password, new Headers())).toBeNull()
        const session = await sessions.signIn(user.email, password, new Headers())
        const header = session?.setCookie[0] ?? ''
        expect(header).toMatch(/HttpOnly/i)
        expect(header).toMatch(/SameSite=(Lax|Strict)/i)
        const cookie = header.split(';')[0] ?? ''
        kept(decodeURIComponent(cookie.split('=')[1] ?? ''))
        const caller = await call({ cookie })
        expect(caller).toMatchObject({ by: 'cookie', viewer: { id: user.id, roles: ['admin'] } })
        expect(caller?.actor.permissions).toEqual(new Set(permissions))
        const forged = `${cookie.slice(0, -6)}AAAAAA`
        expect(await call({ cookie: forged })).toBeNull()
        await sessions.signOut(new Headers({ cookie }))
        expect(await call({ cookie })).toBeNull()
        expect(await call({})).toBeNull()
      })

      test('of a person who is gone show nothing', async () => {
        await expect(viewerOf(db(), 'usr_none')).rejects.toMatchObject({ kind: 'unauthenticated' })
      })
    })

    describe('tokens', () => {
      const create = async (extra: { expiresAt?: Date; roles?: string[] } = {}) => {
        const made = await createToken(hub(), person(), { name: uniqueName('token'), roles: ['viewer'], ...extra })
        kept(made.token)
        return made
      }

      test('are hf_ and 40 letters or digits, shown by their first eight', async () => {
        const { token, record } = await create()
        expect(token).toMatch(/^hf_[A-Za-z0-9]{40}$/)
        expect(record.prefix).toBe(token.slice(0, 8))
      })

      test('give the permissions of their roles, and a role nobody knows gives none', async () => {
        const viewer = await bearer((await create()).token)
        expect([...(viewer?.actor.permissions ?? [])].sort()).toEqual([...rolePermissions.viewer].sort())
        const nobody = await bearer((await create({ roles: ['superhero', '__proto__', 'constructor'] })).token)
        expect(nobody?.viewer.permissions).toEqual(['public', 'signed_in'])
        const both = await bearer((await create({ roles: ['viewer', 'admin'] })).token)
        expect(both?.viewer.permissions).toEqual([...permissions])
      })

      test('stop counting when they expire', async () => {
        const expiresAt = new Date(hub().clock.now() + 1_000)
        const { token } = await create({ expiresAt })
        expect(await bearer(token)).not.toBeNull()
        hub().clock.advance(1_000)
        await expect(bearer(token)).rejects.toMatchObject({ kind: 'unauthenticated', code: 'token_invalid' })
        await expect(create({ expiresAt: hub().clock.date() })).rejects.toMatchObject({ code: 'expiry_in_the_past' })
      })

      test('stop counting when they are revoked, which happens once', async () => {
        const { token, record } = await create()
        await revokeToken(hub(), person(), record.id)
        await expect(bearer(token)).rejects.toMatchObject({ code: 'token_invalid' })
        await expect(revokeToken(hub(), person(), record.id)).rejects.toMatchObject({ code: 'token_not_found' })
      })

      test('remember their last use, at most once a minute', async () => {
        const { token, record } = await create()
        const lastUse = async () =>
          (await listTokens(hub(), { limit: 1 })).items.find(({ id }) => id === record.id)?.lastUsedAt
        expect(await lastUse()).toBeNull()
        await bearer(token)
        const first = hub().clock.date().toISOString()
        hub().clock.advance(30_000)
        await bearer(token)
        expect(await lastUse()).toBe(first)
        hub().clock.advance(31_000)
        await bearer(token)
        expect(await lastUse()).toBe(hub().clock.date().toISOString())
      })

      test.each(['Bearer hf_nope', 'Bearer', 'Bearer ', 'Basic abc', 'hf_nope', 'Bearer a b'])(
        'the header %j is refused, never taken for nobody',
        async (authorization) => {
          await expect(call({ authorization })).rejects.toMatchObject({
            kind: 'unauthenticated',
            code: 'token_invalid',
          })
        },
      )

      test('the bootstrap token is an administrator, and only where it is set', async () => {
        expect(await bearer('bootstrap-secret')).toMatchObject({ viewer: { roles: ['admin'], id: 'tok_bootstrap' } })
        await expect(
          authenticate({ ...deps(), adminToken: undefined }, new Headers({ authorization: 'Bearer undefined' }), 'r'),
        ).rejects.toMatchObject({ code: 'token_invalid' })
      })
    })

    describe('keys', () => {
      const create = async (extra: { models?: string[]; expiresAt?: Date } = {}) => {
        const made = await createKey(hub(), person(), {
          name: uniqueName('key'),
          projectId: hub().project.id,
          ...extra,
        })
        kept(made.key)
        return made
      }
      const inForce = async () => (await keysInForce(db(), hub().clock.date())).map(({ hash }) => hash)

      test('are known to gateways by their hash while they are in force', async () => {
        const expiresAt = new Date(hub().clock.now() + 1_000)
        const { key } = await create({ models: ['a/b'], expiresAt })
        expect(key).toMatch(/^mhk_[A-Za-z0-9]{40}$/)
        expect(await inForce()).toContain(hashSecret(key))
        hub().clock.advance(1_000)
        expect(await inForce()).not.toContain(hashSecret(key))
      })

      test('tell the gateways of themselves when they are made and revoked', async () => {
        const news: string[] = []
        const stop = await getDb().listen(channels.serving, (payload) => news.push(payload))
        const { record } = await create()
        await waitUntil(() => news.length === 1)
        await revokeKey(hub(), person(), record.id)
        await waitUntil(() => news.length === 2)
        await stop()
      })

      test('revoked once, leave their hash behind for a while', async () => {
        const { key, record } = await create()
        const before = hub().clock.date()
        hub().clock.advance(1)
        await revokeKey(hub(), person(), record.id)
        expect(await inForce()).not.toContain(hashSecret(key))
        expect(await revokedHashes(db(), before)).toContain(hashSecret(key))
        expect(await revokedHashes(db(), hub().clock.date())).not.toContain(hashSecret(key))
        await expect(revokeKey(hub(), person(), record.id)).rejects.toMatchObject({ code: 'key_not_found' })
      })

      test('of a playground are not listed, not audited, end after 15 minutes and are then deleted', async () => {
        const auditBefore = await countOf('audit_event')
        const { key, record } = await createSessionKey(hub(), person(), hub().project.id)
        kept(key)
        expect(await countOf('audit_event')).toBe(auditBefore)
        expect((await listKeys(hub(), { limit: 200 })).items.map(({ id }) => id)).not.toContain(record.id)
        expect(await inForce()).toContain(hashSecret(key))
        hub().clock.advance(15 * 60_000)
        expect(await inForce()).not.toContain(hashSecret(key))
        hub().clock.advance(1)
        kept((await createSessionKey(hub(), person(), hub().project.id)).key)
        const { rows } = await sql`select 1 from gateway_key where id = ${record.id}`.execute(db())
        expect(rows).toEqual([])
      })

      test('are listed newest first, page by page, without their value', async () => {
        const made: string[] = []
        for (let i = 0; i < 5; i++) made.unshift((await create()).record.id)
        const first = await listKeys(hub(), { limit: 3 })
        const second = await listKeys(hub(), { limit: 3, cursor: first.nextCursor ?? '' })
        expect([...first.items, ...second.items].map(({ id }) => id).slice(0, 5)).toEqual(made)
        expect(JSON.stringify(first)).not.toMatch(/mhk_\w{10}/)
      })

      test('remember their last use and never go back', async () => {
        const { record } = await create()
        const at = (ms: number) => new Date(hub().clock.now() + ms)
        const touch = (ms: number) => getDb().transaction((trx) => touchKeys(trx, new Map([[record.id, at(ms)]])))
        await touch(5_000)
        await touch(1_000)
        const found = (await listKeys(hub(), { limit: 1 })).items[0]
        expect(found?.lastUsedAt).toBe(at(5_000).toISOString())
      })
    })

    const countOf = async (table: string) =>
      Number((await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db())).rows[0]?.n)

    test('no secret of any test above stands in any table', async () => {
      const { rows: found } = await sql<{ name: string }>`
        select table_name as name from information_schema.tables where table_schema = 'public'`.execute(db())
      expect(found.length).toBeGreaterThan(20)
      let dump = ''
      for (const { name } of found) {
        const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} t`.execute(db())
        dump += rows.map(({ text }) => text).join('\n')
      }
      // The dump does hold what is stored, so a secret would be seen.
      expect(dump).toContain(hashSecret(secrets.find((secret) => secret.startsWith('mhk_')) ?? ''))
      expect(secrets.length).toBeGreaterThan(20)
      for (const secret of secrets) expect(dump.includes(secret), secret).toBe(false)
    })
  },
  { shared: true },
)
