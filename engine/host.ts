import { mkdir, rm } from 'node:fs/promises'
import { Agent, createServer } from 'node:http'
import type { Clock } from '../kernel/index.ts'
import { invalid, steadyClock } from '../kernel/index.ts'
import { createApi } from './host/api.ts'
import { createDeployments } from './host/deployments.ts'
import { startChild } from './host/start-child.ts'
import type { EngineHostConfig } from './types.ts'

export type EngineHost = {
  /** Stops taking calls, lets running answers end (drainMs), ends all engines, removes the socket. */
  stop: () => Promise<void>
}

/** Unix socket paths end at 108 bytes (104 on macOS); the engines' own sockets lie one folder deeper. */
const maxSocketPathBytes = 90
const longestIdleCheckMs = 10_000

/** Starts the engine host. Resolves when it listens. Rejects when the socket cannot be made. */
export async function startEngineHost(config: EngineHostConfig, clock: Clock = steadyClock): Promise<EngineHost> {
  const { socketPath } = config
  if (Buffer.byteLength(socketPath) > maxSocketPathBytes) {
    throw invalid(
      'socket_path_too_long',
      `The engine socket path has more than ${maxSocketPathBytes} bytes: ${socketPath}`,
      'Use a shorter data folder, or put the socket into the temporary folder.',
    )
  }
  const runDir = `${socketPath}.d`
  // What an earlier host left behind: its engines ended with it, the socket files stay.
  await rm(runDir, { recursive: true, force: true })
  await rm(socketPath, { force: true })
  await mkdir(runDir, { mode: 0o700 })

  let sockets = 0
  const deployments = createDeployments({
    clock,
    startChild,
    runDir,
    nextSocket: () => `${sockets++}.s`,
    memoryBytes: config.memoryBytes,
    roomWaitMs: config.roomWaitMs ?? 15_000,
    loadTimeoutMs: config.loadTimeoutMs ?? 5 * 60_000,
    drainMs: config.drainMs ?? 30_000,
    backoffMs: config.backoffMs ?? 1_000,
  })
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 16 })
  const server = createServer(createApi(deployments, config.secret, agent))
  server.keepAliveTimeout = 60_000
  // The socket file must never be open to others, not even between listen and chmod.
  const before = process.umask(0o177)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      // A gateway's burst must not find the queue of the socket full.
      server.listen({ path: socketPath, backlog: 4_096 }, resolve)
    })
  } finally {
    process.umask(before)
  }

  const idleMs = config.idleMs ?? 10 * 60_000
  const timer = setInterval(
    () => void deployments.unloadIdle(idleMs),
    Math.min(longestIdleCheckMs, Math.max(50, idleMs / 4)),
  )
  timer.unref()

  return {
    stop: async () => {
      clearInterval(timer)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      await deployments.stopAll()
      server.closeAllConnections()
      agent.destroy()
      await closed
      await rm(runDir, { recursive: true, force: true })
    },
  }
}
