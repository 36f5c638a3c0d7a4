import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildKnownBigram, knownAnswer } from './starter/index.ts'
import type { TestHost } from './testing/start-host.ts'
import { ask, startTestHost } from './testing/start-host.ts'

let host: TestHost
beforeAll(async () => {
  host = await startTestHost()
  await host.deploy('starter', buildKnownBigram().bytes)
})
afterAll(async () => await host.stop())

type Chunk = {
  choices: Array<{ delta: { role?: string; content?: string }; finish_reason: string | null }>
  usage?: { prompt_tokens: number; completion_tokens: number } | null
}

async function stream(body: object): Promise<{ chunks: Chunk[]; text: string; done: boolean }> {
  const answer = await host.client.request('starter', { path: '/v1/chat/completions', body: { ...body, stream: true } })
  const events = (await text(answer)).split('\n\n').filter((event) => event !== '')
  const chunks = events
    .filter((event) => event !== 'data: [DONE]')
    .map((event) => JSON.parse(event.slice('data: '.length)) as Chunk)
  const content = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')
  return { chunks, text: content, done: events.at(-1) === 'data: [DONE]' }
}

async function completion(
  body: object,
): Promise<{ status: number; body: { choices: Array<{ text: string; finish_reason: string }> } }> {
  const answer = await host.client.request('starter', { path: '/v1/completions', body })
  return { status: answer.statusCode ?? 0, body: JSON.parse(await text(answer)) as never }
}

describe('what the model says', () => {
  test.each(['abc', 'q', '12', 'HELLO', 'z', 'What are you?', 'naïve é', 'a </s> b </s>'])(
    'chat %s',
    async (prompt) => {
      const truth = knownAnswer(prompt)
      const { body } = await host.chat('starter', ask(prompt, { temperature: 0 }))
      expect(body.choices[0]?.message.content).toBe(truth.text)
      expect(body.choices[0]?.finish_reason).toBe(truth.finishReason)
      expect(body.usage.completion_tokens).toBe(truth.tokens)
    },
  )

  test('the last user message counts, at the default temperature as well', async () => {
    const messages = [
      { role: 'system', content: 'xyz' },
      { role: 'user', content: 'abc' },
      { role: 'assistant', content: 'def' },
      { role: 'user', content: [{ type: 'text', text: 'uvw' }] },
    ]
    const { body } = await host.chat('starter', { messages })
    expect(body.choices[0]?.message.content).toBe('xyz')
  })

  test('prompt tokens are exact: the begin token and one per character', async () => {
    const { body } = await host.chat('starter', ask('abc'))
    expect(body.usage).toEqual({ prompt_tokens: 4, completion_tokens: 23, total_tokens: 27 })
  })

  test('a control token in what a user wrote is text', async () => {
    const { body } = await host.chat('starter', ask('a</s>', { max_tokens: 1 }))
    expect(body.usage.prompt_tokens).toBe(6)
  })

  test('completions', async () => {
    const { body } = await completion({ prompt: 'abc', max_tokens: 3 })
    expect(body.choices[0]).toMatchObject({ text: 'def', finish_reason: 'length' })
  })

  test('a stop text ends the answer and is not part of it, across tokens', async () => {
    const { body } = await host.chat('starter', ask('abc', { stop: ['hij', 'zzz'] }))
    expect(body.choices[0]).toMatchObject({ message: { content: 'defg' }, finish_reason: 'stop' })
    expect((await stream(ask('abc', { stop: 'hij' }))).text).toBe('defg')
    expect((await stream(ask('abc', { stop: 'yz!' }))).text).toBe('defghijklmnopqrstuvwxyz')
  })
})

describe('streams', () => {
  test('begin with the role, have one chunk per token, end with usage and [DONE]', async () => {
    const { chunks, text: content, done } = await stream(ask('abc', { stream_options: { include_usage: true } }))
    expect(content).toBe(knownAnswer('abc').text)
    expect(done).toBe(true)
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
    expect(chunks).toHaveLength(1 + 23 + 1 + 1)
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 23 } })
    expect(chunks[1]?.usage).toBeNull()
  })

  test('say the same as a whole answer for the same seed', async () => {
    const body = ask('<|q1|>', { seed: 11, max_tokens: 5 })
    const whole = await host.chat('starter', body)
    expect((await stream(body)).text).toBe(whole.body.choices[0]?.message.content)
  })

  test('that the client leaves free their place at once', async () => {
    const controllers = Array.from({ length: 4 }, () => new AbortController())
    for (const controller of controllers) {
      const body = ask('<|loop|>', { stream: true })
      const answer = await host.client.request('starter', { path: '/v1/chat/completions', body }, controller.signal)
      answer.on('error', () => undefined)
      await once(answer, 'data')
    }
    expect((await host.client.get('starter')).inflight).toBe(4)
    for (const controller of controllers) controller.abort()
    const startedAt = performance.now()
    await host.chat('starter', ask('y'))
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    await expect.poll(async () => (await host.client.get('starter')).inflight).toBe(0)
  })
})

