import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Capability } from '../../../contract/index.ts'
import { fixedClock } from '../../../kernel/index.ts'
import { hubErrorOf } from '../../../test/support/index.ts'
import { picture } from './dialects/picture.ts'
import { readContract } from './testing/contract.ts'
import { type Answer, type ProviderServer, startProviderServer } from './testing/provider-server.ts'
import { makeServiceAccount } from './testing/replay.ts'
import { vendors } from './vendors/index.ts'
import { askOneToken, taskOf } from './wire/ask-one-token.ts'
import { type Connection, connect } from './wire/connection.ts'
import { tryCapability } from './wire/try-capability.ts'

let server: ProviderServer
beforeAll(async () => {
  server = await startProviderServer()
})
afterAll(() => server.close())

function connectTo(kind: string): Connection {
  const { fields } = readContract(kind)
  if (fields['serviceAccount'] !== undefined) fields['serviceAccount'] = makeServiceAccount().keyFile
  return connect({ net: server.net, clock: fixedClock(0), providerTimeoutMs: 5_000 }, vendors.get(kind), fields)
}

/** What each dialect answers to a good trial, in the provider's own shape. */
const good: Record<string, Record<Capability, Answer> & { url: string; model: string; embed?: string }> = {
  openai: {
    model: 'gpt-4.1',
    url: 'https://api.openai.com/v1/chat/completions',
    embed: 'https://api.openai.com/v1/embeddings',
    streaming: {
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: 'data: {"x":1}\n\n',
    },
    tools: { status: 200, body: { choices: [{ message: { tool_calls: [{ id: 'c' }] } }] } },
    json: { status: 200, body: { choices: [{ message: { content: '{"ok":true}' } }] } },
    vision: { status: 200, body: { choices: [{ message: { content: 'Red' } }] } },
  },
  anthropic: {
    model: 'claude-sonnet-4-20250514',
    url: 'https://api.anthropic.com/v1/messages',
    streaming: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: 'event: x\ndata: {"type":"y"}\n\n',
    },
    tools: { status: 200, body: { content: [{ type: 'text' }, { type: 'tool_use', name: 'get_weather' }] } },
    json: { status: 200, body: {} },
    vision: { status: 200, body: { content: [{ type: 'text', text: 'Red' }] } },
  },
  gemini: {
    model: 'gemini-2.5-flash',
    url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
    embed: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:embedContent',
    streaming: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: 'data: {"candidates":[]}\r\n\r\n',
    },
    tools: { status: 200, body: { candidates: [{ content: { parts: [{ functionCall: { name: 'get_weather' } }] } }] } },
    json: { status: 200, body: { candidates: [{ content: { parts: [{ text: '{"ok":true}' }] } }] } },
    vision: { status: 200, body: { candidates: [] } },
  },
  bedrock: {
    model: 'anthropic.claude-3-haiku-20240307-v1:0',
    url: 'https://bedrock-runtime.eu-central-1.amazonaws.com/model/anthropic.claude-3-haiku-20240307-v1%3A0/converse',
    streaming: { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: 'frames' },
    tools: { status: 200, body: { output: { message: { content: [{ toolUse: { name: 'get_weather' } }] } } } },
    json: { status: 200, body: {} },
    vision: { status: 200, body: { output: {} } },
  },
  cohere: {
    model: 'command-a-03-2025',
    url: 'https://api.cohere.com/v2/chat',
    embed: 'https://api.cohere.com/v2/embed',
    streaming: {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: 'event: message-start\ndata: {"x":1}\n\n',
    },
    tools: { status: 200, body: { message: { tool_calls: [{ id: 'c' }] } } },
    json: { status: 200, body: { message: { content: [{ type: 'text', text: '{"ok":true}' }] } } },
    vision: { status: 200, body: { message: {} } },
  },
}
/** Dialects that have no such thing. */
const without: Record<string, Capability[]> = { anthropic: ['json'], bedrock: ['json'] }

