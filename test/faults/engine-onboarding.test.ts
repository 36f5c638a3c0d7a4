import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { brokenModels, brokenSplits } from '../../engine/testing/broken-models.ts'
import { chat, streamChat } from '../e2e/support/chat.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { addModel, endOfJob, figure, makeKey, readVersion, until } from '../e2e/support/work.ts'
import { amount, seededFor } from './support/plan.ts'

const card = { 'README.md': '# A model\n' }
/** Only the engine can know what is wrong with these; the scan has nothing to say. */
const forTheEngine = ['nan-weights', 'token-twice']

describeHub('a hub that is given broken models', () => {
  const hubs = useHubs()

  it('leaves each in needs_attention with its reason, and goes on; a killed engine host or gateway costs labelled answers only', async () => {
    const hub = await hubs.start()
    const known = writeFolder(join(hub.place.models, 'known'), { 'known.gguf': buildKnownBigram().bytes, ...card })
    const good = await addModel(hub, 'e2e/known', known, { publish: true })
    expect(await endOfJob(hub, good.jobId)).toMatchObject({ state: 'succeeded' })
    const { key } = await makeKey(hub)
    const ask = { model: 'e2e/known', content: 'abc' }
    await until(
      () => chat(hub.gatewayUrl, key, ask),
      ({ status }) => status === 200,
      30_000,
    )

    const chosen = pick(amount({ slice: 3, full: 1_000 }))
    for (const { name, files } of chosen) {
      const folder = writeFolder(join(hub.place.models, name), { ...files, ...card })
      const { versionId, jobId } = await addModel(hub, `broken/${name}`, folder, { publish: true })
      const job = await endOfJob(hub, jobId)
      const version = await readVersion(hub, versionId)
      figure(
        `${name}: job ${job.state}, ${version.state}: ${version.stateReason?.code}: ${version.stateReason?.message}`,
      )
      expect(version, name).toMatchObject({ state: 'needs_attention' })
      expect(version.stateReason?.message, name).toMatch(/^\S.{10,}/s)
      expect(version.stateReason?.remedy ?? '', name).not.toBe('')
    }
    expect((await chat(hub.gatewayUrl, key, ask)).status).toBe(200)

    await killUnderStream(hub, key, 'engine')
    // The host comes back within the time that a request waits for it: nobody sees that it was gone.
    const began = performance.now()
    let after = await chat(hub.gatewayUrl, key, ask)
    const waitedMs = performance.now() - began
    if (after.status !== 200) {
      // Only a machine too busy to start a process within those five seconds may show it, and only after they are over.
      expect(waitedMs, JSON.stringify(after)).toBeGreaterThan(4_500)
      after = (
        await until(
          () => chat(hub.gatewayUrl, key, ask),
          ({ status }) => status === 200,
          30_000,
        )
      ).value
    }
    expect(after).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^def/) as string,
    })
    await killUnderStream(hub, key, 'gateway')
    const back = () => chat(hub.gatewayUrl, key, ask).catch(() => undefined)
    await until(back, (answer) => answer?.status === 200, 30_000)
    await hub.stop()
  }, 900_000)
})

type Case = { name: string; files: Record<string, Uint8Array> }

/** Some of them that the scan finds and all that only the engine finds; or all. */
function pick(count: number): Case[] {
  const random = seededFor('broken models')
  const singles = brokenModels().map(({ name, bytes }): Case => ({ name, files: { 'model.gguf': bytes } }))
  const splits = brokenSplits().map(({ name, parts }): Case => {
    const file = (at: number) => `model-0000${at + 1}-of-0000${parts.length}.gguf`
    return { name, files: Object.fromEntries(parts.map((bytes, at) => [file(at), bytes])) }
  })
  const all = [...singles, ...splits]
  if (count >= all.length) return all
  const sure = all.filter(({ name }) => forTheEngine.includes(name))
  const others = all.filter((each) => !sure.includes(each)).sort(() => random() - 0.5)
  return [...sure, ...others.slice(0, count - sure.length)]
}

/** Kills a part of the hub in the middle of a stream: it ends incomplete, and its reader can tell. */
async function killUnderStream(hub: Hub, key: string, part: 'engine' | 'gateway'): Promise<void> {
  const started = Promise.withResolvers<void>()
  const ask = { model: 'e2e/known', content: '<|loop|>', maxTokens: 1_500, onPiece: () => started.resolve() }
  const stream = streamChat(hub.gatewayUrl, key, ask).then(
    () => 'whole',
    (error: unknown) => String(error),
  )
  await started.promise
  hub.kill9(part)
  const end = await stream
  figure(`${part} killed under a stream: its reader sees "${end.slice(0, 80)}"`)
  expect(end).toMatch(part === 'engine' ? /ended without \[DONE\]/ : /terminated/)
}
