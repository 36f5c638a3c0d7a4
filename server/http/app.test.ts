import type { Hono } from 'hono'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem, type RouteDefinition, type RouteId, routes } from '../../contract/index.ts'
import { conflict } from '../../kernel/index.ts'
import { describeEachDatabase, person, quietLog, setUpHub, temporaryFolder } from '../../test/support/index.ts'
import { completeSetup, createCallerCache, createSetupLink, createToken, listUsers } from '../modules/identity/index.ts'
import { createApp } from './app.ts'
import type { Handlers } from './call.ts'
import type { AppEnv } from './deps.ts'

type Called = { id: string; input: { params: unknown; query: unknown; body: unknown }; actor: string }

const all = Object.entries(routes) as [RouteId, RouteDefinition][]
const pathOf = (definition: RouteDefinition) =>
  `/api/v1${definition.path.replace('{ordinal}', '0').replaceAll(/\{\w+\}/g, 'some_id')}`

describeEachDatabase(
  'http',
  (getDb) => {
    const hub = setUpHub(getDb)
    const web = temporaryFolder('app')
    afterAll(() => web.remove())
    const calls: Called[] = []
    const answers = new Map<string, () => Promise<unknown>>()
    let app: Hono<AppEnv>
    let ready = () => Promise.resolve()
    let admin = ''
    let nobody = ''
    beforeAll(async () => {
      const handlers = Object.fromEntries(
        all.map(([id]) => [
          id,
          (input: Called['input'], call: { actor: { name: string }; setCookies: (cookies: string[]) => void }) => {
            calls.push({ id, input, actor: call.actor.name })
            if (id === 'signIn') call.setCookies(['a=1; HttpOnly', 'b=2'])
            return answers.get(id)?.() ?? Promise.resolve({ from: id })
          },
        ]),
      )
      const token = await createSetupLink(hub())
      await completeSetup(hub(), { token, name: 'Ada', email: 'ada@example.org', password: 'long enough password' })
      const [ada] = (await listUsers({ database: getDb() }, { limit: 1 })).items
      admin = (await createToken(hub(), person(), { name: 'admin', roles: ['admin'] })).token
      nobody = (await createToken(hub(), person(), { name: 'nobody', roles: [] })).token
      app = createApp(handlers as unknown as Handlers, {
        database: getDb(),
        clock: hub().clock,
        log: quietLog(),
        publicOrigin: 'http://hub',
        authentication: {
          database: getDb(),
          clock: hub().clock,
          callers: createCallerCache(hub().clock),
          sessions: {
            read: (headers) =>
              Promise.resolve(headers.get('cookie') === 'session=ada' && ada !== undefined ? { userId: ada.id } : null),
            signIn: () => Promise.resolve(null),
            signOut: () => Promise.resolve({ setCookie: [] }),
          },
          adminToken: undefined,
        },
        internal: {
          joinToken: 'join-token',
          openSnapshotStream: () => new Blob(['{"t":"end"}\n']).stream(),
          storeUsage: () => Promise.resolve(),
        },
        system: { version: '1.2.3', ready: () => ready(), registry: new Registry(), observe: () => undefined },
        webFolder: web.path,
        connectOrigins: [],
      })
    })
    const send = (
      method: string,
      path: string,
      options: { token?: string; headers?: Record<string, string>; body?: unknown } = {},
    ) =>
      app.request(
        new Request(`http://hub${path}`, {
          method: method.toUpperCase(),
          headers: {
            ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
            ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
            ...options.headers,
          },
          ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        }),
      )
    const problem = async (response: Response) => {
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      const body = Problem.parse(await response.json())
      expect([body.status, body.requestId]).toEqual([response.status, response.headers.get('x-request-id')])
      return body
    }

    describe.each(all)('%s', (_id, definition) => {
      const { method, permission } = definition

      test(permission === 'public' ? 'is open to everybody' : `needs ${permission}`, async () => {
        const before = calls.length
        const path = pathOf(definition)
        const anonymous = await send(method, path)
        const powerless = await send(method, path, { token: nobody })
        if (permission === 'public') {
          expect([401, 403]).not.toContain(anonymous.status)
          return
        }
        expect((await problem(anonymous)).code).toBe('sign_in_required')
        if (permission === 'signed_in') {
          expect([401, 403]).not.toContain(powerless.status)
          return
        }
        expect(await problem(powerless)).toMatchObject({
          status: 403,
          code: 'permission_missing',
          details: { permission },
        })
        expect(calls.length).toBe(before)
        const allowed = await send(method, path, { token: admin })
        expect([401, 403, 404]).not.toContain(allowed.status)
      })
    })

    test('no two operations hide each other', async () => {
      for (const [id, definition] of all.filter(([, each]) => each.body === undefined && each.stream === undefined)) {
        calls.length = 0
        const query = definition.query !== undefined && definition.path === '/disk' ? '?path=/x' : ''
        const { upload } = definition
        const file = upload === undefined ? {} : { headers: { 'content-type': upload, 'content-length': '2' }, body: 1 }
        await send(definition.method, pathOf(definition) + query, { token: admin, ...file })
        expect(calls.map((call) => call.id)).toEqual([id])
      }
    })

    describe('a request', () => {
      const keys = '/api/v1/keys'

      test('is parsed by its schema: defaults filled in, unknown members refused', async () => {
        calls.length = 0
        expect((await send('get', `${keys}?limit=7`, { token: admin })).status).toBe(200)
        expect(calls[0]).toMatchObject({ input: { query: { limit: 7 } }, actor: 'admin' })
        for (const query of ['limit=0', 'limit=201', 'limit=x', 'nonsense=1', 'limit=1&limit=2']) {
          expect((await problem(await send('get', `${keys}?${query}`, { token: admin }))).code).toBe('invalid_request')
        }
        const created = await send('post', keys, { token: admin, body: { name: 'k', admin: true } })
        expect((await problem(created)).details?.['issues']).toBeDefined()
      })

      test('without the right body is refused before anything runs', async () => {
        calls.length = 0
        const text = { method: 'post', token: admin }
        expect(
          (await send('post', keys, { ...text, headers: { 'content-type': 'text/plain' }, body: {} })).status,
        ).toBe(415)
        expect((await send('post', keys, { ...text, body: { name: 'x'.repeat(1 << 20) } })).status).toBe(413)
        expect((await send('post', keys, { ...text, body: {} })).status).toBe(400)
        expect(calls).toEqual([])
      })

      test('keeps a request id that is one, and gets one otherwise', async () => {
        const idOf = async (given: string) =>
          (await send('get', '/healthz', { headers: { 'x-request-id': given } })).headers.get('x-request-id')
        expect(await idOf('trace-1.2:3')).toBe('trace-1.2:3')
        for (const given of ['a b', 'x'.repeat(101), '<script>']) expect(await idOf(given)).toMatch(/^req_\w{20}$/)
      })

      test('that fails tells a defect without its text and with every header', async () => {
        answers.set('listKeys', () => Promise.reject(new Error('secret text of a defect')))
        const response = await send('get', keys, { token: admin })
        answers.delete('listKeys')
        expect(response.headers.get('x-content-type-options')).toBe('nosniff')
        expect(response.headers.get('cache-control')).toBe('no-store')
        expect(JSON.stringify(await problem(response))).not.toContain('secret text')
      })

      test('to nowhere is a problem too', async () => {
        expect((await problem(await send('get', '/api/v1/nowhere'))).code).toBe('no_such_path')
        const other = await send('put', keys, { token: admin })
        expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, POST'])
      })

      test('by HEAD ends the content that nobody gets', async () => {
        let ended = false
        const events = {
          next: () => new Promise(() => undefined),
          return: () => Promise.resolve((ended = true)),
          [Symbol.asyncIterator]: () => events,
        }
        answers.set('streamJobEvents', () => Promise.resolve(events))
        const response = await send('HEAD', '/api/v1/jobs/job_1/events', { token: admin })
        answers.delete('streamJobEvents')
        expect([response.status, response.body, ended]).toEqual([200, null, true])
      })

      test('cookies of the answer are all set', async () => {
        const body = { email: 'a@example.org', password: 'x' }
        const response = await send('post', '/api/v1/session', { body })
        expect(response.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2'])
      })
    })

    describe('with a session cookie', () => {
      const cookie = 'session=ada'

      test('reads from anywhere, changes from the hub itself only', async () => {
        const from = (method: string, headers: Record<string, string>) =>
          send(method, '/api/v1/keys', {
            headers: { cookie, ...headers },
            ...(method === 'post' ? { body: { name: 'k' } } : {}),
          })
        expect((await from('get', { origin: 'http://evil' })).status).toBe(200)
        expect((await from('post', { origin: 'http://hub' })).status).toBe(201)
        for (const headers of [
          { origin: 'http://evil' },
          { 'sec-fetch-site': 'cross-site' },
          { 'sec-fetch-site': 'same-site' },
        ]) {
          expect((await problem(await from('post', headers))).code).toBe('cross_site')
        }
      })

      test('a token needs no origin, and a bad token is not helped by a good cookie', async () => {
        const headers = { origin: 'http://evil' }
        expect((await send('post', '/api/v1/keys', { token: admin, headers, body: { name: 'k' } })).status).toBe(201)
        const both = await send('get', '/api/v1/keys', { token: 'hf_wrong', headers: { cookie } })
        expect((await problem(both)).code).toBe('token_invalid')
      })

      test('nobody signs in from another site', async () => {
        const body = { email: 'a@example.org', password: 'x' }
        const response = await send('post', '/api/v1/session', { headers: { origin: 'http://evil' }, body })
        expect((await problem(response)).code).toBe('cross_site')
      })
    })

    test('an Idempotency-Key runs a create once, and a failed one again', async () => {
      const body = { name: 'a/b', source: { type: 'disk', path: '/x' } }
      const create = () =>
        send('post', '/api/v1/models', { token: admin, body, headers: { 'idempotency-key': 'key-1' } })
      answers.set('createModel', () => Promise.reject(conflict('taken', 'Taken.')))
      expect((await create()).status).toBe(409)
      answers.delete('createModel')
      calls.length = 0
      const [first, second] = [await create(), await create()]
      expect([first.status, second.status, calls.length]).toEqual([202, 202, 1])
      expect(await second.json()).toEqual(await first.json())
    })

    test('healthz answers whatever the database does, readyz says whether it is there', async () => {
      expect((await send('get', '/readyz')).status).toBe(200)
      ready = () => Promise.reject(new Error('postgres://user:pass@host is away'))
      const response = await send('get', '/readyz')
      expect(response.status).toBe(503)
      expect(await response.text()).not.toContain('postgres')
      expect((await send('get', '/healthz')).status).toBe(200)
    })

    test('describes itself', async () => {
      const document = (await (await send('get', '/openapi.json')).json()) as {
        info: { version: string }
        paths: object
      }
      expect(document.info.version).toBe('1.2.3')
      expect(await (await send('get', '/docs')).text()).toContain('/api/v1/models')
      expect((await send('get', '/metrics')).status).toBe(200)
    })
  },
  { shared: true },
)
