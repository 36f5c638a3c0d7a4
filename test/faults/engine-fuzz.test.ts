import { afterAll, beforeAll, expect, it } from 'vitest'
import { ggufBytes } from '../../engine/starter/gguf-writer.ts'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { ask, startTestHost, type TestHost } from '../../engine/testing/start-host.ts'
import { tinyRandomModel } from '../../engine/testing/tiny-random.ts'
import { HubError } from '../../kernel/index.ts'
import { figure } from '../e2e/support/work.ts'
import { amount, seededFor } from './support/plan.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost({ loadTimeoutMs: 60_000 })
  await host.deploy('starter', buildKnownBigram().bytes)
})
afterAll(async () => await host.stop())

const plainCodes = ['broken_model', 'nan_logits', 'not_generative', 'engine_crashed', 'memory_limit', 'out_of_memory']
const atOnce = 3

it('whatever bytes of a model are changed, it answers or is refused in plain words, and the host lives', async () => {
  const random = seededFor('model bytes')
  const count = amount({ slice: 40, full: 1_000 })
  const good = Buffer.from(ggufBytes(tinyRandomModel({ contextLength: 64 })))
  const headBytes = good.indexOf('blk.1.ffn_down.weight') + 64
  const ends = new Map<string, number>()
  const crashes = new Map<string, number>()
  const one = async (number: number) => {
    const id = `fuzz-${number}`
    await host.deploy(id, mutate(good, headBytes, random), { parallel: 1 })
    const end = await host.client.load(id).then(
      async () => {
        const { status } = await host.chat(id, ask('abc', { max_tokens: 2, seed: 1 }))
        expect([200, 400, 500], `${id} answers ${status}`).toContain(status)
        return `answers ${status}`
      },
      (error: unknown) => {
        if (!(error instanceof HubError)) throw error
        expect(plainCodes, `${id}: ${error.message}`).toContain(error.code)
        expect(error.message, id).toMatch(/^\S.{10,}/s)
        expect(error.message, id).not.toMatch(/\/(?:home|work|tmp|usr)\//)
        if (error.code === 'engine_crashed') crashes.set(error.message, (crashes.get(error.message) ?? 0) + 1)
        return error.code
      },
    )
    ends.set(end, (ends.get(end) ?? 0) + 1)
    await host.client.remove(id)
  }
  for (let done = 0; done < count; done += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, count - done) }, (_none, at) => one(done + at)))
  }
  figure(`${count} altered models: ${[...ends].map(([end, times]) => `${end} ×${times}`).join(', ')}`)
  for (const [message, times] of crashes) figure(`crash ×${times}: ${message}`)
  const answer = await host.chat('starter', ask('x'))
  expect(answer.body.choices[0]?.message.content).toBe('yz')
  expect((await host.client.list()).map(({ deploymentId }) => deploymentId)).toEqual(['starter'])
}, 3_600_000)

/** One to three bytes of the head: to anything, or to what counts and lengths stumble over. Now and then some of the weights as well. */
function mutate(good: Buffer, headBytes: number, random: () => number): Uint8Array {
  const bytes = Buffer.from(good)
  const odd = [0, 1, 127, 128, 255]
  for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits--) {
    const kind = random()
    // The keys stand in the first 1,400 bytes; the vocabulary and the tensor table follow.
    const most = kind < 0.45 ? 1_400 : kind < 0.9 ? headBytes : bytes.length
    const value = random() < 0.3 ? odd[Math.floor(random() * odd.length)] : Math.floor(random() * 256)
    bytes[Math.floor(random() * most)] = value ?? 0
  }
  return random() < 0.05 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
}
