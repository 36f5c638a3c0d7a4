import { randomUUID } from 'node:crypto'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { Clock } from '../../kernel/index.ts'
import { messageOf } from '../../kernel/index.ts'
import type { ChildSpec } from '../protocol.ts'
import { createChatPrompt } from './chat-prompt.ts'
import { errorBody, RequestFailure } from './failure.ts'
import { generate } from './generate.ts'
import type { LoadedModel } from './load-model.ts'
import type { ParseContext, ParsedRequest } from './parse-request.ts'
import { parseChat, parseCompletion } from './parse-request.ts'
import { readJsonBody } from './read-body.ts'
import { respondStream, respondWhole } from './respond.ts'
import { createSlotPool } from './slots.ts'

/** The OpenAI-compatible server of one loaded model. The caller listens. */
export function createModelServer(spec: ChildSpec, loaded: LoadedModel, clock: Clock): Server {
  const slots = createSlotPool(loaded.sequences, spec.queueLimit)
  const chatPrompt = createChatPrompt(loaded.model)
  const startedAt = Math.floor(clock.now() / 1000)
  let inflight = 0

  const complete = async (
    request: IncomingMessage,
    response: ServerResponse,
    parse: (body: Record<string, unknown>, context: ParseContext) => ParsedRequest | Promise<ParsedRequest>,
  ): Promise<void> => {
    const signal = abortOnClose(response)
    const requestId = headerText(request, 'x-request-id') ?? randomUUID()
    const parsed = await parse(await readJsonBody(request), {
      model: loaded.model,
      deploymentId: spec.deploymentId,
      chatPrompt,
      contextLength: loaded.contextLength,
      requestId,
      created: Math.floor(clock.now() / 1000),
    })
    const slot = await slots.acquire(signal)
    try {
      const answer = generate(slot.item, parsed.prompt, parsed.sampling, loaded.contextLength, signal)
      response.setHeader('x-request-id', requestId)
      if (parsed.stream) await respondStream(parsed, answer, response, signal)
      else await respondWhole(parsed, answer, response)
    } finally {
      slot.release()
    }
  }

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = `${request.method ?? ''} ${(request.url ?? '').split('?')[0]}`
    if (name === 'GET /health') return sendJson(response, { status: 'ok', ...slots.counts() })
    if (name === 'GET /v1/models') {
      const entry = { id: spec.deploymentId, object: 'model', created: startedAt, owned_by: 'model-hub' }
      return sendJson(response, { object: 'list', data: [{ ...entry, context_length: loaded.contextLength }] })
    }
    if (name === 'POST /v1/chat/completions') return await complete(request, response, parseChat)
    if (name === 'POST /v1/completions') return await complete(request, response, parseCompletion)
    throw new RequestFailure(404, 'unknown_path', `This engine does not answer ${name}.`)
  }

  return createServer((request, response) => {
    inflight++
    // Bodies are bounded one by one; this bounds how many are held at once.
    const limit = spec.parallel + spec.queueLimit
    const work = inflight > limit ? Promise.reject(busy(spec.queueLimit)) : route(request, response)
    work.catch((error: unknown) => sendFailure(response, error)).finally(() => inflight--)
  })
}

const busy = (waiting: number): RequestFailure =>
  new RequestFailure(429, 'engine_busy', `The engine has ${waiting} requests waiting. Try again shortly.`)

function abortOnClose(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the client went away'))
  })
  return controller.signal
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const failure = error instanceof RequestFailure ? error : new RequestFailure(500, 'engine_error', messageOf(error))
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (failure.status === 429) headers['retry-after'] = '1'
  response.writeHead(failure.status, headers)
  response.end(errorBody(failure))
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value) ? value : undefined
}
