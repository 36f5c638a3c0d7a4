import { setTimeout as sleep } from 'node:timers/promises'
import { upstream } from '../../../kernel/index.ts'
import type { Database } from './database.ts'

const askAgainMs = 100
const longestWaitMs = 60_000

/**
 * Runs `body` while no other process on this database runs one of the same name: waits for its turn, up to a minute.
 * Throws `upstream` `database_busy` after that.
 */
export async function takeTurn<T>(database: Database, name: string, body: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + longestWaitMs
  for (;;) {
    const release = await database.presence.hold(name)
    if (release !== undefined) return await released(release, body)
    if (performance.now() > deadline) {
      throw upstream('database_busy', `Another process of the hub has held "${name}" for too long.`, 'Try again.')
    }
    await sleep(askAgainMs)
  }
}

/** The same, but does nothing when another process is at it. */
export async function unlessTaken(database: Database, name: string, body: () => Promise<unknown>): Promise<void> {
  const release = await database.presence.hold(name)
  if (release !== undefined) await released(release, body)
}

async function released<T>(release: () => Promise<void>, body: () => Promise<T>): Promise<T> {
  try {
    return await body()
  } finally {
    await release()
  }
}
