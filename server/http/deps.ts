import type { Registry } from 'prom-client'
import type { UsageRecord } from '../../contract/index.ts'
import type { Clock, HubError } from '../../kernel/index.ts'
import type { CallerCache, Sessions } from '../modules/identity/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Log } from '../platform/log.ts'
import type { DoorDeps } from './hugging-face/index.ts'

export type InternalDeps = {
  joinToken: string
  /** The snapshot stream of one gateway, newline-delimited JSON. */
  openSnapshotStream: (signal: AbortSignal) => ReadableStream<Uint8Array>
  storeUsage: (records: readonly UsageRecord[]) => Promise<void>
}

export type SystemDeps = {
  version: string
  /** Resolves when database and disk can be used; otherwise rejects, with a HubError where the reason is known. */
  ready: () => Promise<void>
  /** Why nothing can be written to the data folder now, if so. */
  diskProblem?: () => HubError | null
  registry: Registry
  observe: (method: string, status: number, ms: number) => void
}

export type HttpDeps = {
  /** `system`: health, readiness and metrics only; a worker is not talked to otherwise. */
  serves?: 'everything' | 'system'
  database: Database
  clock: Clock
  log: Log
  /** Scheme, host and port under which browsers reach the hub. */
  publicOrigin: string
  authentication: {
    database: Database
    clock: Clock
    sessions: Sessions
    callers: CallerCache
    adminToken: string | undefined
  }
  internal: InternalDeps
  /** What is behind `/hf`; without it nothing is there. */
  door?: DoorDeps
  system: SystemDeps
  /** Folder of the built web app; it may be missing in tests. */
  webFolder: string
  /** Origins the browser app may call besides its own: the gateway. */
  connectOrigins: readonly string[]
}

export type AppEnv = {
  Variables: { requestId: string }
  /** What the listener passes on; in tests without one there is nothing. */
  Bindings: { outgoing?: { destroy: () => unknown } }
}
