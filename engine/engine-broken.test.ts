import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startChild } from './host/start-child.ts'
import { ggufBytes } from './starter/gguf-writer.ts'
import { buildKnownBigram } from './starter/index.ts'
import { brokenModels, brokenSplits } from './testing/broken-models.ts'
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
  test.each(brokenModels())(
    '$name is refused as $code in plain words and the host lives',
    async ({ name, bytes, code, says }) => {
      await host.deploy(name, bytes)
      const message = expect.stringMatching(says) as string
      await expect(host.client.load(name)).rejects.toMatchObject({ code, message, details: { status: 422 } })
      const detail = expect.not.stringMatching(/\/(?:home|work|tmp|usr)\//) as string
      expect(await host.client.get(name)).toMatchObject({ reason: { code, detail } })
      expect((await host.chat('starter', ask('x'))).status).toBe(200)
    },
  )

  test.each(brokenSplits())('a split with $name is refused in plain words', async ({ name, parts, says }) => {
    const files = await Promise.all(
      parts.map(async (bytes, at) => {
        const path = join(host.folder, `${name}-0000${at + 1}-of-0000${parts.length}.gguf`)
        await writeFile(path, bytes)
        return { path, size: bytes.length }
      }),
    )
    await host.client.put({ deploymentId: name, files, main: files[0]?.path ?? '' })
    const message = expect.stringMatching(says) as string
    await expect(host.client.load(name)).rejects.toMatchObject({ code: 'broken_model', message })
  })

  test('a template that refuses, or is ten megabytes long, costs its caller an error and nobody else anything', async () => {
    const templates = {
      throws: "{{ raise_exception('No, thank you.') }}",
      'no-template': '{% for %}',
      long: `{# ${'x'.repeat(10 * 2 ** 20)} #}{{ raise_exception('No, thank you.') }}`,
    }
    for (const [name, chatTemplate] of Object.entries(templates)) {
      await host.deploy(name, ggufBytes(tinyRandomModel({ chatTemplate })))
      await host.client.load(name)
      const answer = await host.chat(name, ask('x', { max_tokens: 2 }))
      expect(answer, name).toMatchObject({ status: 400, body: { error: { code: 'template_error' } } })
      const plain = await host.client.request(name, { path: '/v1/completions', body: { prompt: 'x', max_tokens: 2 } })
      expect(plain.statusCode).toBe(200)
      await text(plain)
      await host.client.remove(name)
    }
  }, 60_000)

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
      mapped: true,
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
