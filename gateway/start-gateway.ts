import { mkdir } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent } from 'undici'
import type { Lookup } from '../egress/guarded-connector.ts'
import {
  type Clock,
  createNewId,
  listenError,
  messageOf,
  randomText,
  steadyClock,
  systemClock,
} from '../kernel/index.ts'
import type { GatewayConfig } from './config.ts'
import { createEngineLink } from './forward/engine-link.ts'
import { createUpstreamLink } from './forward/upstream/upstream-link.ts'
import { handleRequest } from './http/handle-request.ts'
import { lockFolder } from './lock-folder.ts'
import type { Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createAuthenticate } from './routing/authenticate.ts'
import { createDiskCopy, type DiskCopy } from './snapshot/disk-copy.ts'
import { followControl } from './snapshot/follow-control.ts'
import { type HeldSnapshot, holdSnapshot } from './snapshot/held-snapshot.ts'
import { sendUsage } from './usage/send-usage.ts'
import { openSpool } from './usage/spool.ts'

export type Gateway = {
  port: number
  /** Takes no more requests, waits for those under way, ends the rest after `drainMs`, and writes all usage. */
  close: (drainMs?: number) => Promise<void>
}

export type GatewayParts = {
  log: Log
  clock?: Clock
  random?: () => number
  /** How names of providers are looked up; the system's way unless told. */
  lookup?: Lookup
  /** Called with every good snapshot that comes from the control plane. */
  onConnected?: () => void
}

/**
 * Starts the data plane: serves from its disk copy at once when it has one, and from the control plane's snapshot as soon
 * as it comes.
 * @throws HubError `data_folder_in_use`, `port_in_use`; when the folder cannot be written
 */
export async function startGateway(config: GatewayConfig, parts: GatewayParts): Promise<Gateway> {
  await mkdir(config.folder, { recursive: true, mode: 0o700 })
  const unlock = lockFolder(config.folder)
  try {
    return await startLocked(config, parts, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function startLocked(config: GatewayConfig, parts: GatewayParts, unlock: () => void): Promise<Gateway> {
  const { limits, controlUrl, joinToken } = config
  const { log, clock = systemClock, random = Math.random } = parts
  const metrics = createMetrics()
  const held = holdSnapshot(steadyClock)
  const copy = createDiskCopy(config.folder, config.secretKey, limits)
  await loadCopy(copy, held, clock, log)
  const epoch = `${clock.now().toString(36)}-${randomText(10)}`
  const spool = await openSpool(join(config.folder, 'usage'), epoch, { limits, log, metrics })
  const lookup = parts.lookup === undefined ? {} : { lookup: parts.lookup }
  const links = { engine: createEngineLink(config), upstream: createUpstreamLink({ ...config, ...lookup, log }) }
  const closeLinks = () => Promise.all([links.engine.close(), links.upstream.close()])
  const control = new Agent({ connect: { timeout: limits.connectMs } })
  const open = { count: 0 }
  let draining = false
  metrics.read({ snapshotAgeMs: held.ageMs, pendingUsage: spool.pending, openRequests: () => open.count })

  const budget = { held: 0, most: limits.heldBodyBytes }
  const shared = { held, links, metrics, limits, random, budget, open, spool, clock, log }
  const authenticate = createAuthenticate(held, clock)
  const handling = { ...shared, authenticate, newId: createNewId(clock.now), draining: () => draining }
  const server = createServer(
    // A caller that sends its request drop by drop holds a connection for this long at most.
    { headersTimeout: 10_000, requestTimeout: 60_000, connectionsCheckingInterval: 2_000, keepAliveTimeout: 65_000 },
    (req, res) => {
      handleRequest(handling, req, res).catch((error: unknown) => {
        log.error({ reason: messageOf(error), err: error }, 'request failed')
        res.destroy()
      })
    },
  )
  server.maxConnections = limits.concurrentRequests * 4
  try {
    await listen(server, config)
  } catch (error) {
    await Promise.all([spool.close(), closeLinks(), control.destroy()])
    throw error
  }

  if (isOpenTo(controlUrl)) {
    log.warn(
      { controlUrl },
      'the snapshot channel carries credentials of providers, and is plain http to another machine',
    )
  }
  const stop = new AbortController()
  const channel = { controlUrl, joinToken, dispatcher: control, random, log, metrics, limits }
  const sender = sendUsage({ ...channel, spool }, stop.signal)
  const onConnected = () => {
    sender.wake()
    parts.onConnected?.()
  }
  const following = followControl({ ...channel, held, copy, clock, onConnected }, stop.signal)
  const { port } = server.address() as AddressInfo
  log.debug({ port, epoch, snapshot: held.current()?.version ?? null }, 'gateway listening')

  const close = async (drainMs: number) => {
    draining = true
    stop.abort()
    const closed = new Promise((resolve) => server.close(resolve))
    // A kept-alive connection falls idle when its last answer ends; nothing else would close it before the caller does.
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    await Promise.race([closed, sleep(drainMs, undefined, { ref: false })])
    // What is still open now ends as a broken upstream would end it: labelled, and recorded.
    await closeLinks()
    await Promise.race([closed, sleep(200)])
    clearInterval(idle)
    server.closeAllConnections()
    await Promise.all([following, sender.done])
    await Promise.all([spool.close(), control.destroy()])
    metrics.registry.clear()
    unlock()
    log.info('gateway closed')
  }
  let closing: Promise<void> | undefined
  return { port, close: (drainMs = limits.drainMs) => (closing ??= close(drainMs)) }
}

function isOpenTo(controlUrl: string): boolean {
  const { protocol, hostname } = new URL(controlUrl)
  return protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

async function loadCopy(copy: DiskCopy, held: HeldSnapshot, clock: Clock, log: Log): Promise<void> {
  try {
    const loaded = await copy.load()
    if (loaded === undefined) return
    held.swap(loaded.snapshot)
    held.revoke(loaded.revoked)
    // The times of files come from the system's clock; one that lies ahead was written before the clock was set back.
    held.confirm(Math.max(0, clock.now() - loaded.confirmedAt))
    log.info({ version: loaded.snapshot.version, ageMs: Math.round(held.ageMs() ?? 0) }, 'snapshot loaded from disk')
  } catch (error) {
    log.warn({ reason: messageOf(error) }, 'snapshot copy on disk not used')
  }
}

function listen(server: Server, { host, port }: GatewayConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) =>
      reject(listenError(error, { host, port, variable: 'MODELHUB_GATEWAY_PORT' }) ?? error)
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
}
