import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import type { HubLane } from '../../e2e/support/hub-lanes.ts'
import type { Place } from '../../e2e/support/place.ts'

/** What PostgreSQL notes in its control file while it runs and when it has ended in order; any other number asks for a recovery. */
const shutDown = 1
/** Of that number in `global/pg_control`: behind the system's identifier and two versions. */
const stateOffset = 16

/** How the database was left, in a word: `closed` when nothing of the hub is open there and the next start has nothing to recover. */
export async function databaseIsLeft(lane: HubLane, place: Place): Promise<string> {
  if (lane.kind === 'embedded') {
    const state = controlState(join(place.data, 'db', 'global', 'pg_control'))
    return state === shutDown || state === undefined ? 'closed' : `in state ${state}`
  }
  const client = new pg.Client({ connectionString: place.env['MODELHUB_DATABASE_URL'] ?? '' })
  await client.connect()
  try {
    const { rows } = await client.query<{ state: string; query: string }>(
      `select state, query from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    return rows.length === 0 ? 'closed' : `with ${rows.length} connections: ${rows[0]?.state} ${rows[0]?.query}`
  } finally {
    await client.end()
  }
}

/** Undefined when no database was made yet. */
function controlState(path: string): number | undefined {
  const bytes = Buffer.alloc(stateOffset + 4)
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    readSync(file, bytes, 0, bytes.length, 0)
  } finally {
    closeSync(file)
  }
  return bytes.readInt32LE(stateOffset)
}
