import { expect, it } from 'vitest'
import { knownAnswer } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat, streamChat } from './support/chat.ts'
import { runCli } from './support/cli.ts'
import { describeHub, useHubs } from './support/hub.ts'
import { figure, until } from './support/work.ts'

const starter = 'modelhub/starter'
const publishedLimitMs = 60_000

describeHub('first light: an empty folder becomes a hub that answers', () => {
  const hubs = useHubs()

  it('publishes the starter through the real pipeline, answers as known, and keeps it all over a restart', async () => {
    const began = performance.now()
    const hub = await hubs.start({ starter: true })
    figure(`first start ready after ${hub.readySeconds.toFixed(1)} s`)
    const model = () =>
      unwrap(hub.api.GET('/models/{id}', { params: { path: { id: starter } } })).catch(() => undefined)
    const { value } = await until(model, (found) => found?.state === 'published', publishedLimitMs)
    figure(`starter published after ${((performance.now() - began) / 1_000).toFixed(1)} s`)

    const key = /mhk_\w+/.exec(hub.output())?.[0] ?? ''
    const options = { model: starter, content: 'abc' }
    // The gateway hears of the publication a moment after the control plane has written it.
    const { value: answer } = await until(
      () => chat(hub.gatewayUrl, key, options),
      ({ status }) => status === 200,
      5_000,
    )
    expect(answer.text).toBe(knownAnswer('abc').text)
    expect(answer.text).toMatch(/^def/)
    expect((await streamChat(hub.gatewayUrl, key, options)).text).toBe(answer.text)
    figure(`first known answer after ${((performance.now() - began) / 1_000).toFixed(1)} s`)
    expect(performance.now() - began).toBeLessThan(publishedLimitMs)

    const version = value?.defaultVersion.id ?? ''
    const query = { params: { query: { version } } }
    const evaluations = await unwrap(hub.api.GET('/evaluations', query))
    expect(evaluations.items.map(({ score, itemsDone, itemsTotal }) => ({ score, itemsDone, itemsTotal }))).toEqual([
      { score: 0.75, itemsDone: 208, itemsTotal: 208 },
    ])
    const benchmarks = await unwrap(hub.api.GET('/benchmarks', query))
    expect(benchmarks.items[0]).toMatchObject({ state: 'finished', result: { requests: 120, ok: 120, failed: 0 } })
    const audit = await runCli(hub, ['audit', 'verify'])
    expect(audit).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok/) as string })

    await hub.stop()
    const again = await hubs.start({ place: hub.place, starter: true })
    figure(`second start ready after ${again.readySeconds.toFixed(1)} s`)
    const after = await until(
      () => chat(again.gatewayUrl, key, options),
      ({ status }) => status === 200,
      10_000,
    )
    expect(after.value.text).toBe(answer.text)
    expect(await runCli(again, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await again.stop()
  }, 180_000)
})
