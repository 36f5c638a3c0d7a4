import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unwrap } from '../../sdk/index.ts'
import { runCli } from '../e2e/support/cli.ts'
import type { Hub } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import { endStateOf, followSteps, type StepEvent, stepEvents } from '../e2e/support/onboarding.ts'
import { endOfJob, figure, readVersion, until } from '../e2e/support/work.ts'
import { amount, seededFor } from './support/plan.ts'

const count = amount({ slice: 2, full: 20 })
const steps = ['begin', 'prove', 'probe', 'describe', 'decide', 'publish']
/** So long the provider thinks about each answer (ms): a kill falls into the wait. */
const thinksMs = 300

type Kill = { which: 'all' | 'hub' | 'control'; step: string; state: 'running' | 'done'; afterMs: number }

describeHubOnEachDatabase('the linking of a hosted model whose processes are killed', (lane) => {
  let asked: string[] = []
  // Every model answers one token, to whoever asks.
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    request.resume()
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const list = { data: [{ id: 'large' }] }
      response.end(JSON.stringify(request.method === 'GET' ? list : { choices: [{ message: { content: 'Hi' } }] }))
    }, thinksMs)
  })
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  it(
    `${count} kills: it ends as one that was left alone`,
    async () => {
      const random = seededFor(`hosted kills ${lane.kind}`)
      const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
      const place = await lane.place()
      const env = { MODELHUB_NET_ALLOW: '127.0.0.1' }
      let hub = await lane.start({ place, env })
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
      const credential = await unwrap(
        hub.api.POST('/credentials', {
          body: {
            kind: 'openai-compatible',
            name: 'team',
            fields: { baseUrl, apiKey: 'key-of-nobody-0123456789' },
            force: false,
          },
        }),
      )
      let models = 0
      const link = async () => {
        const created = await unwrap(
          hub.api.POST('/models', {
            body: {
              name: `hosted/kill-${++models}`,
              source: { type: 'cloud', provider: 'openai-compatible', model: 'large', credential: credential.id },
              start: true,
              onboarding: { benchmark: false, evaluate: false, publish: true },
            },
          }),
        )
        return { jobId: created.job?.id ?? '', versionId: created.version.id }
      }
      const finish = async ({ jobId, versionId }: Awaited<ReturnType<typeof link>>) => {
        const job = await endOfJob(hub, jobId)
        const { metadata, ...state } = await endStateOf(hub, versionId, job)
        const { hosted } = await readVersion(hub, versionId)
        const { items } = await unwrap(hub.api.GET('/deployments', { params: { query: { version: versionId } } }))
        return { ...state, metadata: Object.keys(metadata).sort(), hosted, deployments: items.map((one) => one.engine) }
      }
      const alone = await finish(await link())
      expect(alone).toMatchObject({
        state: 'published',
        digest: null,
        verdict: null,
        hosted: { api: baseUrl, provider: 'openai-compatible' },
        deployments: ['provider:openai-compatible'],
        job: { state: 'succeeded', steps: steps.map((name) => `${name} done`) },
      })

      const kills: Kill[] = Array.from({ length: count }, (_none, index) => ({
        which: index === 0 ? 'all' : pick(['all', 'hub', 'control'] as const),
        step: index === 0 ? 'probe' : pick(steps),
        state: index === 0 ? 'running' : pick(['running', 'done'] as const),
        afterMs: Math.round(random() * thinksMs),
      }))
      for (const kill of kills) {
        const label = `${kill.which} killed ${kill.afterMs} ms after ${kill.step} was ${kill.state}`
        asked = []
        const made = await link()
        const before = await reach(hub, made.jobId, kill)
        hub.kill9(kill.which)
        if (kill.which === 'control') {
          const up = () =>
            fetch(`${hub.url}/readyz`).then(
              (answer) => answer.status === 200,
              () => false,
            )
          await until(up, Boolean, 60_000)
        } else {
          await hub.gone()
          hub = await lane.start({ place, env })
        }
        expect(await finish(made), label).toEqual(alone)
        const told = await stepEvents(hub, made.jobId)
        for (const { step } of before.filter(({ state }) => state === 'done')) {
          const begins = told.filter((event) => event.step === step && event.state === 'running')
          expect(begins, `${label}: ${step} was finished before`).toHaveLength(1)
        }
        figure(`${lane.kind}: ${label}: ${asked.length} questions to the provider`)
        expect(asked.length, label).toBeLessThanOrEqual(10)
      }
      expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
      await hub.stop()
    },
    120_000 + count * 60_000,
  )
})

/** Waits until a step is where the kill is to fall; gives what the journal had said by then. */
async function reach(hub: Hub, jobId: string, kill: Kill): Promise<StepEvent[]> {
  const before: StepEvent[] = []
  await followSteps(hub, jobId, (event) => {
    before.push(event)
    return event.step === kill.step && event.state === kill.state
  })
  await sleep(kill.afterMs)
  return before
}
