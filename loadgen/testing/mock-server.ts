import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

// An OpenAI-like server in a process of its own, with token times set by the path and reported over IPC as they happened.

/** Times of one answer in nanoseconds since the request arrived. */
export type MockTruth = { type: 'truth'; writesNs: number[] }
export type MockReady = { type: 'ready'; url: string }

const server = createServer((request, response) => {
  const arrived = process.hrtime.bigint()
  request.resume()
  request.once('end', () => {
    const url = new URL(request.url ?? '/', 'http://mock')
    const number = (name: string, fallback: number): number => Number(url.searchParams.get(name) ?? fallback)
    const plan = {
      ttft: number('ttft', 20),
      itl: number('itl', 10),
      tokens: number('tokens', 5),
      usage: number('usage', 1),
    }
    if (url.pathname === '/status') {
      response.writeHead(number('code', 500), { 'content-type': 'application/json' })
      response.end('{"error":{"message":"no"}}')
    } else if (url.pathname === '/silent') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
    } else if (url.pathname === '/whole') {
      response.writeHead(200, { 'content-type': 'application/json' })
      const choices = [{ message: { content: 'hi' }, finish_reason: 'stop' }]
      response.end(JSON.stringify({ choices, usage: { prompt_tokens: 3, completion_tokens: 7 } }))
    } else void stream(response, url.pathname, plan, arrived)
  })
})

type Plan = { ttft: number; itl: number; tokens: number; usage: number }

async function stream(response: ServerResponse, path: string, plan: Plan, arrived: bigint): Promise<void> {
  const writesNs: number[] = []
  const event = (data: object): boolean => response.write(`data: ${JSON.stringify(data)}\n\n`)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  event({ choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }] })
  for (let i = 0; i < plan.tokens; i++) {
    await sleep(i === 0 ? plan.ttft : plan.itl)
    writesNs.push(Number(process.hrtime.bigint() - arrived))
    event({ choices: [{ delta: i === 0 ? { reasoning_content: 'é' } : { content: 'é' }, finish_reason: null }] })
    if (path === '/cut' && i === 1) return void response.destroy()
    if (path === '/garbage' && i === 1) response.write('data: {not json\n\n')
    if (path === '/error' && i === 1) {
      event({ error: { message: 'engine died' } })
      return void response.end()
    }
  }
  if (path === '/unfinished') return void response.end()
  event({ choices: [{ delta: {}, finish_reason: 'stop' }] })
  if (plan.usage === 1) event({ choices: [], usage: { prompt_tokens: 4, completion_tokens: plan.tokens } })
  response.end('data: [DONE]\n\n')
  process.send?.({ type: 'truth', writesNs } satisfies MockTruth)
}

process.once('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.send?.({ type: 'ready', url: `http://127.0.0.1:${port}` } satisfies MockReady)
})
