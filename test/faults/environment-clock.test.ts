import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli, runCliJson } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder, writeMultiFileModel } from '../e2e/support/model-files.ts'
import type { Place } from '../e2e/support/place.ts'
import { addModel, endOfJob, figure, makeKey, until } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'

const preload = fileURLToPath(new URL('./support/clock-preload.mjs', import.meta.url))
const hour = 3_600_000
const day = 24 * hour
const model = 'e2e/known'
const onlyInFull = amount({ slice: 1, full: 0 }) === 1

describeHub('a clock that jumps', () => {
  const hubs = useHubs()

  /** A hub whose clock, in all its processes, is the real one and so much more. */
  const startAt = async (place: Place, offsetMs: number) => {
    const file = join(place.path, 'clock')
    writeFileSync(file, String(offsetMs))
    const hub = await hubs.start({ place, env: { NODE_OPTIONS: `--import=${preload}`, MODELHUB_TEST_CLOCK: file } })
    let offset = offsetMs
    return {
      hub,
      jump: async (ms: number) => {
        offset += ms
        writeFileSync(file, String(offset))
        await sleep(40)
      },
    }
  }

  it('an onboarding with everything ends well, chats are answered, nothing runs twice or is refused for long', async () => {
    const { hub, jump } = await startAt(await hubs.place(), 0)
    const folder = writeMultiFileModel(join(hub.place.models, 'many'), 12)
    const known = writeFolder(join(hub.place.models, 'known'), {
      'known.gguf': buildKnownBigram().bytes,
      'README.md': '# Known answers\n',
    })
    const first = await addModel(hub, model, known, { publish: true })
    expect(await endOfJob(hub, first.jobId)).toMatchObject({ state: 'succeeded' })
    const { key } = await makeKey(hub)
    const ask = () => chat(hub.gatewayUrl, key, { model, content: 'abc' })
    await until(ask, ({ status }) => status === 200, 15_000)

    const everyHour = Array.from({ length: amount({ slice: 0, full: 24 }) }, () => hour)
    const jumps = [day, -day, ...everyHour, -day, -12 * hour].slice(0, amount({ slice: 2, full: 99 }))
    const ids = new Set<string>()
    let worst = 0
    for (const [at, ms] of jumps.entries()) {
      // Jobs that are queued, running and new while the clock moves.
      const copied = at % 2 === 0
      const before = await addModel(hub, `e2e/before-${at}`, folder, copied ? { mode: 'copy' } : {})
      await jump(ms)
      const after = await addModel(hub, `e2e/after-${at}`, folder, { benchmark: at === 1 })
      const answered = await until(ask, ({ status }) => status === 200, 8_000)
      worst = Math.max(worst, answered.seconds)
      for (const { jobId, versionId } of [before, after]) {
        const job = await endOfJob(hub, jobId, 60_000)
        expect(job, `jump of ${ms / hour} h`).toMatchObject({ state: 'succeeded', error: null })
        expect(job.steps.filter(({ attempt }) => attempt > 1)).toEqual([])
        ids.add(jobId).add(versionId)
        const { rate, etaSeconds } = job.progress ?? {}
        for (const value of [rate, etaSeconds]) expect(value ?? 0).toBeGreaterThanOrEqual(0)
      }
      expect(await ask()).toMatchObject({ status: 200 })
      const health = (await (await fetch(`${hub.gatewayUrl}/healthz`)).json()) as { snapshot: { ageMs: number } }
      expect(health.snapshot.ageMs).toBeGreaterThanOrEqual(0)
      expect(health.snapshot.ageMs).toBeLessThan(60_000)
    }
    figure(`${jumps.length} jumps; after one a chat was answered within ${worst.toFixed(2)} s`)
    expect(ids.size).toBe(jumps.length * 4)
    await expectSound(hub, key)
    await hub.stop()
  }, 600_000)

  it.skipIf(onlyInFull)(
    'a hub that starts in 1970 or in 2099 works, and one that comes back to the present goes on',
    async () => {
      const place = await hubs.place()
      const offsets = [Date.parse('2099-06-01') - Date.now(), 60_000 - Date.now(), 0]
      for (const [at, offset] of offsets.entries()) {
        const { hub } = await startAt(place, offset)
        const folder = writeFolder(join(place.models, `known-${at}`), {
          'known.gguf': buildKnownBigram().bytes,
          'README.md': `# Known answers ${at}\n`,
        })
        const { jobId } = await addModel(hub, `e2e/known-${at}`, folder, { publish: true, benchmark: true })
        expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
        const { key } = await makeKey(hub)
        const asked = () => chat(hub.gatewayUrl, key, { model: `e2e/known-${at}`, content: 'abc' })
        await until(asked, ({ status }) => status === 200, 15_000)
        await expectSound(hub, key)
        await hub.stop()
      }
    },
    300_000,
  )
})

/** What must hold whatever the clock said: the trail, the records, the figures. */
async function expectSound(hub: Hub, key: string): Promise<void> {
  expect(key).toMatch(/^mhk_/)
  expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
  const { items } = await unwrap(hub.api.GET('/requests', { params: { query: { limit: 200 } } }))
  for (const { durationMs } of items) expect(durationMs).toBeGreaterThanOrEqual(0)
  const jobs = await runCliJson<{ items: unknown[] }>(hub, ['jobs'])
  expect(JSON.stringify(jobs)).not.toMatch(/NaN|"rate":-/)
  const benchmarks = await unwrap(hub.api.GET('/benchmarks', { params: { query: {} } }))
  for (const { result } of benchmarks.items) expect(JSON.stringify(result)).not.toMatch(/NaN|:-\d/)
}
