import { createHash, timingSafeEqual } from 'node:crypto'
import type { Agent, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, redact } from '../../kernel/index.ts'
import type { Deployments } from './deployments.ts'
import { parseSpec } from './parse-spec.ts'
import { EngineProblem } from './problem.ts'
import { proxy } from './proxy.ts'

/** How long the end of a process may take to be noticed. */
const maxEndMs = 2_000
const maxSpecBytes = 1024 * 1024

/** The HTTP interface of the host: deployments under `/deployments`, inference under `/deployments/:id/v1/`. */
export function createApi(deployments: Deployments, secret: string, agent: Agent): RequestListener {
  const expected = digest(`Bearer ${secret}`)

  const infer = async (id: string, path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gone = new AbortController()
    response.once('close', () => gone.abort(new Error('the client went away')))
    for (let attempt = 1; ; attempt++) {
      const lease = await deployments.get(id).lease(gone.signal)
      try {
        return await proxy(request, response, { ...lease, path, agent })
      } catch (error) {
        // The process died and its end is not noticed yet: once it is, the next lease starts a new one.
        if (!(error instanceof EngineProblem) || error.code !== 'engine_gone' || attempt === 2) throw error
        await Promise.race([lease.ended, sleep(maxEndMs, undefined, { signal: gone.signal })])
      } finally {
        lease.release()
      }
    }
  }

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '/'
    const method = request.method ?? 'GET'
    if (method === 'GET' && url === '/healthz')
      return sendJson(response, 200, { status: 'ok', memory: deployments.memory() })
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      throw new EngineProblem(401, 'unauthenticated', 'The bearer token is missing or wrong.')
    }
    if (method === 'GET' && url === '/deployments') return sendJson(response, 200, { items: deployments.list() })
    const [, id = '', rest = ''] = /^\/deployments\/([A-Za-z0-9._-]{1,128})(\/.*)?$/.exec(url) ?? []
    if (id === '') throw new EngineProblem(404, 'unknown_path', `There is nothing at ${method} ${url.slice(0, 200)}.`)
    if (rest.startsWith('/v1/')) return await infer(id, rest, request, response)

    switch (`${method} ${rest}`) {
      case 'PUT ':
        return sendJson(response, 200, deployments.put(parseSpec(id, await readJson(request))))
      case 'GET ':
        return sendJson(response, 200, deployments.get(id).status())
      case 'DELETE ':
        await deployments.remove(id)
        response.writeHead(204)
        response.end()
        return
      case 'POST /load':
        return sendJson(response, 200, await deployments.get(id).load())
      case 'POST /unload':
        await deployments.get(id).unload()
        return sendJson(response, 200, deployments.get(id).status())
      default:
        throw new EngineProblem(404, 'unknown_path', `There is nothing at ${method} ${url.slice(0, 200)}.`)
    }
  }

  return (request, response) => {
    route(request, response).catch((error: unknown) => sendProblem(response, error))
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= maxSpecBytes) chunks.push(chunk)
    else if (size > 16 * maxSpecBytes) break
  }
  if (size > maxSpecBytes) throw new EngineProblem(413, 'request_too_large', 'The body is larger than 1 MiB.')
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
  } catch {
    throw new EngineProblem(400, 'invalid_spec', 'The body is not valid JSON.')
  }
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(text)
}

function sendProblem(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const problem =
    error instanceof EngineProblem ? error : new EngineProblem(500, 'internal', redact(messageOf(error)).slice(0, 500))
  const { status, code, message, retryAfterSeconds } = problem
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (retryAfterSeconds !== undefined) headers['retry-after'] = `${retryAfterSeconds}`
  response.writeHead(status, headers)
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code, detail: message }))
}
