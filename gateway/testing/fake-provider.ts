import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SnapshotRoute, UpstreamSpec, UpstreamTarget } from '../../contract/index.ts'
import { aRoute } from './fake-control.ts'
import { streamWords } from './fake-engine.ts'

export const credential = 'prv-4f9c1d7e2ab88064'

export type ProviderCall = {
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
  res: ServerResponse
  closed: Promise<void>
}
export type ProviderAnswer = (call: ProviderCall) => Promise<void> | void

/** A server that speaks the OpenAI dialect on a loopback port, and answers as the test says. */
export async function startFakeProvider(first: ProviderAnswer = goodProvider) {
  const calls: ProviderCall[] = []
  let answer = first
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const closed = new Promise<void>((resolve) => res.on('close', resolve))
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part as Buffer)
    const call = { path: req.url ?? '', headers: req.headers, body: Buffer.concat(parts), res, closed }
    calls.push(call)
    await answer(call)
  }
  const server = createServer((req, res) => {
    serve(req, res).catch(() => res.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    calls,
    port,
    url: `http://127.0.0.1:${port}`,
    last: () => {
      const call = calls.at(-1)
      if (call === undefined) throw new Error('the provider was not called')
      return call
    },
    answerWith: (next: ProviderAnswer) => {
      answer = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type FakeProvider = Awaited<ReturnType<typeof startFakeProvider>>

export const goodProvider: ProviderAnswer = (call) => streamWords(['Hello', ' world'])({ deploymentId: '', ...call })

export function aSpec(baseUrl: string, change: Partial<UpstreamSpec> = {}): UpstreamSpec {
  return {
    provider: 'acme',
    title: 'Acme AI',
    baseUrl,
    model: 'acme/large-1',
    headers: { authorization: `Bearer ${credential}` },
    secrets: [credential],
    connectTimeoutMs: 1_000,
    firstByteTimeoutMs: 600,
    idleTimeoutMs: 600,
    ...change,
  }
}

export const aHosted = (name: string, spec: UpstreamSpec, number = 1, weight = 1): UpstreamTarget => ({
  id: `tgt_${name}_${number}`,
  kind: 'upstream',
  versionId: `ver_${name}_${number}`,
  versionNumber: number,
  weight,
  upstream: spec,
})

/** A route whose only target is a provider. */
export const aHostedRoute = (name: string, spec: UpstreamSpec, change: Partial<SnapshotRoute> = {}): SnapshotRoute =>
  aRoute(name, { targets: [aHosted(name, spec)], owner: 'Ada', ...change })
