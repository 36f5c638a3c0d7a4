import { Pool } from 'undici'
import type { EngineSpec } from '../../contract/index.ts'
import { upstream } from '../../kernel/index.ts'
import type { Limits } from '../limits.ts'

/** The way to the engine host: a Unix socket and the secret of its start. */
export type EngineLink = {
  pool: Pool
  authorization: string
  /** Tells the host what to load for a deployment; calls for the same one at the same time are one. */
  introduce: (spec: EngineSpec) => Promise<void>
  close: () => Promise<void>
}

export function createEngineLink(config: { engineSocket: string; engineSecret: string; limits: Limits }): EngineLink {
  const { limits } = config
  const pool = new Pool('http://engine', {
    socketPath: config.engineSocket,
    // Never fewer than the requests let in: a request waiting for a connection would look like a slow engine.
    connections: limits.concurrentRequests,
    connectTimeout: limits.connectMs,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.idleMs,
  })
  const authorization = `Bearer ${config.engineSecret}`
  const underWay = new Map<string, Promise<void>>()
  const put = async (spec: EngineSpec) => {
    const answer = await pool.request({
      method: 'PUT',
      path: `/deployments/${encodeURIComponent(spec.deploymentId)}`,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(spec),
    })
    await answer.body.dump()
    if (answer.statusCode >= 300) {
      throw upstream('engine_refused', `The engine host answered ${answer.statusCode} to the deployment's description.`)
    }
  }
  return {
    pool,
    authorization,
    introduce: (spec) => {
      const known = underWay.get(spec.deploymentId)
      if (known !== undefined) return known
      const work = put(spec).finally(() => underWay.delete(spec.deploymentId))
      underWay.set(spec.deploymentId, work)
      return work
    },
    close: () => pool.destroy(),
  }
}
