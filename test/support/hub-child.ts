import { systemClock } from '../../kernel/index.ts'
import { openDatabase } from '../../server/platform/db/index.ts'
import { quietLog } from './quiet-log.ts'

// A program that opens the database of a data folder and stays; or says by which code it was refused.

const [location = '{}'] = process.argv.slice(2)
try {
  process.stdout.write('opening\n')
  const { copyTo, ...options } = JSON.parse(location)
  const database = await openDatabase({ ...options, log: quietLog(), clock: systemClock })
  process.stdout.write('open\n')
  if (copyTo !== undefined) {
    await database.backup?.(copyTo)
    process.stdout.write('copied\n')
  }
  // The lock must hold however long nobody touches it: a collection must not find it unreachable.
  globalThis.gc?.()
  setInterval(() => globalThis.gc?.(), 20)
} catch (error) {
  process.stdout.write(`${String((error as { code?: unknown }).code)}\n`)
}
