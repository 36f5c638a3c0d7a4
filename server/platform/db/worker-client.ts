import { Worker } from 'node:worker_threads'
import { entry } from '../../../kernel/index.ts'
import { asStorageError, databaseStopped } from './storage-error.ts'
import type { QueryAnswer, WireError, WorkerAnswer, WorkerOptions, WorkerRequest } from './worker-protocol.ts'

export type WorkerClient = {
  query: (sql: string, parameters: readonly unknown[], transaction?: number) => Promise<QueryAnswer>
  exec: (sql: string, transaction?: number) => Promise<void>
  begin: () => Promise<number>
  commit: (transaction: number) => Promise<void>
  rollback: (transaction: number) => Promise<void>
  listen: (channel: string) => Promise<void>
  unlisten: (channel: string) => Promise<void>
  copy: (folder: string) => Promise<void>
  close: () => Promise<void>
}

/** After this long a stop no longer waits for the database: what was not committed is rolled back at the next start. */
const closeLimitMs = 8_000

/**
 * Starts the worker and waits until its database answers.
 * @param on.notification called outside any transaction
 * @param on.problem called when something failed that no call waits for
 * @param on.fatal called once when the database can no longer be used and was not being closed
 */
export async function startWorker(
  options: WorkerOptions,
  on: {
    notification: (channel: string, payload: string) => void
    problem: (error: Error) => void
    fatal: (error: Error) => void
  },
): Promise<WorkerClient> {
  const worker = new Worker(entry('./worker', import.meta.url), { workerData: options, name: 'database' })
  const waiting = new Map<number, PromiseWithResolvers<QueryAnswer | undefined>>()
  const ready = Promise.withResolvers<void>()
  let stopped: Error | undefined
  let closing: Promise<void> | undefined
  let lastId = 0

  const stop = (reason: Error) => {
    if (stopped !== undefined) return
    stopped = reason
    ready.reject(reason)
    for (const request of waiting.values()) request.reject(reason)
    waiting.clear()
    if (closing === undefined) on.fatal(reason)
  }
  worker.on('error', (error) => stop(databaseStopped(error)))
  worker.on('exit', () => stop(databaseStopped(undefined)))
  worker.on('message', (answer: WorkerAnswer) => {
    switch (answer.type) {
      case 'ready':
        return ready.resolve()
      case 'notification':
        return on.notification(answer.channel, answer.payload)
      case 'fatal':
        return stop(databaseStopped(errorOf(answer.error), answer.fault))
      case 'problem':
        return on.problem(fromWire(answer.error))
      case 'result':
        waiting.get(answer.id)?.resolve(answer.result)
        return waiting.delete(answer.id)
      case 'error':
        waiting.get(answer.id)?.reject(fromWire(answer.error))
        return waiting.delete(answer.id)
    }
  })

  const ask = (request: WorkerRequest): Promise<QueryAnswer | undefined> => {
    if (stopped !== undefined) return Promise.reject(stopped)
    const id = ++lastId
    const answer = Promise.withResolvers<QueryAnswer | undefined>()
    waiting.set(id, answer)
    try {
      worker.postMessage({ id, request })
    } catch (error) {
      waiting.delete(id)
      answer.reject(error)
    }
    return answer.promise
  }
  const close = async () => {
    const late = AbortSignal.timeout(closeLimitMs)
    const gaveUp = new Promise<void>((resolve) => late.addEventListener('abort', () => resolve(), { once: true }))
    await Promise.race([ask({ type: 'close' }).catch(() => undefined), gaveUp])
    await worker.terminate()
  }

  await ready.promise
  return {
    query: async (sql, parameters, transaction) => {
      const request = { type: 'query', sql, parameters } as const
      return (await ask(transaction === undefined ? request : { ...request, transaction })) ?? { rows: [] }
    },
    exec: async (sql, transaction) => {
      await ask(transaction === undefined ? { type: 'exec', sql } : { type: 'exec', sql, transaction })
    },
    begin: async () => {
      const transaction = lastId + 1
      await ask({ type: 'begin', transaction })
      return transaction
    },
    commit: async (transaction) => void (await ask({ type: 'commit', transaction })),
    rollback: async (transaction) => void (await ask({ type: 'rollback', transaction })),
    listen: async (channel) => void (await ask({ type: 'listen', channel })),
    unlisten: async (channel) => void (await ask({ type: 'unlisten', channel })),
    copy: async (folder) => void (await ask({ type: 'copy', folder })),
    close: () => (closing ??= close()),
  }
}

/** As a caller gets it: a HubError where the disk is at fault, otherwise the fields by which callers decide. */
function fromWire(wire: WireError): Error {
  const error = errorOf(wire)
  return asStorageError(error) ?? error
}

function errorOf(wire: WireError): Error {
  const { message, ...fields } = wire
  return Object.assign(new Error(message), { name: 'DatabaseError' }, fields)
}
