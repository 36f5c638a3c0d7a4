import { AsyncLocalStorage } from 'node:async_hooks'
import type { Dialect, Driver } from 'kysely'
import { internal } from '../../../kernel/index.ts'

export type TransactionGuard = {
  /** Throws when called from inside an open transaction. */
  check: () => void
  /** Runs the body of a transaction; what it starts counts as inside until the body has ended. */
  inside: <T>(body: () => Promise<T>) => Promise<T>
  /** Runs `body` as outside, for callbacks that only happen to be called from inside. */
  outside: <T>(body: () => T) => T
}

/**
 * Tells code inside a transaction from code outside by the asynchronous context. On the embedded database, which has one
 * connection, a root query inside a transaction never ends; on PostgreSQL it would silently run beside the transaction.
 */
export function createTransactionGuard(): TransactionGuard {
  const context = new AsyncLocalStorage<{ open: boolean }>()
  return {
    check: () => {
      if (context.getStore()?.open !== true) return
      throw internal(
        'root_handle_in_transaction',
        'The root database handle was used inside a transaction.',
        'Pass `trx` down and use it for every statement until the transaction ends.',
      )
    },
    inside: async (body) => {
      const state = { open: true }
      try {
        return await context.run(state, body)
      } finally {
        state.open = false
      }
    },
    outside: (body) => context.exit(body),
  }
}

/** The same dialect, whose root handle refuses to work inside a transaction. */
export function guardedDialect(dialect: Dialect, guard: TransactionGuard): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createDriver: () => guardedDriver(dialect.createDriver(), guard),
  }
}

function guardedDriver(driver: Driver, guard: TransactionGuard): Driver {
  return {
    init: (options) => driver.init(options),
    acquireConnection: async (options) => {
      guard.check()
      return await driver.acquireConnection(options)
    },
    beginTransaction: (connection, settings) => driver.beginTransaction(connection, settings),
    commitTransaction: (connection) => driver.commitTransaction(connection),
    rollbackTransaction: (connection) => driver.rollbackTransaction(connection),
    releaseConnection: (connection, options) => driver.releaseConnection(connection, options),
    destroy: (options) => driver.destroy(options),
  }
}
