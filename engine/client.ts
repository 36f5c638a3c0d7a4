import type { IncomingMessage } from 'node:http'
import { Agent, request as httpRequest } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { ErrorKind } from '../kernel/index.ts'
import { HubError, messageOf } from '../kernel/index.ts'
import type { EngineLoaded, EngineSpec, EngineStatus } from './types.ts'

export type EngineClient = {
  /** Tells the host what to serve. Idempotent; clears an earlier failure. */
  put: (spec: EngineSpec, signal?: AbortSignal) => Promise<EngineStatus>
  /** Loads now. Rejects with HubError whose code is the reason (`broken_model`, `engine_crashed`, `memory_budget`, …). */
  load: (id: string, signal?: AbortSignal) => Promise<EngineLoaded>
  unload: (id: string, signal?: AbortSignal) => Promise<EngineStatus>
  remove: (id: string, signal?: AbortSignal) => Promise<void>
  get: (id: string, signal?: AbortSignal) => Promise<EngineStatus>
  list: (signal?: AbortSignal) => Promise<EngineStatus[]>
  /**
   * An inference request, such as `POST /v1/chat/completions`; the answer is streamed. Resolves with any status that the
   * engine itself sent; rejects with HubError when the host could not hand the request on.
   */
  request: (id: string, call: EngineCall, signal?: AbortSignal) => Promise<IncomingMessage>
  /** Where a load generator reaches the deployment directly; `/v1/…` goes behind the url, whose host means nothing. */
  target: (id: string) => { url: string; socketPath: string; headers: Record<string, string> }
  /** Closes kept connections. */
  close: () => void
}

/** `path` begins with `/v1/`; `body` is sent as JSON. */
export type EngineCall = { method?: 'GET' | 'POST'; path: string; body?: unknown; headers?: Record<string, string> }

const maxAnswerBytes = 16 * 1024 * 1024

/** A client of the engine host over its Unix socket. */
export function createEngineClient(options: { socketPath: string; secret: string }): EngineClient {
  const { socketPath } = options
  const agent = new Agent({ keepAlive: true })
  const authorization = `Bearer ${options.secret}`

  const send = async (
    path: string,
    call: EngineCall,
    signal?: AbortSignal,
    again = false,
  ): Promise<IncomingMessage> => {
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    const headers = {
      ...call.headers,
      authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    }
    const method = call.method ?? 'POST'
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = httpRequest({
        socketPath,
        agent,
        path,
        method,
        headers,
        ...(signal === undefined ? {} : { signal }),
      })
      request.once('error', (error) => {
        if (signal?.aborted === true) reject(signal.reason as Error)
        // A host that was started anew leaves kept connections that end at the first use, as Node's `request.reusedSocket` describes.
        else if (again && request.reusedSocket) resolve(send(path, call, signal))
        else reject(unreachable(error))
      })
      request.once('response', resolve)
      request.end(body)
    })
    if (answer.headers['content-type'] === 'application/problem+json') throw await problemOf(answer)
    return answer
  }

  const json = async (method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<unknown> => {
    const call = { method: method as 'GET', path, ...(body === undefined ? {} : { body }) }
    const bytes = await readAll(await send(path, call, signal, true))
    return bytes.length === 0 ? undefined : (JSON.parse(bytes.toString('utf8')) as unknown)
  }
  const at = (id: string): string => `/deployments/${encodeURIComponent(id)}`

  return {
    put: async (spec, signal) => (await json('PUT', at(spec.deploymentId), spec, signal)) as EngineStatus,
    load: async (id, signal) => (await json('POST', `${at(id)}/load`, undefined, signal)) as EngineLoaded,
    unload: async (id, signal) => (await json('POST', `${at(id)}/unload`, undefined, signal)) as EngineStatus,
    remove: async (id, signal) => {
      await json('DELETE', at(id), undefined, signal)
    },
    get: async (id, signal) => (await json('GET', at(id), undefined, signal)) as EngineStatus,
    list: async (signal) => ((await json('GET', '/deployments', undefined, signal)) as { items: EngineStatus[] }).items,
    request: async (id, call, signal) => await send(at(id) + call.path, call, signal),
    target: (id) => ({ url: `http://engine${at(id)}`, socketPath, headers: { authorization } }),
    close: () => agent.destroy(),
  }
}

async function readAll(answer: IncomingMessage): Promise<Buffer> {
  let size = 0
  answer.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > maxAnswerBytes) answer.destroy(new Error('the answer of the engine host is too large'))
  })
  return await buffer(answer)
}

const kindOf: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'unauthenticated',
  404: 'not_found',
  409: 'conflict',
  413: 'invalid',
  422: 'invalid',
  429: 'limit',
}

async function problemOf(answer: IncomingMessage): Promise<HubError> {
  const problem = JSON.parse((await readAll(answer)).toString('utf8')) as { code: string; detail: string }
  const status = answer.statusCode ?? 500
  const after = answer.headers['retry-after']
  return new HubError({
    kind: kindOf[status] ?? 'upstream',
    code: problem.code,
    message: problem.detail,
    details: { status, ...(after === undefined ? {} : { retryAfterSeconds: Number(after) }) },
  })
}

const unreachable = (cause: Error): HubError =>
  new HubError({
    kind: 'upstream',
    code: 'engine_host_unreachable',
    message: `The engine host does not answer: ${messageOf(cause)}`,
    remedy: 'It is restarted on its own; try again shortly.',
    cause,
  })
