import type { StorageFault } from './durable-file-system.ts'

/** What the main thread asks of the database worker. `transaction` names a transaction that `begin` opened. */
export type WorkerRequest =
  | { type: 'query'; sql: string; parameters: readonly unknown[]; transaction?: number }
  | { type: 'exec'; sql: string; transaction?: number }
  | { type: 'begin'; transaction: number }
  | { type: 'commit'; transaction: number }
  | { type: 'rollback'; transaction: number }
  | { type: 'listen'; channel: string }
  | { type: 'unlisten'; channel: string }
  | { type: 'copy'; folder: string }
  | { type: 'close' }

export type QueryAnswer = { rows: Record<string, unknown>[]; affectedRows?: number }

/** Fields of a database error by which callers decide; a structured clone would lose them. */
export type WireError = {
  message: string
  code?: string
  detail?: string
  constraint?: string
  table?: string
  column?: string
  hint?: string
  where?: string
}

export type WorkerAnswer =
  | { type: 'ready' }
  | { type: 'result'; id: number; result: QueryAnswer | undefined }
  | { type: 'error'; id: number; error: WireError }
  | { type: 'notification'; channel: string; payload: string }
  /** Something went wrong that no request waits for, and will be tried again. */
  | { type: 'problem'; error: WireError }
  /** The engine is no longer usable and the thread ends; `fault` is what the disk last refused, if anything. */
  | { type: 'fatal'; error: WireError; fault?: StorageFault }

export type WorkerOptions = {
  folder: string
  fsync: boolean
  /** The data folder whose reserve is given up when the disk is full. */
  reserve?: string
  /** A transaction without a statement for so long is rolled back, so that a lost caller cannot stop the hub. */
  idleTransactionMs: number
}