describe.each(Object.keys(good))('%s', (kind) => {
  const of = good[kind]
  if (of === undefined) throw new Error('no answers')

  test('asks for one token', async () => {
    server.behave(() => ({ status: 200, body: {} }))
    expect(await askOneToken(connectTo(kind), of.model, 'chat')).toBeGreaterThanOrEqual(0)
    const [asked] = server.asked
    expect(asked?.url).toBe(of.url)
    expect(asked?.body).toMatch(/"(?:max_tokens|max_completion_tokens|maxOutputTokens|maxTokens)":1\b/)
  })

  test('asks for an embedding where the dialect has them', async () => {
    server.behave(() => ({ status: 200, body: {} }))
    const asking = askOneToken(connectTo(kind), of.model, 'embed')
    if (of.embed === undefined) expect((await hubErrorOf(asking)).code).toBe('not_probeable')
    else {
      await asking
      expect(server.asked[0]?.url).toBe(of.embed)
    }
  })

  test.each(['streaming', 'tools', 'json', 'vision'] as const)('%s', async (capability) => {
    const ask = (answer: Answer) => {
      server.behave(() => answer)
      return tryCapability(connectTo(kind), of.model, capability)
    }
    if (without[kind]?.includes(capability) === true) {
      expect(await ask(of[capability])).toBeNull()
      expect(server.asked).toEqual([])
      return
    }
    expect(await ask(of[capability])).toBe(true)
    expect(await ask({ status: 400, body: { error: { message: 'not supported' } } })).toBe(false)
    for (const status of [401, 429, 500]) expect(await ask({ status, body: {} })).toBeNull()
    // An answer of another shape does not show it.
    if (capability !== 'vision') expect(await ask({ status: 200, body: { hello: 'world' } })).not.toBe(true)
    else expect(server.asked[0]?.body).toContain(picture())
  })
})

test('a model that thinks before it speaks answers although one token is too few', async () => {
  const message = 'Could not finish the message because max_tokens or model output limit was reached. Please try again.'
  server.behave(() => ({ status: 400, body: { error: { message } } }))
  expect(await askOneToken(connectTo('openai'), 'o5', 'chat')).toBeGreaterThanOrEqual(0)
  server.behave(() => ({ status: 400, body: { error: { message: 'Unsupported parameter' } } }))
  expect((await hubErrorOf(askOneToken(connectTo('openai'), 'o5', 'chat'))).code).toBe('request_refused')
})

test('Vertex is asked in the project and region of the credential', async () => {
  server.behave(({ url }) => ({
    status: 200,
    body: url.includes('oauth2') ? { access_token: 'ya29.token-of-a-test' } : {},
  }))
  await askOneToken(connectTo('vertex'), 'gemini-2.5-pro', 'chat')
  expect(server.asked[1]).toMatchObject({
    url: 'https://europe-west4-aiplatform.googleapis.com/v1/projects/my-project-123/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent',
    headers: { authorization: 'Bearer ya29.token-of-a-test' },
  })
})

test('what a model is asked for follows from its endpoints, otherwise from its name', () => {
  expect(taskOf('x', ['embeddings'])).toBe('embed')
  expect(taskOf('text-embedding-3-small', null)).toBe('embed')
  expect(taskOf('text-embedding-3-small', ['chat.completions', 'embeddings'])).toBe('chat')
  expect(taskOf('rerank-v3.5', undefined)).toBe('rerank')
  expect(taskOf('gpt-4.1', [])).toBe('chat')
})

test('the picture is a PNG of 64 × 64 red pixels', () => {
  const png = Buffer.from(picture(), 'base64')
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([64, 64])
  const at = png.indexOf('IDAT')
  const pixels = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))
  expect(pixels).toHaveLength(64 * (1 + 64 * 3))
  expect([...pixels.subarray(1, 4)]).toEqual([220, 20, 20])
})
