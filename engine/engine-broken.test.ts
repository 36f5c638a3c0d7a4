import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startChild } from './host/start-child.ts'
import { ggufBytes } from './starter/gguf-writer.ts'
import { buildKnownBigram } from './starter/index.ts'
import { brokenModels } from './testing/broken-models.ts'
import type { TestHost } from './testing/start-host.ts'
import { ask, startTestHost } from './testing/start-host.ts'
import { tinyRandomModel } from './testing/tiny-random.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost()
  await host.deploy('starter', buildKnownBigram().bytes)
})
afterAll(async () => await host.stop())

const state = async (id: string): Promise<string> => (await host.client.get(id)).state

describe('broken models', () => {
  test.each(brokenModels())('$name is refused as $code and the host lives', async ({ name, bytes, code }) => {
    await host.deploy(name, bytes)
    await expect(host.client.load(name)).rejects.toMatchObject({ code, details: { status: 422 } })
    expect(await host.client.get(name)).toMatchObject({ state: 'failed', reason: { code } })
    expect((await host.chat('starter', ask('x'))).status).toBe(200)
  })

  test('a file that aborts the engine is reported with the signal', async () => {
    const broken = brokenModels().find((model) => model.name === 'head-count-0')
    const { main } = await host.deploy('abort', broken?.bytes ?? new Uint8Array())
    const spec = {
      deploymentId: 'abort',
      modelPath: main,
      socketPath: join(host.folder, 'a.s'),
      contextLength: 256,
      parallel: 1,
      queueLimit: 1,
    }
    const limits = { loadTimeoutMs: 20_000, memoryBytes: 2 ** 31, silenceMs: 20_000 }
    const problem = expect.objectContaining({
      code: 'engine_crashed',
      message: expect.stringMatching(/SIG(ABRT|FPE|SEGV)/),
    })
    await expect(startChild(spec, limits, new AbortController().signal)).rejects.toEqual(problem)
  })

  test('an endless chat template costs its caller an error, nobody else anything', async () => {
    const chatTemplate = '{%- for a in range(99999) -%}{%- for b in range(99999) -%}{%- endfor -%}{%- endfor -%}'
    await host.deploy('endless', ggufBytes(tinyRandomModel({ chatTemplate })))
    await host.client.load('endless')
    const asked = host.chat('endless', ask('x'))
    const other = await host.client.request('endless', {
      path: '/v1/completions',
      body: { prompt: 'x', max_tokens: 2 },
    })
    expect(other.statusCode).toBe(200)
    await text(other)
    expect(await asked).toMatchObject({ status: 400, body: { error: { code: 'template_error' } } })
    expect(await state('endless')).toBe('ready')
  }, 20_000)

  test('a model without a template still chats; random weights stream', async () => {
    await host.deploy('tiny', ggufBytes(tinyRandomModel()))
    const { status, body } = await host.chat('tiny', ask('hello', { max_tokens: 8, seed: 1 }))
    expect(status).toBe(200)
    expect(body.usage.completion_tokens).toBeGreaterThan(0)
  })
})
