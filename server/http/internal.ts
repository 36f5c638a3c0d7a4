import { createHash, timingSafeEqual } from 'node:crypto'
import type { Hono } from 'hono'
import { UsageBatch } from '../../contract/index.ts'
import { unauthenticated } from '../../kernel/index.ts'
import type { AppEnv, InternalDeps } from './deps.ts'
import { readJsonBody } from './read-body.ts'

/** The doors of gateways: the snapshot stream and the usage inbox, both by join token. */
export function mountInternal(app: Hono<AppEnv>, deps: InternalDeps): void {
  app.get('/internal/v1/snapshot', (c) => {
    assertJoinToken(c.req.raw.headers, deps.joinToken)
    return new Response(deps.openSnapshotStream(c.req.raw.signal), {
      headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' },
    })
  })
  app.post('/internal/v1/usage', async (c) => {
    assertJoinToken(c.req.raw.headers, deps.joinToken)
    const { records } = UsageBatch.parse(await readJsonBody(c.req.raw))
    await deps.storeUsage(records)
    const last = records.at(-1)
    return c.json({ epoch: last?.epoch ?? '', seq: last?.seq ?? 0 })
  })
}

function assertJoinToken(headers: Headers, joinToken: string): void {
  const given = /^bearer\s+(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1] ?? ''
  const digest = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(digest(given), digest(joinToken))) {
    throw unauthenticated(
      'join_token_invalid',
      'The join token is not valid.',
      'Start the gateway with the join token of this control plane.',
    )
  }
}
