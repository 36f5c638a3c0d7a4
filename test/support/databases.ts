import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { type Clock, randomText, systemClock } from '../../kernel/index.ts'
import { type Database, openDatabase } from '../../server/platform/db/index.ts'
import { copyEmbeddedTemplate } from './embedded-template.ts'
import { findPostgres, type PostgresServer, startPostgres } from './postgres-server.ts'
import { quietLog } from './quiet-log.ts'
import { temporaryFolder } from './temporary-folder.ts'

export type LaneKind = 'embedded' | 'postgres'

/** Where the current test's database is, for tests that open it again or from another process. */
export type DatabaseLane = {
  kind: LaneKind
  /** What `openDatabase` needs beside log and clock. */
  location: () => { url?: string; dataFolder: string; fsync: boolean }
  /** Closes the test's database, so that another process can have the embedded one. */
  close: () => Promise<void>
  /** Opens it again; `getDb` gives the new one. */
  reopen: () => Promise<Database>
}

export type LaneOptions = {
  /** The system's unless told. */
  clock?: () => Clock
  /** For tests of what only one of the two has. */
  lanes?: readonly LaneKind[]
  /** One database for all tests of the block instead of one each: quicker; tests then use names of their own. */
  shared?: boolean
}

type Place = { location: { url?: string; dataFolder: string; fsync: boolean }; remove: () => Promise<void> }

const binaries = findPostgres()
// Told once per test file, so that a missing lane is never taken for a passed one.
if (binaries === undefined) process.stderr.write('skipped: no PostgreSQL on this machine\n')

/**
 * Runs the same tests on the embedded database and on a private PostgreSQL. Each test gets a fresh, migrated database, unless they
 * share one.
 * @param define `getDb` gives the current test's database and may be called in tests and their hooks only
 */
export function describeEachDatabase(
  name: string,
  define: (getDb: () => Database, lane: DatabaseLane) => void,
  options: LaneOptions = {},
): void {
  const lanes = options.lanes ?? ['embedded', 'postgres']
  describe.skipIf(!lanes.includes('embedded'))(`${name} [embedded]`, () => {
    runLane('embedded', define, options, makeEmbeddedPlace)
  })
  describe.skipIf(binaries === undefined || !lanes.includes('postgres'))(`${name} [postgres]`, () => {
    let server: PostgresServer | undefined
    beforeAll(async () => {
      if (binaries !== undefined) server = await startMigrated(binaries)
    })
    afterAll(async () => await server?.stop())
    runLane('postgres', define, options, () => {
      if (server === undefined) throw new Error('the PostgreSQL server has not started')
      return makePostgresPlace(server)
    })
  })
}

function runLane(
  kind: LaneKind,
  define: (getDb: () => Database, lane: DatabaseLane) => void,
  options: LaneOptions,
  makePlace: () => Promise<Place>,
): void {
  let place: Place | undefined
  let database: Database | undefined
  const location = () => {
    if (place === undefined) throw new Error('there is a database only inside a test')
    return place.location
  }
  const reopen = async () => {
    database = await openDatabase({ ...location(), log: quietLog(), clock: options.clock?.() ?? systemClock })
    return database
  }
  const close = async () => {
    await database?.close()
    database = undefined
  }
  const shared = options.shared === true
  const before = shared ? beforeAll : beforeEach
  const after = shared ? afterAll : afterEach
  before(async () => {
    place = await makePlace()
    await reopen()
  })
  after(async () => {
    await close()
    await place?.remove()
    place = undefined
  })
  define(
    () => {
      if (database === undefined) throw new Error('the database is closed')
      return database
    },
    { kind, location, close, reopen },
  )
}

async function makeEmbeddedPlace(): Promise<Place> {
  const folder = temporaryFolder('embedded')
  await copyEmbeddedTemplate(folder.path)
  return { location: { dataFolder: folder.path, fsync: false }, remove: async () => folder.remove() }
}

const template = 'hub_template'

async function startMigrated(folder: string): Promise<PostgresServer> {
  const server = await startPostgres(folder)
  try {
    await server.run(`create database ${template}`)
    const url = server.url(template)
    await (await openDatabase({ url, dataFolder: '/nonexistent', log: quietLog(), clock: systemClock })).close()
    return server
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function makePostgresPlace(server: PostgresServer): Promise<Place> {
  const name = `test_${randomText(12)}`
  const folder = temporaryFolder('postgres')
  await server.run(`create database ${name} template ${template}`)
  return {
    location: { url: server.url(name), dataFolder: folder.path, fsync: false },
    remove: async () => {
      await server.run(`drop database ${name} with (force)`)
      folder.remove()
    },
  }
}
