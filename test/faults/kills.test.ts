import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { sequenceCounts } from '../../server/modules/evaluations/tasks/sequence.ts'
import { runCli } from '../e2e/support/cli.ts'
import type { Hub } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import { writeMultiFileModel } from '../e2e/support/model-files.ts'
import { endStateOf, followSteps, leftovers, type StepEvent, stepEvents } from '../e2e/support/onboarding.ts'
import { processesBelow, stillRunning } from '../e2e/support/processes.ts'
import { addModel, endOfJob, figure, type Job, until } from '../e2e/support/work.ts'
import { createLedger } from './support/acknowledged.ts'
import { expectedFor } from './support/expected.ts'
import { type Kill, planKills } from './support/kill-plan.ts'
import { amount, seededFor } from './support/plan.ts'

const count = amount({ slice: 3, full: 50 })
const megabytes = 32
/** What the model that only knows successors scores: the share of the upward items. */
const knownScore = sequenceCounts.upward / (sequenceCounts.upward + sequenceCounts.downward)
/** A hub that fails so often is broken altogether. */
const mostFailures = 5

describeHubOnEachDatabase('an onboarding whose processes are killed ends as one that was left alone', (lane) => {
  it(
    `${count} kills: of everything, of each process, at each step's begin and end and in between`,
    async () => {
      const random = seededFor(`kills ${lane.kind}`)
      const place = await lane.place()
      let hub = await lane.start({ place })
      let models = 0
      const onboard = async (measured: boolean) => {
        const name = `e2e/many-${++models}`
        const folder = writeMultiFileModel(join(place.models, `many-${models}`), megabytes, models)
        // Writing took long without a look at the network: the hub may have closed a kept connection meanwhile.
        await sleep(20)
        const options = { mode: 'copy', benchmark: measured, evaluate: measured, publish: true } as const
        return { folder, ...(await addModel(hub, name, folder, options)) }
      }
      const leftAlone = async (measured: boolean) => {
        const { folder, jobId, versionId } = await onboard(measured)
        const job = await endOfJob(hub, jobId)
        expect(job, hub.output().slice(-2_000)).toMatchObject({ state: 'succeeded', error: null })
        const state = await endStateOf(hub, versionId, job)
        expect(state).toMatchObject({ state: 'published' })
        expect(state.files).toHaveLength(9)
        // What a killed one is compared with is made in the same way, so that must be right.
        expect(expectedFor(state, folder)).toEqual(state)
        return { job, state }
      }
      const plain = await leftAlone(false)
      // The short slice stays with onboardings that measure nothing.
      const measured = count > 10 ? await leftAlone(true) : plain
      if (measured !== plain) expect(measured.state.evaluations).toEqual([`finished ${knownScore} 208`])
      const ledger = createLedger(join(place.models, 'many-1'))
      const resumed: number[] = []
      const ready: number[] = []
      const gone: number[] = []

      const killOnce = async (plan: Kill, label: string) => {
        const { folder, jobId, versionId } = await onboard(plan.measured)
        const stopWriting = ledger.write(hub)
        const killed = await killInside(hub, jobId, plan)
        gone.push(killed.goneSeconds)
        let readyAt: number | undefined
        if (plan.which === 'all' || plan.which === 'hub') {
          const acknowledged = await stopWriting()
          hub = await lane.start({ place })
          readyAt = hub.readyAt
          ready.push(hub.readySeconds)
          figure(`${label}: ${acknowledged} writes acknowledged, ready after ${hub.readySeconds.toFixed(1)} s`)
        } else if (plan.which === 'control') {
          const up = () => answers(hub, killed.pids)
          const { seconds } = await until(up, Boolean, 60_000)
          readyAt = Date.now()
          figure(`${label}: back after ${seconds.toFixed(1)} s`)
        } else figure(label)

        const end = await endOfJob(hub, jobId)
        await stopWriting()
        const told = await stepEvents(hub, jobId)
        const next = told.find(({ at }) => at > killed.at)
        if (killed.job !== 'over' && next !== undefined && readyAt !== undefined) {
          resumed.push(Math.max(0, next.at - readyAt))
        }
        const expected = expectedFor(plan.measured ? measured.state : plain.state, folder)
        const state = await endStateOf(hub, versionId, end)
        expect(state, differences(state, expected)).toEqual(expected)
        assertNothingRepeated(killed.before, told, end)
        await ledger.check(hub)
        const left = () => Promise.resolve(leftovers(place.data))
        await until(left, (names) => names.length === 0, 5_000)
        expect(readdirSync(place.temporary), 'temporary files').toHaveLength(1)
      }

      const failures: string[] = []
      for (const [index, plan] of planKills(measured.job, count, random).entries()) {
        const label = `${index + 1}: ${plan.which} killed ${plan.afterMs} ms after ${plan.step} was ${plan.state}`
        // All are tried before the first is complained of: one run shows every place that does not hold.
        await killOnce(plan, label).catch((error: unknown) => {
          failures.push(`${label}: ${stripVTControlCharacters(String(error))}\n${hub.output().slice(-1_500)}`)
          figure(`FAILED ${failures.at(-1)}`)
          if (failures.length === mostFailures) throw new Error(failures.join('\n\n'), { cause: error })
        })
      }
      expect(failures, failures.join('\n\n')).toEqual([])

      figure(`${lane.kind}: work went on after the hub was ready again: ${spread(resumed)} ms`)
      figure(`${lane.kind}: hub ready again after a kill: ${spread(ready)} s`)
      figure(`${lane.kind}: what belonged to the killed was gone after: ${spread(gone)} s`)
      figure(`${lane.kind}: ${ledger.count()} acknowledged writes, none lost`)
      expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
      await hub.stop()
      expect(leftovers(place.data)).toEqual([])
      expect(readdirSync(place.temporary)).toEqual([])
      place.remove()
    },
    180_000 + count * 90_000,
  )
})

