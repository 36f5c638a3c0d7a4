import { cpSync, existsSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type Transaction } from '@electric-sql/pglite'
import { fsyncTree } from '../durable-files.ts'
import { createReserve } from '../place/index.ts'
import { DurableFileSystem, type StorageFault, startParameters } from './durable-file-system.ts'
import { createLastWords, watchEngine } from './engine-watch.ts'
import { keepCheckpoints } from './keep-checkpoints.ts'
import type { QueryAnswer, WireError, WorkerAnswer, WorkerOptions, WorkerRequest } from './worker-protocol.ts'

// The thread that runs the embedded database, so that no query ever stops the hub's event loop.

const options = workerData as WorkerOptions
const port = parentPort
if (port === null) throw new Error('this file runs as a worker thread')
const send = (answer: WorkerAnswer) => port.postMessage(answer)

const int8 = 20
const reserveEveryMs = 5_000
type OpenTransaction = {
  handle: Transaction
  /** Ends PGlite's transaction callback: commit by resolving, roll back by rejecting. */
  end: PromiseWithResolvers<void>
  ended: Promise<void>
  watch: NodeJS.Timeout
}
const transactions = new Map<number, OpenTransaction>()
const unlisten = new Map<string, () => Promise<void>>()
const rolledBack = new Error('rolled back')

const isNew = !existsSync(`${options.folder}/PG_VERSION`)
const told = createLastWords()
let fault: StorageFault | undefined
const reserve = options.reserve === undefined ? undefined : createReserve(options.reserve)
const fs = new DurableFileSystem(options.folder, {
  onFull: () => reserve?.give() ?? false,
  onFault: (seen) => {
    fault = seen
  },
  // PostgreSQL would stop here as well; at once, nothing that waits for this flush can be acknowledged by mistake.
  onLostFlush: (seen) => stop(new Error(`a flush to the disk has failed: ${seen.message}`), seen),
})
const database = await PGlite.create({
  fs,
  startParams: startParameters(options.fsync),
  parsers: { [int8]: Number },
  onStderr: told.take,
}).catch((error: unknown) => stop(error, fault))
// What initdb wrote was copied in without a flush; before anything is acknowledged all of it must be on the disk.
if (isNew && options.fsync) fsyncTree(options.folder)
watchEngine(database, (error) => stop(error, fault))
const onProblem = (error: unknown) => send({ type: 'problem', error: toWire(error) })
const checkpoints = keepCheckpoints(database, onProblem)
const keepReserve = () => {
  try {
    reserve?.keep()
  } catch (error) {
    onProblem(error)
  }
}
keepReserve()
const reserveTimer = setInterval(keepReserve, reserveEveryMs)

port.on('message', ({ id, request }: { id: number; request: WorkerRequest }) => {
  // One that was survived says nothing about a later end.
  fault = undefined
  handle(request).then(
    (result) => send({ type: 'result', id, result }),
    (error: unknown) => send({ type: 'error', id, error: toWire(error) }),
  )
})
send({ type: 'ready' })

async function handle(request: WorkerRequest): Promise<QueryAnswer | undefined> {
  switch (request.type) {
    case 'query': {
      const target = request.transaction === undefined ? database : open(request.transaction).handle
      const { rows, affectedRows } = await target.query<Record<string, unknown>>(request.sql, [...request.parameters])
      return affectedRows === undefined ? { rows } : { rows, affectedRows }
    }
    case 'exec': {
      const target = request.transaction === undefined ? database : open(request.transaction).handle
      await target.exec(request.sql)
      return undefined
    }
    case 'begin':
      return await begin(request.transaction)
    case 'commit':
      return await end(request.transaction, (transaction) => transaction.end.resolve())
    case 'rollback':
      return await end(request.transaction, (transaction) => transaction.end.reject(rolledBack))
    case 'listen': {
      if (unlisten.has(request.channel)) return undefined
      const stop = await database.listen(request.channel, (payload) =>
        send({ type: 'notification', channel: request.channel, payload }),
      )
      unlisten.set(request.channel, stop)
      return undefined
    }
    case 'unlisten': {
      const stop = unlisten.get(request.channel)
      unlisten.delete(request.channel)
      await stop?.()
      return undefined
    }
    case 'copy':
      await database.exec('checkpoint')
      // Nothing can write while a transaction holds the only connection, so the copy shows one instant.
      await database.transaction(async () => {
        // At once and unflushed, because everybody waits meanwhile; whoever keeps the copy flushes it.
        cpSync(options.folder, request.folder, { recursive: true, errorOnExist: true, force: false })
      })
      return undefined
    case 'close':
      checkpoints.stop()
      clearInterval(reserveTimer)
      for (const id of transactions.keys()) await end(id, (transaction) => transaction.end.reject(rolledBack))
      await database.close()
      return undefined
  }
}

async function begin(id: number): Promise<undefined> {
  const opened = Promise.withResolvers<void>()
  const ended = database.transaction(async (handle) => {
    const end = Promise.withResolvers<void>()
    transactions.set(id, { handle, end, ended, watch: setTimeout(() => abandon(id), options.idleTransactionMs) })
    opened.resolve()
    await end.promise
  })
  ended.catch(opened.reject)
  await opened.promise
}

function open(id: number): OpenTransaction {
  const transaction = transactions.get(id)
  if (transaction === undefined) {
    throw Object.assign(new Error('this transaction has ended or was rolled back after standing idle'), {
      code: '25P03',
    })
  }
  transaction.watch.refresh()
  return transaction
}

async function end(id: number, decide: (transaction: OpenTransaction) => void): Promise<undefined> {
  const transaction = open(id)
  transactions.delete(id)
  clearTimeout(transaction.watch)
  decide(transaction)
  await transaction.ended.catch((error: unknown) => {
    if (error !== rolledBack) throw error
  })
}

function abandon(id: number): void {
  end(id, (transaction) => transaction.end.reject(rolledBack)).catch(() => undefined)
}

/** Says why, and ends this thread at once: what waits gets an error, and the next start recovers as after a kill. */
function stop(error: unknown, cause: StorageFault | undefined): never {
  const wire = toWire(error)
  const words = told.last()
  if (words !== undefined) wire.message = words
  send(cause === undefined ? { type: 'fatal', error: wire } : { type: 'fatal', error: wire, fault: cause })
  process.exit(1)
}

function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { message: String(error) }
  const wire: WireError = { message: error.message }
  for (const field of ['code', 'detail', 'constraint', 'table', 'column', 'hint', 'where'] as const) {
    const value = (error as unknown as Record<string, unknown>)[field]
    if (typeof value === 'string') wire[field] = value
  }
  return wire
}
