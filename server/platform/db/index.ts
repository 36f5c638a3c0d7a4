export type { Database, DatabaseKind, Db, Listener, Presence, Trx } from './database.ts'
export { type Migration, readMigrations } from './migrations.ts'
export { type OpenDatabaseOptions, openDatabase } from './open-database.ts'
