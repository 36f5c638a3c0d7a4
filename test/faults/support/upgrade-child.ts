import { systemClock } from '../../../kernel/index.ts'
import { openDatabase, readMigrations } from '../../../server/platform/db/index.ts'
import { quietLog } from '../../support/index.ts'

// A program that upgrades a database and stands still inside one migration, to be killed there.
// Arguments: JSON of the database's location, the number of the migration, seconds it stands still.

const [location = '{}', pauseAt = '0', seconds = '60'] = process.argv.slice(2)
const migrations = readMigrations().map((migration) => ({
  ...migration,
  // Read when its turn has come.
  get sql() {
    if (migration.version !== Number(pauseAt)) return migration.sql
    process.stdout.write(`at ${pauseAt}\n`)
    return `${migration.sql}; select pg_sleep(${seconds})`
  },
}))
await openDatabase({ ...JSON.parse(location), log: quietLog(), clock: systemClock, migrations, hubVersion: '9.9.9' })
process.stdout.write('open\n')
