import { sql } from 'kysely'
import { systemClock } from '../../../kernel/index.ts'
import { type Migration, openDatabase, readMigrations } from '../../../server/platform/db/index.ts'
import { quietLog } from '../../support/index.ts'
import { openJournal } from './embedded-journal.ts'
import { makeLedger, write, writers } from './embedded-ledger.ts'
import { laterMigrations } from './embedded-migrations.ts'

// A program that works on an embedded database and notes in the journal what it was told.

export type Load = {
  dataFolder: string
  /** Of each writer. */
  transactions: number
  /** Where each writer stands. */
  from?: number
  /** Opens with further migrations. */
  migrate?: boolean
}

// oxlint-disable-next-line node/no-process-env -- the same place as the recorder's
const told = openJournal(process.env['MODELHUB_TEST_JOURNAL'] ?? '')
const load = JSON.parse(process.argv[2] ?? '{}') as Load

const migrations: Migration[] = load.migrate === true ? [...readMigrations(), ...laterMigrations] : readMigrations()
const database = await openDatabase({ dataFolder: load.dataFolder, log: quietLog(), clock: systemClock, migrations })
told({ op: 'told', what: 'open' })
const from = load.from ?? 0
if (from === 0) {
  await makeLedger(database)
  told({ op: 'told', what: 'ledger' })
}
await Promise.all(
  Array.from({ length: writers }, async (_none, writer) => {
    for (let seq = from + 1; seq <= from + load.transactions; seq++) {
      await write(database, writer, seq)
      told({ op: 'told', what: 'written', writer, n: seq })
      if (writer === 1 && seq % 12 === 0) await sql`checkpoint`.execute(database.db)
      if (writer === 2 && seq % 25 === 0) await sql`vacuum item`.execute(database.db)
    }
  }),
)
await database.close()
told({ op: 'told', what: 'closed' })