type Killed = {
  /** What the journal had told before. */
  before: StepEvent[]
  /** Milliseconds since 1970. */
  at: number
  /** What was killed. */
  pids: number[]
  /** Until everything had ended that was killed or that only the killed could end. */
  goneSeconds: number
  job: 'under way' | 'over'
}

/** Kills inside a step, waits until nothing runs that belonged to what was killed, and gives what the journal had said until then. */
async function killInside(hub: Hub, jobId: string, plan: Kill): Promise<Killed> {
  const before: StepEvent[] = []
  const reached = Promise.withResolvers<void>()
  const stop = new AbortController()
  const watching = followSteps(
    hub,
    jobId,
    (event) => {
      before.push(event)
      if (event.step === plan.step && event.state === plan.state) reached.resolve()
    },
    stop.signal,
  )
  // The stream breaks with the hub; what it had told by then counts.
  const ended = watching.then(reached.resolve, () => reached.resolve())
  await reached.promise
  // A child lives for a part of its step only: it is killed soon after it has come.
  const isChild = plan.which === 'scanner' || plan.which === 'model' || plan.which === 'load'
  if (plan.afterMs > 0 && !isChild) await sleep(plan.afterMs)
  const targets = () => hub.processes().filter(({ part }) => plan.which === 'all' || part === plan.which)
  const { value: found } = await until(
    () => Promise.resolve(targets()),
    ({ length }) => length > 0,
    20_000,
  )
  const belonged = found.flatMap(({ pid }) => processesBelow(pid))
  hub.kill9(plan.which)
  const at = Date.now()
  const whole = plan.which === 'all' || plan.which === 'hub'
  if (!whole) stop.abort()
  const goneSeconds = whole
    ? await hub.gone()
    : (
        await until(
          () => Promise.resolve(stillRunning(belonged)),
          (left) => left.length === 0,
          20_000,
        )
      ).seconds
  await ended
  const last = before.at(-1)
  const job = last?.step === 'publish' && last.state === 'done' ? 'over' : 'under way'
  return { before, at, pids: found.map(({ pid }) => pid), goneSeconds, job }
}

/** Whether another control plane than the killed one answers. */
async function answers(hub: Hub, killed: readonly number[]): Promise<boolean> {
  if (hub.processes().some(({ pid }) => killed.includes(pid))) return false
  const answer = await fetch(`${hub.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  return answer?.status === 200
}

/** A step runs again only when it was under way at the kill, or failed for a reason of its own; the journal says which. */
function assertNothingRepeated(before: StepEvent[], told: StepEvent[], end: Job): void {
  for (const { step, state } of before) {
    if (state !== 'done') continue
    const begins = told.filter((event) => event.step === step && event.state === 'running')
    expect(begins, `${step} was finished before`).toHaveLength(1)
  }
  for (const { step, state, error } of told) {
    if (state === 'failed') figure(`${step} failed once: ${error?.code}: ${error?.message}`)
  }
  const repeated = end.steps.filter(({ attempt }) => attempt > 1).map(({ name }) => name)
  expect(repeated.length, `only the step under way runs again, not ${repeated.join(', ')}`).toBeLessThan(2)
}

/** What is not as it should be, for the list of failures. */
function differences(found: object, expected: object): string {
  const wanted = new Map(Object.entries(expected))
  const text = (value: unknown) => JSON.stringify(value)
  return Object.entries(found)
    .filter(([name, value]) => text(value) !== text(wanted.get(name)))
    .map(([name, value]) => `${name}: ${text(value)} instead of ${text(wanted.get(name))}`)
    .join('; ')
}

/** Number, median and largest of some figures. */
function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0
  return `n ${sorted.length}, p50 ${Number(middle.toFixed(1))}, max ${Number((sorted.at(-1) ?? 0).toFixed(1))}`
}
