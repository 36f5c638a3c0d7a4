import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sql } from 'kysely'
import { HubError, systemClock } from '../../../kernel/index.ts'
import { type Database, openDatabase } from '../../../server/platform/db/index.ts'
import { quietLog } from '../../support/index.ts'
import { makeLedger, write } from './embedded-ledger.ts'
import type { Answer, Order } from './embedded-served.ts'

// A program with an embedded database that does what it is told over IPC, and ends when its database dies, as the control plane does.

const dataFolder = process.argv[2] ?? ''
const delay = monitorEventLoopDelay({ resolution: 5 })
let database: Database | undefined

const send = (answer: Answer) => void process.send?.(answer)
process.on('message', (order: Order) => {
  const started = performance.now()
  act(order).then(
    (value) => send({ id: order.id, ms: performance.now() - started, value }),
    (error: unknown) => send({ id: order.id, ms: performance.now() - started, error: describe(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
send({ id: 0, ms: 0 })

async function act(order: Order): Promise<unknown> {
  if (order.act === 'open') {
    database = await openDatabase({
      dataFolder,
      log: quietLog(),
      clock: systemClock,
      // The answers to what was waiting go out first.
      onFatal: (error) => {
        send({ id: -1, ms: 0, error: describe(error) })
        setTimeout(() => process.exit(1), 50)
      },
    })
    delay.enable()
    return undefined
  }
  if (database === undefined) throw new Error('nothing is open')
  switch (order.act) {
    case 'ledger':
      return await makeLedger(database)
    case 'write':
      return await write(database, order.writer, order.seq)
    case 'query':
      return (await sql.raw(order.sql).execute(database.db)).rows
    case 'delay': {
      const worst = delay.max / 1e6
      delay.reset()
      return worst
    }
    case 'close':
      return await database.close()
  }
}

function describe(error: unknown): NonNullable<Answer['error']> {
  const { message, code } = error as Error & { code?: unknown }
  const known = error instanceof HubError
  return {
    known,
    kind: known ? error.kind : '',
    code: String(code),
    message,
    remedy: known ? (error.remedy ?? '') : '',
  }
}
