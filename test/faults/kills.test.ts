import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { seededRandom, writeMultiFileModel } from '../e2e/support/model-files.ts'
import { endStateOf, followSteps, leftovers, type StepEvent, stepEvents } from '../e2e/support/onboarding.ts'
import type { Place } from '../e2e/support/place.ts'
import { addModel, endOfJob, figure, type Job } from '../e2e/support/work.ts'

const kills = Number(process.env['MODELHUB_KILLS'] ?? 3)
const seed = Number(process.env['MODELHUB_KILLS_SEED'] ?? Date.now() % 1_000_000)
const megabytes = 96
const everything = { mode: 'copy', benchmark: true, evaluate: true, publish: true } as const

/** Where in the onboarding a kill falls: some milliseconds into a step. */
type Plan = { which: 'hub' | 'all'; step: string; afterMs: number }

describeHub('an onboarding that is killed ends as one that was left alone', () => {
  const hubs = useHubs()
  const onboard = async (place: Place) => {
    const folder = writeMultiFileModel(join(place.models, 'many'), megabytes)
    const hub = await hubs.start({ place })
    return { hub, ...(await addModel(hub, 'e2e/many', folder, everything)) }
  }

  it(
    `${kills} kills at random places`,
    async () => {
      figure(`seed ${seed} (MODELHUB_KILLS_SEED), ${kills} kills (MODELHUB_KILLS), ${megabytes} MB`)
      const undisturbed = await onboard(await hubs.place())
      const job = await endOfJob(undisturbed.hub, undisturbed.jobId)
      expect(job, undisturbed.hub.output().slice(-2_000)).toMatchObject({ state: 'succeeded', error: null })
      const expected = await endStateOf(undisturbed.hub, undisturbed.versionId, job)
      expect(expected).toMatchObject({ state: 'published', job: { state: 'succeeded' } })
      expect(expected.files).toHaveLength(9)
      await undisturbed.hub.stop()

      for (const plan of planKills(job, kills, seed)) {
        const place = await hubs.place()
        const { hub, jobId, versionId } = await onboard(place)
        const before = await killInside(hub, jobId, plan)
        const restarted = await hubs.start({ place })
        const end = await endOfJob(restarted, jobId)
        const told = await stepEvents(restarted, jobId)
        const label = `${plan.which} killed ${plan.afterMs} ms into ${plan.step}`
        figure(`${label}: ready again after ${restarted.readySeconds.toFixed(1)} s, attempts ${attemptsOf(end)}`)

        expect(await endStateOf(restarted, versionId, end), label).toEqual(expected)
        const done = before.filter(({ state }) => state === 'done').map(({ step }) => step)
        for (const step of done) {
          const begins = told.filter((event) => event.step === step && event.state === 'running')
          expect(begins, `${label}: ${step} was finished before`).toHaveLength(1)
        }
        // A step runs again when it was under way at the kill, or when it failed for a reason of its own; the journal says which.
        const failed = told.filter(({ state }) => state === 'failed')
        for (const { step, error } of failed) figure(`${step} failed once: ${error?.code}: ${error?.message}`)
        const repeated = end.steps.reduce((sum, { attempt }) => sum + Math.max(0, attempt - 1), 0)
        expect(repeated - failed.length, `${label}: only the step under way runs again`).toBeLessThanOrEqual(1)
        expect(await runCli(restarted, ['audit', 'verify']), label).toMatchObject({ code: 0 })
        await restarted.stop()
        expect(leftovers(place.data), label).toEqual([])
        expect(readdirSync(place.temporary), `${label}: temporary files`).toEqual([])
        place.remove()
      }
    },
    120_000 + kills * 90_000,
  )
})

/**
 * The first kill ends every process in the middle of the copy, where most can be left behind. The others take the steps by turns in a
 * shuffled order, so that few kills already fall in different parts of the onboarding.
 */
function planKills(undisturbed: Job, count: number, from: number): Plan[] {
  const random = seededRandom(from)
  const ran = undisturbed.steps.filter(({ state }) => state === 'done')
  const order = ran.map((step) => ({ step, at: random() })).sort((a, b) => a.at - b.at)
  return Array.from({ length: count }, (_none, index) => {
    const first = ran.find(({ name }) => name === 'ingest')
    const step = index === 0 ? first : order[(index - 1) % order.length]?.step
    const tookMs = Date.parse(step?.finishedAt ?? '') - Date.parse(step?.startedAt ?? '')
    return {
      which: index > 0 && random() < 0.5 ? 'hub' : 'all',
      step: step?.name ?? '',
      afterMs: Math.round(random() * Math.max(tookMs, 1)),
    }
  })
}

/** Kills the hub inside a step, waits until nothing of it runs, and gives what the journal had said until then. */
async function killInside(hub: Hub, jobId: string, plan: Plan): Promise<StepEvent[]> {
  const told: StepEvent[] = []
  const following = Promise.withResolvers<void>()
  const watching = followSteps(hub, jobId, (event) => {
    told.push(event)
    if (event.step === plan.step && event.state === 'running') following.resolve()
  })
  // The stream breaks with the hub; what it had told by then counts.
  const ended = watching.then(following.resolve, () => following.resolve())
  await following.promise
  await sleep(plan.afterMs)
  hub.kill9(plan.which)
  // The supervisor's own death is what the others must notice, within the seconds they take to hand their work back.
  const seconds = await hub.gone()
  await ended
  figure(`nothing of the hub ran ${seconds.toFixed(1)} s after the kill`)
  return told
}

const attemptsOf = (job: Job): string => job.steps.map(({ name, attempt }) => `${name} ${attempt}`).join(', ')
