import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type SnapshotKey,
  type SnapshotLine,
  type SnapshotRoute,
  UsageBatch,
  type UsageRecord,
} from '../../contract/index.ts'

export const joinToken = 'join-token-of-the-test'
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A control plane that speaks the contract: snapshots out, usage in, each record kept once. */
export async function startFakeControl(port = 0) {
  const streams = new Set<ServerResponse>()
  const stored = new Map<string, UsageRecord>()
  let current: SnapshotLine[] = []
  let received = 0
  let connections = 0
  let cutAcks = 0
  let cutBefore = 0
  let pings = true
  let refuses: (record: UsageRecord) => boolean = () => false
  let onStored: () => void = () => {}
  let usageStatus: number | undefined
  const version = () => current.find((line) => line.t === 'begin')?.version ?? 0
  const send = (stream: ServerResponse, lines: readonly SnapshotLine[]) =>
    stream.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))

  const takeUsage = async (req: IncomingMessage, res: ServerResponse) => {
    const parts: Buffer[] = []
    for await (const part of req) parts.push(part as Buffer)
    if (cutBefore > 0) {
      cutBefore--
      return res.destroy()
    }
    if (usageStatus !== undefined) return res.writeHead(usageStatus, { 'content-type': 'text/html' }).end('no')
    const { records } = UsageBatch.parse(JSON.parse(Buffer.concat(parts).toString()))
    if (records.some((record) => refuses(record))) {
      const problem = { title: 'Invalid', status: 400, code: 'invalid_request', detail: 'A record is refused.' }
      return res.writeHead(400, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem))
    }
    for (const record of records) {
      received++
      stored.set(`${record.epoch}/${record.seq}`, record)
    }
    onStored()
    if (cutAcks > 0) {
      cutAcks--
      return res.destroy()
    }
    const last = records.at(-1)
    return res.end(JSON.stringify({ epoch: last?.epoch, seq: last?.seq }))
  }
  const server = createServer((req, res) => {
    if (req.headers.authorization !== `Bearer ${joinToken}`) return res.writeHead(401).end()
    if (req.method === 'POST' && req.url === '/internal/v1/usage') return void takeUsage(req, res)
    if (req.url !== '/internal/v1/snapshot') return res.writeHead(404).end()
    connections++
    streams.add(res)
    res.on('close', () => streams.delete(res))
    res.writeHead(200, { 'content-type': 'application/x-ndjson' })
    res.flushHeaders()
    return send(res, current)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const heart = setInterval(() => {
    if (pings) for (const stream of streams) send(stream, [{ t: 'ping', version: version(), at: Date.now() }])
  }, 50)
  const publishLines = (lines: SnapshotLine[]) => {
    current = lines
    for (const stream of streams) send(stream, lines)
  }
  return {
    port: (server.address() as AddressInfo).port,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publish: (next: number, routes: SnapshotRoute[], keys: SnapshotKey[], revoked: string[] = []) =>
      publishLines(snapshotLines(next, routes, keys, revoked)),
    publishLines,
    sendRaw: (bytes: string | Uint8Array) => {
      for (const stream of streams) stream.write(bytes)
    },
    /** What a new connection is greeted with, without telling the open ones. */
    greetWith: (lines: SnapshotLine[]) => {
      current = lines
    },
    silence: () => {
      pings = false
    },
    cutNextAcks: (count: number) => {
      cutAcks = count
    },
    cutNextBatches: (count: number) => {
      cutBefore = count
    },
    /** Refuses every batch that holds such a record, as the control plane refuses what breaks the contract. */
    refuseRecords: (which: (record: UsageRecord) => boolean) => {
      refuses = which
    },
    /** Answers usage with a bare status, as a proxy in front would; undefined ends it. */
    answerUsageWith: (status: number | undefined) => {
      usageStatus = status
    },
    /** Called after a batch is stored and before it is acknowledged. */
    whenStored: (hook: () => void) => {
      onStored = hook
    },
    dropStreams: () => {
      for (const stream of streams) stream.destroy()
    },
    records: () => [...stored.values()],
    received: () => received,
    connections: () => connections,
    close: async () => {
      clearInterval(heart)
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
export type FakeControl = Awaited<ReturnType<typeof startFakeControl>>

export function snapshotLines(
  version: number,
  routes: SnapshotRoute[],
  keys: SnapshotKey[],
  revoked: string[] = [],
): SnapshotLine[] {
  return [
    { t: 'begin', version, at: Date.now() },
    { t: 'revoked', hashes: revoked },
    ...routes.map((route) => ({ t: 'route' as const, route })),
    { t: 'keys', keys },
    { t: 'end', version, routes: routes.length, keys: keys.length },
  ]
}

/** A route with one engine target per weight; ids follow from the name. */
export function aRoute(name: string, change: Partial<SnapshotRoute> = {}, weights: number[] = [1]): SnapshotRoute {
  return {
    id: `rte_${name}`,
    name,
    projectId: 'prj_1',
    modelId: `mdl_${name}`,
    createdAt: 1_760_000_000,
    maxStaleMs: 86_400_000,
    targets: weights.map((weight, at) => ({
      id: `tgt_${name}_${at + 1}`,
      kind: 'engine' as const,
      versionId: `ver_${name}_${at + 1}`,
      versionNumber: at + 1,
      weight,
      engine: {
        deploymentId: `dep_${name}_${at + 1}`,
        main: '/models/a.gguf',
        files: [{ path: '/models/a.gguf', size: 1 }],
      },
    })),
    ...change,
  }
}

export function aKey(secret: string, change: Partial<SnapshotKey> = {}): SnapshotKey {
  return { hash: sha256(secret), id: `key_${secret}`, projectId: 'prj_1', routes: null, expiresAt: null, ...change }
}
