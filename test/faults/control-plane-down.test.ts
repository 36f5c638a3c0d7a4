import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat, streamChat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { describeHubOnEachDatabase } from '../e2e/support/hub-lanes.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { addModel, endOfJob, figure, makeKey, until } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'

const model = 'e2e/known'
const downMs = amount({ slice: 5_000, full: 60_000 })
const everyMs = 50
const longTokens = 1_000

type Told = { id: string; sentAt: number; streamed: boolean; failure: string | undefined }

function define(start: () => Promise<Hub>): void {
  it(
    `serves ${1_000 / everyMs} chats per second for ${downMs / 1_000} s, and reports each use exactly once afterwards`,
    async () => {
      const hub = await start()
      const key = await publishKnown(hub)
      const stream = openLoop(hub, key)
      const long = [longStream(hub, key), longStream(hub, key)]
      await Promise.all(long.map(({ started }) => started))

      const down = await holdDown(hub)
      const downFrom = performance.now()
      await sleep(downMs / 2)
      // The gateway too, with usage unsent on its disk: it comes back from its disk alone.
      await stream.pause()
      const longAnswers = await Promise.all(long.map(({ answer }) => answer))
      await sleep(200)
      hub.kill9('gateway')
      const gateway = await until(
        () => healthOf(hub),
        (health) => health?.status === 'ok',
        20_000,
      )
      figure(`gateway killed meanwhile: serving from its disk ${gateway.seconds.toFixed(1)} s after`)
      stream.resume()
      await sleep(downMs / 2)
      const { answeredMeanwhile, restartsKilled } = down.release()
      const downTo = performance.now()
      expect(answeredMeanwhile, 'the control plane answered while it was held down').toBe(0)
      await until(
        () => isUp(hub),
        (up) => up,
        60_000,
      )
      await sleep(1_000)
      const told = [...(await stream.end()), ...longAnswers]

      const within = told.filter(({ sentAt }) => sentAt > downFrom && sentAt < downTo)
      const failed = told.filter(({ failure }) => failure !== undefined)
      figure(`control plane held down ${((downTo - downFrom) / 1_000).toFixed(1)} s, ${restartsKilled} restarts killed`)
      figure(
        `${told.length} chats (${told.filter(({ streamed }) => streamed).length} streamed), ${within.length} sent meanwhile`,
      )
      figure(`${failed.length} failed`)
      expect(failed).toEqual([])
      expect(within.length).toBeGreaterThan(0.5 * (downMs / everyMs))

      const ids = told.map(({ id }) => id)
      const all = await until(
        () => recordsOf(hub),
        (records) => ids.every((id) => records.has(id)),
        30_000,
      )
      figure(`${ids.length} usage records expected, all there ${all.seconds.toFixed(1)} s after`)
      // A repeated delivery would come with the next batch.
      await sleep(1_000)
      const records = await recordsOf(hub)
      const counts = ids.map((id) => records.get(id)?.length ?? 0)
      figure(
        `counted ${counts.reduce((sum, count) => sum + count, 0)}, more than once ${counts.filter((n) => n > 1).length}`,
      )
      expect(counts.every((count) => count === 1)).toBe(true)
      for (const id of ids) expect(records.get(id)?.[0]).toMatchObject({ outcome: 'ok', route: model, status: 200 })
      expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
      await hub.stop()
    },
    180_000 + 3 * downMs,
  )
}

if (amount({ slice: 0, full: 1 }) === 1) {
  describeHubOnEachDatabase('the gateway without its control plane', (lane) => define(lane.start))
} else {
  describeHub('the gateway without its control plane', () => define(useHubs().start))
}

async function publishKnown(hub: Hub): Promise<string> {
  const folder = writeFolder(join(hub.place.models, 'known'), {
    'known.gguf': buildKnownBigram().bytes,
    'README.md': '# Known answers\n',
  })
  const { jobId } = await addModel(hub, model, folder, { publish: true })
  expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
  const { key } = await makeKey(hub)
  await until(
    () => chat(hub.gatewayUrl, key, { model, content: 'abc' }),
    ({ status }) => status === 200,
    20_000,
  )
  return key
}

/** Sends every `everyMs`, whatever became of the ones before: half of them streamed. */
function openLoop(hub: Hub, key: string) {
  const sent: Promise<Told>[] = []
  let paused = false
  let due = performance.now()
  const send = () => {
    const id = `down-${randomUUID()}`
    const [streamed, sentAt] = [sent.length % 2 === 0, performance.now()]
    const ask = { model, content: 'abc', requestId: id }
    const answer = streamed ? streamChat(hub.gatewayUrl, key, ask) : chat(hub.gatewayUrl, key, ask)
    const told = answer.then(
      ({ status, text }) => (status === 200 && text.startsWith('def') ? undefined : `${status} ${text}`),
      (error: unknown) => String(error),
    )
    sent.push(told.then((failure) => ({ id, sentAt, streamed, failure })))
  }
  // What a busy machine makes late is sent all the same.
  const timer = setInterval(() => {
    for (; due < performance.now(); due += everyMs) if (!paused) send()
  }, everyMs)
  return {
    /** Resolves when what was sent is answered. */
    pause: async () => {
      paused = true
      await Promise.all(sent)
    },
    resume: () => {
      paused = false
    },
    end: async () => {
      clearInterval(timer)
      return await Promise.all(sent)
    },
  }
}

/** One answer that is still running when the control plane dies. */
function longStream(hub: Hub, key: string) {
  const id = `down-${randomUUID()}`
  const started = Promise.withResolvers<void>()
  const sentAt = performance.now()
  const ask = { model, content: '<|loop|>', maxTokens: longTokens, requestId: id, onPiece: () => started.resolve() }
  const answer = streamChat(hub.gatewayUrl, key, ask).then(({ completionTokens }): Told => {
    const failure = completionTokens === longTokens ? undefined : `${completionTokens} tokens`
    return { id, sentAt, streamed: true, failure }
  })
  return { started: started.promise, answer }
}

/** Kills the control plane and each of its restarts until released. Resolves when the first is gone. */
async function holdDown(hub: Hub) {
  let answeredMeanwhile = 0
  let restartsKilled = 0
  hub.kill9('control')
  await until(
    () => isUp(hub),
    (up) => !up,
    5_000,
  )
  const timer = setInterval(() => {
    for (const { pid, part } of hub.processes()) {
      if (part !== 'control') continue
      restartsKilled++
      process.kill(pid, 'SIGKILL')
    }
    void isUp(hub).then((up) => (answeredMeanwhile += up ? 1 : 0))
  }, 400)
  return {
    release: () => {
      clearInterval(timer)
      return { answeredMeanwhile, restartsKilled }
    },
  }
}

async function isUp(hub: Hub): Promise<boolean> {
  const answer = await fetch(`${hub.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  return answer?.status === 200
}

async function healthOf(hub: Hub): Promise<{ status: string } | undefined> {
  const answer = await fetch(`${hub.gatewayUrl}/healthz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  return (await answer?.json()) as { status: string } | undefined
}

/** All usage records by request id, every page of them. */
async function recordsOf(hub: Hub): Promise<Map<string, { outcome: string }[]>> {
  const found = new Map<string, { outcome: string }[]>()
  let cursor: string | null = null
  do {
    const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) }
    const page: { items: { requestId: string; outcome: string }[]; nextCursor: string | null } = await unwrap(
      hub.api.GET('/requests', { params: { query } }),
    )
    for (const item of page.items) found.set(item.requestId, [...(found.get(item.requestId) ?? []), item])
    cursor = page.nextCursor
  } while (cursor !== null)
  return found
}
