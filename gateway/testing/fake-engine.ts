import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export const engineSecret = 'engine-secret-of-the-test'

export type EngineCall = {
  deploymentId: string
  path: string
  body: Buffer
  res: ServerResponse
  closed: Promise<void>
}
type Answer = (call: EngineCall) => Promise<void> | void

/** An engine host on a Unix socket that knows the deployments it was told of, and answers as the test says. */
export async function startFakeEngine(socketPath: string, first: Answer = streamWords(['Hello', ' world'])) {
  const known = new Set<string>()
  const calls: EngineCall[] = []
  const puts: { deploymentId: string; body: unknown }[] = []
  let answer = first
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const closed = new Promise<void>((resolve) => res.on('close', resolve))
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    if (req.headers.authorization !== `Bearer ${engineSecret}`) return void res.writeHead(401).end()
    const [, deploymentId = '', path = ''] = /^\/deployments\/([^/]+)(\/.*)?$/.exec(req.url ?? '') ?? []
    if (req.method === 'PUT') {
      puts.push({ deploymentId, body: JSON.parse(body.toString()) })
      known.add(deploymentId)
      return void res.writeHead(204).end()
    }
    if (!known.has(deploymentId)) {
      const problem = {
        type: 'about:blank',
        title: 'Unknown deployment',
        status: 404,
        detail: 'x',
        kind: 'not_found',
        code: 'unknown_deployment',
      }
      return void res.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
    }
    const call = { deploymentId, path, body, res, closed }
    calls.push(call)
    await answer(call)
  }
  const server = createServer((req, res) => {
    serve(req, res).catch(() => res.destroy())
  })
  await new Promise<void>((resolve) => server.listen({ path: socketPath, backlog: 4_096 }, resolve))
  return {
    calls,
    puts,
    forget: () => known.clear(),
    answerWith: (next: Answer) => {
      answer = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type FakeEngine = Awaited<ReturnType<typeof startFakeEngine>>

export const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`
const chunk = (delta: object, finish: string | null = null) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
})
export const roleEvent = event(chunk({ role: 'assistant', content: '' }))
export const wordEvent = (word: string) => event(chunk({ content: word }))
export const stopEvent = event(chunk({}, 'stop'))
export const usageEvent = event({
  id: 'chatcmpl-1',
  choices: [],
  usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 },
})
export const doneEvent = 'data: [DONE]\n\n'

/** Streams the words as OpenAI would, usage event only when asked, a turn of the event loop between events. */
export function streamWords(words: string[], gapMs = 0): Answer {
  return async ({ res, body }) => {
    const asked = JSON.parse(body.toString()) as { stream?: boolean; stream_options?: { include_usage?: boolean } }
    if (asked.stream !== true) {
      const usage = { prompt_tokens: 7, completion_tokens: words.length, total_tokens: 7 + words.length }
      const whole = {
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: words.join('') } }],
        usage,
      }
      return void res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(whole))
    }
    res.writeHead(200, { 'content-type': 'text/event-stream' })
    const usage = asked.stream_options?.include_usage === true ? [usageEvent] : []
    for (const part of [roleEvent, ...words.map(wordEvent), stopEvent, ...usage, doneEvent]) {
      if (res.destroyed) return
      res.write(part)
      await new Promise((resolve) => setTimeout(resolve, gapMs))
    }
    res.end()
  }
}
