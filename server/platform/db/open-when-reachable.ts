import { setTimeout as sleep } from 'node:timers/promises'
import type { HubError } from '../../../kernel/index.ts'
import type { Database } from './database.ts'
import { type OpenDatabaseOptions, openDatabase } from './open-database.ts'
import { isDatabaseAway } from './postgres-trouble.ts'

const askAgainMs = 1_000

/**
 * Opens the database as soon as it can be reached, however long that takes: what is set up wrong is refused at once, a database that
 * is not there yet is waited for.
 * @param onWaiting called after each try that failed
 */
export async function openWhenReachable(
  options: OpenDatabaseOptions,
  onWaiting: (error: HubError) => void,
  signal: AbortSignal,
): Promise<Database> {
  for (;;) {
    signal.throwIfAborted()
    try {
      return await openDatabase(options)
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      onWaiting(error as HubError)
    }
    await sleep(askAgainMs, undefined, { signal })
  }
}
