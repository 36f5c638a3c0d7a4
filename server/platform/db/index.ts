export type { Database, Db, Trx } from './database.ts'
export { type Migration, readMigrations } from './migrations.ts'
export { openDatabase } from './open-database.ts'
