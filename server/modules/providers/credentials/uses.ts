import { type Clock, messageOf } from '../../../../kernel/index.ts'
import type { Database } from '../../../platform/db/index.ts'
import type { Log } from '../../../platform/log.ts'
import { touchCredentials } from './store.ts'

/** When credentials were used last: noted at once, written together. */
export type CredentialUses = {
  note: (id: string) => void
  /** A use that is not written yet. */
  pending: (id: string) => Date | undefined
  flush: () => Promise<void>
  close: () => Promise<void>
}

const flushEveryMs = 10_000

/** Uses are written every ten seconds and at the end; those of the last seconds before a kill are lost. */
export function createCredentialUses(deps: { database: Database; clock: Clock; log: Log }): CredentialUses {
  let noted = new Map<string, Date>()
  const flush = async () => {
    if (noted.size === 0) return
    const writing = noted
    noted = new Map()
    try {
      await touchCredentials(deps.database.db, writing)
    } catch (error) {
      deps.log.warn({ reason: messageOf(error) }, 'could not write when credentials were used')
      noted = new Map([...writing, ...noted])
    }
  }
  const timer = setInterval(() => void flush(), flushEveryMs)
  timer.unref()
  return {
    note: (id) => noted.set(id, deps.clock.date()),
    pending: (id) => noted.get(id),
    flush,
    close: async () => {
      clearInterval(timer)
      await flush()
    },
  }
}
