import { beforeAll, expect, it } from 'vitest'
import { rolePermissions } from '../../contract/index.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { call, operations, problemOf, unknownId } from './support/routes.ts'
import { prepareTokens } from './support/tokens.ts'

const guarded = operations.filter(({ permission }) => permission !== 'public')
const withBody = operations.filter(({ body }) => body !== undefined)
const withId = operations.filter(({ path }) => path.includes('{id}'))

/** Good bodies for operations that look up what the path names. */
const goodBodies: Record<string, unknown> = {
  updateModel: { description: 'x' },
  replaceVersionLink: { url: 'https://files.example/model.gguf' },
  updateCredential: { name: 'x' },
  rotateCredential: { fields: { apiKey: 'x' } },
  updateOffering: { name: 'x', reason: 'a test' },
  addVersionSignature: { bundle: {} },
  createLicenseDecision: { decision: 'approved', reason: 'a test' },
  acceptLicense: { textSha256: '0'.repeat(64) },
  attachLicense: { url: 'https://files.example/LICENSE', reason: 'a test' },
  removeLicense: { reason: 'a test' },
  answerLicenseQuestion: { question: 'modify', answer: 'unclear', reason: 'a test' },
  removeLicenseAnswer: { reason: 'a test' },
  probeOffering: { credential: 'crd_00000000000000000000zz' },
}

describeHub('what the API refuses', () => {
  const hubs = useHubs()
  let hub: Hub
  let viewer = ''
  let nobody = ''
  beforeAll(async () => {
    const place = await hubs.place()
    const [first = '', second = ''] = await prepareTokens(place, [['viewer'], []])
    viewer = first
    nobody = second
    hub = await hubs.start({ place })
  }, 120_000)

  it.each(guarded)('$id: nobody signed in → 401', async (operation) => {
    const response = await call(hub.url, operation)
    expect(response.status).toBe(401)
    expect(await problemOf(response)).toMatchObject({ code: 'sign_in_required', remedy: expect.any(String) as string })
    const unknown = await call(hub.url, operation, { token: 'hf_0000000000000000000000000000000000000000' })
    expect(unknown.status).toBe(401)
    expect(await problemOf(unknown)).toMatchObject({ code: 'token_invalid' })
  })

  it.each(guarded)('$id: a token without $permission → 403', async (operation) => {
    const mayView = rolePermissions.viewer.includes(operation.permission)
    const token = mayView ? nobody : viewer
    // Signing in is all that some operations ask for.
    if (operation.permission === 'signed_in') return
    const response = await call(hub.url, operation, { token })
    expect(response.status).toBe(403)
    expect(await problemOf(response)).toMatchObject({
      code: 'permission_missing',
      remedy: expect.any(String) as string,
      details: { permission: operation.permission },
    })
    if (mayView) expect([401, 403]).not.toContain((await call(hub.url, operation, { token: viewer })).status)
  })

  it.each(withId)('$id: an unknown id → 404', async (operation) => {
    const body = goodBodies[operation.id] ?? (operation.body === undefined ? undefined : {})
    const sent =
      operation.upload === undefined
        ? body === undefined
          ? {}
          : { body }
        : { rawBody: 'x', headers: { 'content-type': operation.upload } }
    const response = await call(hub.url, operation, { token: hub.token, ...sent })
    expect(await problemOf(response)).toMatchObject({
      status: 404,
      code: expect.stringMatching(/_not_found$/) as string,
    })
  })

  it.each([
    ['/benchmarks', { version: unknownId }],
    ['/evaluations', { version: unknownId }],
    ['/approvals', { version: unknownId, reason: 'none' }],
  ])('POST %s for an unknown version → 404', async (path, body) => {
    const operation = operations.find((one) => one.path === path && one.method === 'post')
    if (operation === undefined) throw new Error(`there is no POST ${path}`)
    const response = await call(hub.url, operation, { token: hub.token, body })
    expect(await problemOf(response)).toMatchObject({ status: 404, remedy: expect.any(String) as string })
  })

  it.each(withBody)('$id: a wrong body → 400 with code and remedy', async (operation) => {
    const bodies = [
      { body: { noSuchField: 1 } },
      { body: [] },
      { rawBody: '{"open":' },
      { rawBody: `${'['.repeat(200)}` },
    ]
    for (const sent of bodies) {
      const response = await call(hub.url, operation, { token: hub.token, ...sent })
      expect(response.status, JSON.stringify(sent)).toBe(400)
      expect(await problemOf(response)).toMatchObject({ remedy: expect.stringMatching(/\w/) as string })
    }
    const text = { token: hub.token, rawBody: '{}', headers: { 'content-type': 'text/plain' } }
    expect(await problemOf(await call(hub.url, operation, text))).toMatchObject({ status: 415 })
  })

  it('refuses query fields and cursors that nobody defined', async () => {
    const headers = { authorization: `Bearer ${hub.token}` }
    for (const query of ['noSuchField=1', 'limit=0', 'limit=201', 'cursor=%25%25', 'state=flying', 'sort=sideways']) {
      const response = await fetch(`${hub.url}/api/v1/models?${query}`, { headers })
      expect(await problemOf(response), query).toMatchObject({ status: 400 })
    }
  })

  it('has nothing at a path that no operation has', async () => {
    const response = await fetch(`${hub.url}/api/v1/no-such-thing`, {
      headers: { authorization: `Bearer ${hub.token}` },
    })
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'no_such_path' })
  })

  it('lets no gateway in without the join token', async () => {
    for (const token of ['', hub.token, viewer]) {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`${hub.url}/internal/v1/snapshot`, { headers, signal: AbortSignal.timeout(5_000) })
      expect(await problemOf(response)).toMatchObject({ status: 401 })
    }
  })
})
