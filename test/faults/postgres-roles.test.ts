import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import type { Hub } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { endStateOf, leftovers } from '../e2e/support/onboarding.ts'
import type { Place } from '../e2e/support/place.ts'
import { addModel, endOfJob, figure, makeKey, until } from '../e2e/support/work.ts'
import { amount, seededFor } from './support/plan.ts'

const workerCount = amount({ slice: 2, full: 3 })
const models = amount({ slice: 3, full: 16 })
const everything = amount({ slice: 0, full: 1 }) === 1

describeHubOnEachDatabase('an API process and workers on one database and one data folder', (lane) => {
  it.skipIf(lane.kind === 'embedded')(
    `${models} onboardings while workers are killed end as one that was left alone`,
    async () => {
      const random = seededFor('postgres roles')
      const api = await lane.place()
      const share = async (): Promise<Place> => {
        const own = await lane.place()
        return Object.assign(own, { data: api.data, models: api.models, token: api.token, env: api.env })
      }
      const joinToken = randomUUID()
      const places = [api, ...(await Promise.all(Array.from({ length: workerCount }, share)))]
      // All at once, on an empty database and an empty folder.
      const [hub, ...workers] = await Promise.all(
        places.map((place, index) =>
          lane.start({
            place,
            starter: true,
            env: { MODELHUB_ROLE: index === 0 ? 'api' : 'worker', MODELHUB_JOIN_TOKEN: joinToken },
          }),
        ),
      )
      if (hub === undefined) throw new Error('no API process')
      const worker = (index: number) => workers[index] as Hub

      await checkRoles(hub, workers)

      const options = { mode: 'copy', benchmark: everything, evaluate: everything, publish: true } as const
      const folder = writeFolder(join(api.models, 'known'), {
        'known.gguf': buildKnownBigram().bytes,
        'README.md': '---\nlicense: apache-2.0\n---\n# Known answers\n',
      })
      const add = (name: string) => addModel(hub, name, folder, options)
      const first = await add('roles/undisturbed')
      const undisturbed = await endOfJob(hub, first.jobId)
      const expected = await endStateOf(hub, first.versionId, undisturbed)
      expect(expected).toMatchObject({ state: 'published', job: { state: 'succeeded' } })

      // What it published is served by a gateway of its own, which has an engine host but neither database nor API.
      const gateway = await lane.start({
        place: await share(),
        wait: false,
        env: { MODELHUB_ROLE: 'gateway', MODELHUB_CONTROL_URL: hub.url, MODELHUB_JOIN_TOKEN: joinToken },
      })
      const { key } = await makeKey(hub)
      const ask = () =>
        chat(gateway.gatewayUrl, key, { model: 'roles/undisturbed', content: 'abc' }).catch(() => ({ status: 0 }))
      await until(ask, ({ status }) => status === 200, 60_000)
      expect(gateway.output()).toContain('as a gateway of')

      const began = performance.now()
      const added = await Promise.all(Array.from({ length: models }, (_none, index) => add(`roles/model-${index}`)))
      const ends = Promise.all(added.map(({ jobId }) => endOfJob(hub, jobId, 240_000)))
      let over = false
      ends.then(
        () => (over = true),
        () => (over = true),
      )
      let kills = 0
      while (!over) {
        await sleep(200 + random() * 1_500)
        const index = Math.floor(random() * workerCount)
        worker(index).kill9('all')
        await worker(index).gone()
        workers[index] = await lane.start({
          place: places[index + 1] as Place,
          starter: true,
          env: { MODELHUB_ROLE: 'worker' },
        })
        kills += 1
      }
      const jobs = await ends
      const seconds = (performance.now() - began) / 1_000
      const repeated = jobs.reduce(
        (sum, job) => sum + job.steps.reduce((n, { attempt }) => n + Math.max(0, attempt - 1), 0),
        0,
      )
      figure(
        `${models} onboardings on ${workerCount} workers in ${seconds.toFixed(1)} s, ${kills} workers killed, ${repeated} steps begun again`,
      )
      for (const [index, job] of jobs.entries()) {
        expect(await endStateOf(hub, added[index]?.versionId ?? '', job), `model ${index}`).toEqual(expected)
      }
      expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
      await Promise.all([gateway, hub, ...workers].map((each) => each.stop()))
      expect(leftovers(api.data)).toEqual([])
    },
    amount({ slice: 300_000, full: 900_000 }),
  )
})

/** Who does what, and what must not be done twice or by the wrong one. */
async function checkRoles(hub: Hub, workers: readonly Hub[]): Promise<void> {
  expect(hub.processes().map(({ part }) => part)).not.toContain('engine')
  // One setup link, printed by the process that people reach, still good after the workers have started.
  const link = /setup\?token=(mhs_\w+)/.exec(hub.output())?.[1]
  expect(link).toBeDefined()
  for (const worker of workers) {
    expect(worker.output()).not.toMatch(/setup\?token|mhk_/)
    expect((await fetch(`${worker.url}/api/v1/models`)).status).toBe(404)
    expect((await fetch(`${worker.url}/metrics`)).status).toBe(200)
  }
  expect(JSON.parse(readFileSync(join(hub.place.data, 'hub.json'), 'utf8'))).toMatchObject({ url: hub.url })
  // The starter was made by one of those that started at once.
  const { items } = await unwrap(hub.api.GET('/models', { params: { query: { q: 'starter' } } }))
  expect(items.map(({ name }) => name)).toEqual(['modelhub/starter'])
  const local = readFileSync(join(hub.place.data, 'cli-token'), 'utf8').trim()
  const asLocal = await fetch(`${hub.url}/api/v1/models`, { headers: { authorization: `Bearer ${local}` } })
  expect(asLocal.status).toBe(200)
}