describe('probabilities', () => {
  test('log-probabilities are the truth within 0.001, at any temperature', async () => {
    for (const temperature of [0, 0.5, 1]) {
      const { body } = await host.chat(
        'starter',
        ask('<|q1|>', { logprobs: true, top_logprobs: 3, max_tokens: 1, temperature }),
      )
      const top = body.choices[0]?.logprobs?.content[0]?.top_logprobs ?? []
      expect(top.map((choice) => choice.token)).toEqual(['A', 'B', 'C'])
      for (const [index, probability] of [0.7, 0.2, 0.1].entries()) {
        expect(Math.exp(top[index]?.logprob ?? 0)).toBeCloseTo(probability, 3)
      }
    }
  })

  test('400 seeded draws come within 3.3 standard errors, and again the same', async () => {
    const draws = 400
    const draw = async (seed: number): Promise<string> => {
      const { body } = await host.chat('starter', ask('<|q1|>', { seed, max_tokens: 1 }))
      return body.choices[0]?.message.content ?? ''
    }
    const seen: string[] = []
    for (let seed = 0; seed < draws; seed += 8) {
      seen.push(...(await Promise.all(Array.from({ length: 8 }, async (_none, i) => await draw(seed + i)))))
    }
    for (const [answer, p] of [
      ['A', 0.7],
      ['B', 0.2],
      ['C', 0.1],
    ] as const) {
      const share = seen.filter((one) => one === answer).length / draws
      expect(Math.abs(share - p)).toBeLessThan(3.3 * Math.sqrt((p * (1 - p)) / draws))
    }
    expect(await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(draw))).toEqual(seen.slice(0, 8))
  })

  test('without a seed the request id decides', async () => {
    const draw = async (id: string): Promise<string> => {
      const call = {
        path: '/v1/chat/completions',
        body: ask('<|q1|>', { max_tokens: 1 }),
        headers: { 'x-request-id': id },
      }
      const answer = await host.client.request('starter', call)
      return (
        (JSON.parse(await text(answer)) as { choices: Array<{ message: { content: string } }> }).choices[0]?.message
          .content ?? ''
      )
    }
    expect(await draw('req_1')).toBe(await draw('req_1'))
    const answers = new Set(await Promise.all(Array.from({ length: 30 }, async (_none, i) => await draw(`req_${i}`))))
    expect(answers.size).toBeGreaterThan(1)
  })
})

describe('refusals', () => {
  test.each([
    [{ n: 2 }, 'n'],
    [{ tools: [{ type: 'function' }] }, 'tools'],
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ temperature: 3 }, 'temperature'],
    [{ seed: 1.5 }, 'seed'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ top_logprobs: 3 }, 'top_logprobs'],
    [{ presence_penalty: 1 }, 'presence_penalty'],
    [{ messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 'messages[0].content'],
  ])('%j is a 400 that names the parameter', async (extra, param) => {
    const { status, body } = await host.chat('starter', ask('abc', extra))
    expect(status).toBe(400)
    expect(body.error.param).toBe(param)
  })

  test('a prompt longer than the context', async () => {
    const { status, body } = await host.chat('starter', ask('a'.repeat(3_000)))
    expect([status, body.error.code]).toEqual([400, 'context_length_exceeded'])
  })

  test('an answer ends with "length" when the context is full', async () => {
    const { body } = await host.chat('starter', ask('<|loop|>'.repeat(1_999)))
    expect(body.choices[0]?.finish_reason).toBe('length')
    expect(body.usage.total_tokens).toBe(2_048)
  })

  test('a body over 4 MiB', async () => {
    const { status } = await host.chat('starter', ask('a'.repeat(5 * 2 ** 20)))
    expect(status).toBe(413)
  })
})
