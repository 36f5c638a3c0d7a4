import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createNet, type Net, parseAllowList } from '../../../platform/net/index.ts'

export type Asked = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
export type Answer = { status: number; headers?: Record<string, string>; body: unknown }
/** What is answered; undefined leaves the request without an answer. */
export type Behavior = (asked: Asked) => Answer | undefined | Promise<Answer | undefined>

export type ProviderServer = {
  /** The real way out, whose requests all arrive here and name where they wanted to go. */
  net: Net
  asked: Asked[]
  behave: (behavior: Behavior) => void
  close: () => Promise<void>
}

const wanted = 'x-test-wanted'

/** One server on loopback that stands for every provider: what cannot be reached here is answered from a contract. */
export async function startProviderServer(): Promise<ProviderServer> {
  const asked: Asked[] = []
  let behavior: Behavior = () => ({ status: 500, body: { error: 'nothing is set up' } })
  const server = createServer((request, response) => {
    void (async () => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const one = { method: request.method ?? '', url: String(request.headers[wanted]), headers: request.headers, body }
      asked.push(one)
      const answer = await behavior(one)
      if (answer !== undefined) send(response, answer)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const real = createNet({ allow: parseAllowList('127.0.0.1') })
  const net: Net = {
    request: (url, request, signal) => {
      const target = new URL(url)
      return real.request(
        `${origin}${target.pathname}${target.search}`,
        { ...request, headers: { ...request?.headers, [wanted]: target.href } },
        signal,
      )
    },
    close: () => real.close(),
  }
  return {
    net,
    asked,
    behave: (next) => {
      asked.length = 0
      behavior = next
    },
    close: async () => {
      await net.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}
