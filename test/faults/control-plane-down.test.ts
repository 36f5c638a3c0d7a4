import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat, streamChat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { addModel, endOfJob, figure, makeKey, until } from '../e2e/support/work.ts'

const model = 'e2e/known'
const streamTokens = 1_000

describeHub('the gateway without its control plane', () => {
  const hubs = useHubs()

  it('ends a running stream, serves further chats, and reports each use exactly once afterwards', async () => {
    const hub = await hubs.start()
    const folder = writeFolder(join(hub.place.models, 'known'), {
      'known.gguf': buildKnownBigram().bytes,
      'README.md': '# Known answers\n',
    })
    const { jobId } = await addModel(hub, model, folder, { publish: true })
    expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
    const { key } = await makeKey(hub)
    const warm = () => chat(hub.gatewayUrl, key, { model, content: 'abc' })
    await until(warm, ({ status }) => status === 200, 10_000)

    const ids: string[] = []
    const requestId = () => {
      const id = `e2e-${randomUUID()}`
      ids.push(id)
      return id
    }
    const before = controlPid(hub)
    const started = Promise.withResolvers<void>()
    const ask = { model, content: '<|loop|>', maxTokens: streamTokens, onPiece: () => started.resolve() }
    const streams = Array.from({ length: 2 }, () => streamChat(hub.gatewayUrl, key, { ...ask, requestId: requestId() }))
    await started.promise
    hub.kill9('control')

    // From here to its return every chat that is answered was answered without a control plane.
    let answeredWhileDown = 0
    const downSince = performance.now()
    while (!(await isUp(hub, before))) {
      const answer = await chat(hub.gatewayUrl, key, { model, content: 'abc', requestId: requestId() })
      expect(answer).toMatchObject({ status: 200, text: expect.stringMatching(/^def/) as string })
      if (!(await isUp(hub, before))) answeredWhileDown += 1
      await sleep(50)
    }
    figure(`control plane away for ${((performance.now() - downSince) / 1_000).toFixed(1)} s`)
    figure(`${answeredWhileDown} chats answered meanwhile`)
    expect(answeredWhileDown).toBeGreaterThan(0)
    for (const answer of await Promise.all(streams)) {
      expect(answer).toMatchObject({ status: 200, finishReason: 'length', completionTokens: streamTokens })
    }

    const recorded = async () => {
      const page = await unwrap(hub.api.GET('/requests', { params: { query: { limit: 200 } } }))
      return page.items.filter(({ requestId: id }) => ids.includes(id))
    }
    const all = await until(
      recorded,
      (items) => new Set(items.map((item) => item.requestId)).size === ids.length,
      20_000,
    )
    figure(`${ids.length} usage records were there ${all.seconds.toFixed(1)} s after its return`)
    // A repeated delivery would come with the next batch.
    await sleep(1_000)
    const records = await recorded()
    expect(records.map((item) => item.requestId).sort()).toEqual([...ids].sort())
    expect(records.filter(({ stream }) => stream)).toHaveLength(streams.length)
    for (const record of records) expect(record).toMatchObject({ outcome: 'ok', route: model, status: 200 })
    expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await hub.stop()
  }, 150_000)
})

const controlPid = (hub: Hub) => hub.processes().find(({ part }) => part === 'control')?.pid

/** Whether another control plane than `before` answers. */
async function isUp(hub: Hub, before: number | undefined): Promise<boolean> {
  const answer = await fetch(`${hub.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  return answer?.status === 200 && controlPid(hub) !== before
}
