import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeHub, json, startFakeHub } from '../testing/fake-hub.ts'
import { runCommand } from '../testing/test-context.ts'

let hub: FakeHub
beforeEach(async () => {
  hub = await startFakeHub()
  hub.on('getVersionInfo', { version: '0.1.0', node: '24', database: 'embedded', gatewayUrl: hub.url, ruleset: '1' })
  const created = '2026-11-23T11:57:00.000Z'
  hub.on('createSessionKey', {
    id: 'key_1',
    key: 'mhk_session',
    record: {
      id: 'key_1',
      name: 'session',
      prefix: 'mhk_s',
      projectId: 'prj_1',
      models: null,
      session: true,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      createdBy: 'usr_1',
      createdAt: created,
    },
  })
})
afterEach(() => hub.close())

const chat = (argv: string[], over = {}) =>
  runCommand(['chat', ...argv], { variables: { MODELHUB_URL: hub.url }, ...over })
const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`
const stream = (...pieces: string[]) =>
  hub.raw('POST /v1/chat/completions', (_seen, _request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const piece of pieces) response.write(piece)
    response.end()
  })

describe('modelhub chat', () => {
  test('streams the answer with the options it was given', async () => {
    stream(delta('Hel'), `${delta('lo\u001b[2J').slice(0, 20)}`, delta('lo\u001b[2J').slice(20), 'data: [DONE]\n\n')
    const run = await chat([
      'tiny',
      'Hi',
      '--system',
      'Be short',
      '--temperature',
      '0',
      '--max-tokens',
      '9',
      '--seed',
      '1',
    ])
    expect(run).toMatchObject({ code: 0, out: 'Hello?[2J\n', err: '' })
    expect(hub.seen.at(-1)).toMatchObject({
      authorization: 'Bearer mhk_session',
      body: {
        model: 'tiny',
        stream: true,
        temperature: 0,
        max_tokens: 9,
        seed: 1,
        messages: [
          { role: 'system', content: 'Be short' },
          { role: 'user', content: 'Hi' },
        ],
      },
    })
  })

  test('waits for the gateway to learn the fresh key', async () => {
    let tries = 0
    hub.raw('POST /v1/chat/completions', (_seen, _request, response) => {
      if (tries++ < 2) return json(response, 401, { error: { message: 'Unknown key.' } })
      response.writeHead(200).end(`${delta('ok')}data: [DONE]\n\n`)
      return undefined
    })
    expect(await chat(['tiny', 'Hi'])).toMatchObject({ code: 0, out: 'ok\n' })
    expect(tries).toBe(3)
  })

  test('a refusal is exit 1 in the words of the gateway', async () => {
    hub.raw('POST /v1/chat/completions', (_seen, _request, response) =>
      json(response, 404, { error: { message: 'There is no route "x". Use one of: tiny.', code: 'model_not_found' } }),
    )
    expect(await chat(['x', 'Hi'])).toMatchObject({
      code: 1,
      err: 'modelhub: There is no route "x". Use one of: tiny.\n',
    })
  })

  test('an answer that is cut off is no success', async () => {
    stream(delta('half'))
    expect(await chat(['tiny', 'Hi'])).toMatchObject({
      code: 1,
      out: 'half\n',
      err: 'modelhub: The answer was cut off.\n',
    })
  })

  test('the message may come from standard input; --json prints the completion', async () => {
    const completion = { id: 'c', choices: [{ message: { role: 'assistant', content: 'yes' } }] }
    hub.raw('POST /v1/chat/completions', (_seen, _request, response) => json(response, 200, completion))
    const run = await chat(['tiny', '--json'], { input: 'Is it?\n' })
    expect(JSON.parse(run.out)).toEqual(completion)
    expect(hub.seen.at(-1)?.body).toMatchObject({ stream: false, messages: [{ content: 'Is it?' }] })
  })

  test('a conversation carries what was said', async () => {
    stream(delta('one'), 'data: [DONE]\n\n')
    const run = await chat(['tiny'], { terminal: true, answers: ['first', '', 'second'] })
    expect(run).toMatchObject({ code: 0, out: 'one\none\n' })
    expect(hub.seen.at(-1)?.body).toMatchObject({
      messages: [{ content: 'first' }, { role: 'assistant', content: 'one' }, { content: 'second' }],
    })
  })
})
