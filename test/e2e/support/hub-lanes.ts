import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe } from 'vitest'
import { findPostgres, type PostgresServer, startPostgres } from '../../support/postgres-server.ts'
import { describeHub, type HubOptions, useHubs } from './hub.ts'
import type { Place } from './place.ts'

export type HubLane = {
  kind: 'embedded' | 'postgres'
  /** A new empty place; in the PostgreSQL lane with a new empty database. */
  place: () => Promise<Place>
  start: (options?: Partial<HubOptions>) => ReturnType<ReturnType<typeof useHubs>['start']>
  /** PostgreSQL lane only. */
  server: () => PostgresServer
}

/** Runs the same tests with hubs on the embedded database and with hubs on a private PostgreSQL. */
export function describeHubOnEachDatabase(name: string, define: (lane: HubLane) => void): void {
  const none = () => {
    throw new Error('the embedded lane has no server')
  }
  describeHub(`${name} [embedded]`, () => define({ kind: 'embedded', ...useHubs(), server: none }))

  const binaries = findPostgres()
  if (binaries === undefined) process.stderr.write(`skipped: ${name} [postgres]: no PostgreSQL on this machine\n`)
  describe.skipIf(binaries === undefined)('', () => {
    let server: PostgresServer | undefined
    beforeAll(async () => {
      if (binaries !== undefined) server = await startPostgres(binaries)
    })
    afterAll(async () => await server?.stop())
    describeHub(`${name} [postgres]`, () => {
      const hubs = useHubs()
      const running = () => {
        if (server === undefined) throw new Error('the PostgreSQL server has not started')
        return server
      }
      const place = async () => {
        const database = `hub_${randomBytes(6).toString('hex')}`
        await running().run(`create database ${database}`)
        const made = await hubs.place()
        made.env = { MODELHUB_DATABASE_URL: running().url(database) }
        return made
      }
      define({
        kind: 'postgres',
        place,
        server: running,
        start: async (options = {}) => await hubs.start({ ...options, place: options.place ?? (await place()) }),
      })
    })
  })
}
