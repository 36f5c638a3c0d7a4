import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient, followEvents, unwrap } from '../../sdk/index.ts'
import { startControlPlane } from '../../server/control-plane.ts'
import { readConfig } from '../../server/platform/config.ts'
import type { Database } from '../../server/platform/db/index.ts'
import { copyEmbeddedTemplate } from '../support/embedded-template.ts'
import { quietLog } from '../support/quiet-log.ts'
import { writeFolder } from './support/model-files.ts'
import { makePlace, type Place } from './support/place.ts'
import { figure } from './support/work.ts'

const limitMs = 50
const querySeconds = 2

// The control plane keeps its database to itself; the test needs the same handle to make it slow.
const opened = vi.hoisted(() => ({ database: undefined as unknown }))
vi.mock('../../server/platform/db/index.ts', async (original) => {
  const module = await original<typeof import('../../server/platform/db/index.ts')>()
  return {
    ...module,
    openWhenReachable: async (...given: Parameters<typeof module.openWhenReachable>) =>
      (opened.database = await module.openWhenReachable(...given)),
  }
})

describe('a database query of two seconds', () => {
  let place: Place
  let url: string
  let close: () => Promise<void>
  beforeAll(async () => {
    place = await makePlace()
    await copyEmbeddedTemplate(place.data)
    const control = await startControlPlane({
      config: readConfig({
        MODELHUB_PORT: '0',
        MODELHUB_DATA: place.data,
        MODELHUB_ADMIN_TOKEN: place.token,
        MODELHUB_DISK_ROOTS: place.models,
        MODELHUB_STARTER: 'off',
      }),
      log: quietLog(),
      secretKey: randomBytes(32),
      joinToken: randomBytes(24).toString('hex'),
      engine: null,
      onWaiting: () => undefined,
      signal: new AbortController().signal,
      onFatal: (error) => {
        throw error
      },
    })
    url = `http://127.0.0.1:${control.port}`
    close = control.close
  }, 60_000)
  afterAll(async () => {
    await close?.()
    place?.remove()
  }, 30_000)

  /**
   * What `measure` takes while the query runs, printed beside the same on a quiet database just before: nine of ten times must keep
   * the limit. An event loop or a request that the query held up would give one time of two seconds.
   */
  const expectPrompt = async (name: string, measure: () => Promise<number>) => {
    const { db } = opened.database as Database
    await measure()
    const quiet = await repeat(measure, sleep(1_000))
    const query = sql`select pg_sleep(${querySeconds})`.execute(db)
    await sleep(100)
    const slow = await repeat(measure, query)
    const words = ({ most, worst, count }: Times) =>
      `90 % of ${count} within ${most.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`
    figure(`${name} beside a slow query: ${words(slow)} (quiet: ${words(quiet)})`)
    expect(slow.count).toBeGreaterThan(10)
    expect(slow.most).toBeLessThanOrEqual(limitMs)
  }

  it('keeps /healthz within 50 ms', async () => {
    const health = async () => {
      const began = performance.now()
      const response = await fetch(`${url}/healthz`)
      await response.text()
      expect(response.status).toBe(200)
      return performance.now() - began
    }
    await expectPrompt('/healthz', health)
  }, 20_000)

  it('answers the event stream of a job within 50 ms', async () => {
    const folder = writeFolder(`${place.models}/card`, { 'README.md': '# Only a card\n' })
    const created = await unwrap(
      createClient({ url, token: place.token }).POST('/models', {
        body: { name: 'e2e/card', source: { type: 'disk', path: folder, mode: 'in_place' }, start: true },
      }),
    )
    const events = `${url}/api/v1/jobs/${created.job?.id}/events`
    for await (const event of followEvents(events, { token: place.token }, AbortSignal.timeout(20_000))) void event
    const firstBytes = async () => {
      const began = performance.now()
      const response = await fetch(events, { headers: { authorization: `Bearer ${place.token}` } })
      const reader = response.body?.getReader()
      await reader?.read()
      const took = performance.now() - began
      await reader?.cancel()
      expect(response.status).toBe(200)
      return took
    }
    await expectPrompt('event stream', firstBytes)
  }, 30_000)
})

type Times = { most: number; worst: number; count: number }

/** Measures again and again until `end` is there. */
async function repeat(measure: () => Promise<number>, end: Promise<unknown>): Promise<Times> {
  let running = true
  const ended = end.finally(() => {
    running = false
  })
  const times: number[] = []
  while (running) {
    times.push(await measure())
    await sleep(20)
  }
  await ended
  times.sort((a, b) => a - b)
  return {
    most: times[Math.floor(times.length * 0.9)] ?? Number.POSITIVE_INFINITY,
    worst: times.at(-1) ?? Number.POSITIVE_INFINITY,
    count: times.length,
  }
}
