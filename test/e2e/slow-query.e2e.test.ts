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
    openDatabase: async (...given: Parameters<typeof module.openDatabase>) =>
      (opened.database = await module.openDatabase(...given)),
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
   * Runs `measure` again and again while the query runs. Nine of ten times must keep the limit: an event loop that the query held up
   * would give one time of two seconds, and a busy machine alone gives a few outliers.
   */
  const whileSlow = async (measure: () => Promise<number>) => {
    const { db } = opened.database as Database
    let running = true
    const query = sql`select pg_sleep(${querySeconds})`.execute(db).finally(() => {
      running = false
    })
    await sleep(100)
    const times: number[] = []
    while (running) {
      times.push(await measure())
      await sleep(20)
    }
    await query
    times.sort((a, b) => a - b)
    return { worst: Math.max(...times), most: times[Math.floor(times.length * 0.9)] ?? Infinity, count: times.length }
  }

  it('keeps /healthz within 50 ms', async () => {
    const health = async () => {
      const began = performance.now()
      const response = await fetch(`${url}/healthz`)
      await response.text()
      expect(response.status).toBe(200)
      return performance.now() - began
    }
    await health()
    const { worst, most, count } = await whileSlow(health)
    figure(`/healthz: 90 % of ${count} within ${most.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`)
    expect(count).toBeGreaterThan(10)
    expect(most).toBeLessThanOrEqual(limitMs)
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
    await firstBytes()
    const { worst, most, count } = await whileSlow(firstBytes)
    figure(`event stream: 90 % of ${count} within ${most.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`)
    expect(count).toBeGreaterThan(10)
    expect(most).toBeLessThanOrEqual(limitMs)
  }, 30_000)
})
