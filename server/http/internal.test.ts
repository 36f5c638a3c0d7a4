import { Hono } from 'hono'
import { expect, test } from 'vitest'
import type { UsageRecord } from '../../contract/index.ts'
import { quietLog } from '../../test/support/index.ts'
import type { AppEnv } from './deps.ts'
import { mountInternal } from './internal.ts'
import { problemOf } from './problem.ts'

const stored: unknown[] = []
const app = new Hono<AppEnv>()
app.onError((error) => {
  const problem = problemOf(error, 'r', quietLog())
  return Response.json(problem, { status: problem.status })
})
mountInternal(app, {
  joinToken: 'join-token',
  openSnapshotStream: () => new Blob(['{"t":"end"}\n']).stream(),
  storeUsage: (records) => Promise.resolve(void stored.push(...records)),
})

const send = (method: 'GET' | 'POST', path: string, authorization: string | null, body?: unknown) =>
  app.request(
    new Request(`http://hub/internal/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )

const record: UsageRecord = {
  epoch: 'e',
  seq: 7,
  at: 1,
  requestId: 'r',
  decisionId: 'd',
  keyId: null,
  projectId: null,
  routeId: null,
  route: null,
  targetId: null,
  versionId: null,
  endpoint: '/v1',
  stream: false,
  status: 200,
  outcome: 'ok',
  promptTokens: 1,
  completionTokens: 1,
  ttftMs: null,
  durationMs: 1,
}

test.each([null, '', 'Bearer', 'Bearer ', 'Bearer join-toke', 'Bearer join-token2', 'Basic join-token', 'join-token'])(
  'the doors of gateways stay shut to %j',
  async (authorization) => {
    for (const response of [
      await send('GET', 'snapshot', authorization),
      await send('POST', 'usage', authorization, { records: [record] }),
    ]) {
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ code: 'join_token_invalid' })
    }
    expect(stored).toEqual([])
  },
)

test('the snapshot is a stream of lines', async () => {
  const stream = await send('GET', 'snapshot', 'Bearer join-token')
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'application/x-ndjson'])
  expect(await stream.text()).toBe('{"t":"end"}\n')
})

test('usage that fits its schema is stored, and the answer says up to where', async () => {
  const post = (records: unknown[]) => send('POST', 'usage', 'Bearer join-token', { records })
  const last = { ...record, seq: 8 }
  expect(await (await post([record, last])).json()).toEqual({ epoch: 'e', seq: 8 })
  expect(stored).toEqual([record, last])
  for (const records of [[], [{ ...record, seq: 0 }], [{ ...record, outcome: 'fine' }], Array(501).fill(record)]) {
    expect((await post(records)).status).toBe(400)
  }
  expect(stored).toHaveLength(2)
})
