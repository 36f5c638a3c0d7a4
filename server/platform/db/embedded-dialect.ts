import {
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { WorkerClient } from './worker-client.ts'

/** Kysely's dialect over the database worker. Any number of handles may wait; the worker serves one after another. */
export function embeddedDialect(client: WorkerClient): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createDriver: () => embeddedDriver(client),
  }
}

function embeddedDriver(client: WorkerClient): Driver {
  const transactionOf = new WeakMap<DatabaseConnection, number>()
  const take = (connection: DatabaseConnection): number | undefined => {
    const transaction = transactionOf.get(connection)
    transactionOf.delete(connection)
    return transaction
  }
  const newConnection = (): DatabaseConnection => {
    const connection: DatabaseConnection = {
      executeQuery: async <R>(query: { sql: string; parameters: readonly unknown[] }): Promise<QueryResult<R>> => {
        const answer = await client.query(query.sql, query.parameters, transactionOf.get(connection))
        const rows = answer.rows as R[]
        return answer.affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(answer.affectedRows) }
      },
      streamQuery: () => {
        throw new Error('the embedded database has no streamed queries: read in pages')
      },
    }
    return connection
  }
  return {
    init: () => Promise.resolve(),
    acquireConnection: () => Promise.resolve(newConnection()),
    beginTransaction: async (connection, settings) => {
      const transaction = await client.begin()
      transactionOf.set(connection, transaction)
      if (settings.isolationLevel !== undefined) {
        await client.exec(`set transaction isolation level ${settings.isolationLevel}`, transaction)
      }
    },
    commitTransaction: async (connection) => {
      const transaction = take(connection)
      if (transaction === undefined) throw new Error('no transaction is open on this connection')
      await client.commit(transaction)
    },
    rollbackTransaction: async (connection) => {
      // After a commit that failed nothing is left to roll back.
      const transaction = take(connection)
      if (transaction !== undefined) await client.rollback(transaction)
    },
    releaseConnection: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  }
}
