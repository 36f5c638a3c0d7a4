import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { vi } from 'vitest'
import { parseAllowList } from '../../egress/index.ts'
import type { GatewayConfig } from '../config.ts'
import { defaultLimits, type Limits } from '../limits.ts'
import { type Gateway, startGateway } from '../start-gateway.ts'
import { aKey, aRoute, type FakeControl, joinToken, startFakeControl } from './fake-control.ts'
import { engineSecret, type FakeEngine, startFakeEngine } from './fake-engine.ts'

export const secretKey = Buffer.alloc(32, 7)
export const key = 'mhk_test'

export type Harness = {
  folder: string
  config: GatewayConfig
  control: FakeControl
  engine: FakeEngine
  gateway: Gateway
  url: string
  call: (
    body: object | string,
    init?: { headers?: Record<string, string>; signal?: AbortSignal; path?: string },
  ) => Promise<Response>
  health: () => Promise<{
    status: string
    snapshot: { version: number | null; ageMs: number | null }
    usage: { pending: number; dropped: number; rejected: number }
  }>
  /** Waits until the gateway serves this version. */
  version: (version: number) => Promise<void>
  restart: () => Promise<void>
  close: () => Promise<void>
}

export const quick: Limits = {
  ...defaultLimits,
  snapshotRetryMs: { first: 20, most: 100 },
  snapshotIdleMs: 2_000,
  usageSendMs: 20,
  drainMs: 1_000,
  unreachableMs: 500,
  unreachableRetryMs: 20,
}

export const silent = pino({ level: 'silent' })

/** A gateway between a fake control plane and a fake engine host; one route `starter`, one key. */
export async function startHarness(limits: Partial<Limits> = {}): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'))
  const control = await startFakeControl()
  const engineSocket = join(folder, 'engine.sock')
  const engine = await startFakeEngine(engineSocket)
  control.publish(1, [aRoute('starter')], [aKey(key)])
  const config: GatewayConfig = {
    host: '127.0.0.1',
    port: 0,
    folder: join(folder, 'gateway'),
    controlUrl: control.url,
    joinToken,
    secretKey,
    engineSocket,
    engineSecret,
    net: { allow: parseAllowList('127.0.0.1'), proxy: { https: null, http: null, no: '' } },
    limits: { ...quick, ...limits },
  }
  const harness: Harness = {
    folder,
    config,
    control,
    engine,
    gateway: await startGateway(config, { log: silent }),
    url: '',
    call: (body, init = {}) =>
      fetch(`${harness.url}${init.path ?? '/v1/chat/completions'}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...init.headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(init.signal === undefined ? {} : { signal: init.signal }),
      }),
    health: async () => (await fetch(`${harness.url}/healthz`)).json() as ReturnType<Harness['health']>,
    version: (version) => soon(async () => (await harness.health()).snapshot.version === version),
    restart: async () => {
      await harness.gateway.close()
      harness.gateway = await startGateway(config, { log: silent })
      harness.url = `http://127.0.0.1:${harness.gateway.port}`
    },
    close: async () => {
      await harness.gateway.close(0)
      await Promise.all([control.close(), engine.close()])
      await rm(folder, { recursive: true, force: true })
    },
  }
  harness.url = `http://127.0.0.1:${harness.gateway.port}`
  await harness.version(1)
  return harness
}

/** Waits up to 5 s for something to become true. */
export const soon = (check: () => Promise<boolean> | boolean) =>
  vi.waitFor(
    async () => {
      if (!(await check())) throw new Error('still not so')
    },
    { timeout: 5_000, interval: 10 },
  )

export const ask = { model: 'starter', messages: [{ role: 'user', content: 'hi' }] }
