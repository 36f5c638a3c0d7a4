import { AsyncLocalStorage } from 'node:async_hooks'
import type { Dialect, Driver, Kysely, TransactionBuilder } from 'kysely'
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

/**
 * The same handle, whose every transaction runs inside the guard: also those that a library opens by itself.
 */
export function guardTransactions<DB>(db: Kysely<DB>, guard: TransactionGuard): Kysely<DB> {
  const watched = (builder: TransactionBuilder<DB>): TransactionBuilder<DB> =>
    new Proxy(builder, {
      get: (target, name) => {
        if (name === 'execute') {
          const execute: TransactionBuilder<DB>['execute'] = (fn) =>
            target.execute((trx) => guard.inside(() => fn(trx)))
          return execute
        }
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return (...args: unknown[]) => watched(Reflect.apply(member, target, args) as TransactionBuilder<DB>)
      },
    })
  const begin = db.transaction.bind(db)
  db.transaction = () => watched(begin())
  return db
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
