import { chownSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { describeHub, useHubs } from '../e2e/support/hub.ts'
import { makePlace, type Place } from '../e2e/support/place.ts'
import { until } from '../e2e/support/work.ts'
import { fakePostgres } from './support/fake-postgres.ts'
import { amount } from './support/plan.ts'
import { type DoctorOptions, runDoctor } from './support/run-doctor.ts'
import { serveOnce } from './support/serve-once.ts'
import { describeSmallDisk, useSmallDisks } from './support/small-disk.ts'
import { someOf } from './support/some-of.ts'

const preload = fileURLToPath(new URL('./support/clock-preload.mjs', import.meta.url))
const nobody = 65_534
const onlyInFull = amount({ slice: 1, full: 0 }) === 1
const isRoot = process.getuid?.() === 0
const servers: Server[] = []

type Illness = {
  what: string
  arrange: (place: Place) => DoctorOptions | void | Promise<DoctorOptions>
  check: string
  status?: 'warn'
  message: RegExp
  remedy: RegExp
}

/** What a data folder looks like whose hub has ended. */
function pretendHub(place: Place, schema = 1): void {
  mkdirSync(join(place.data, 'db'), { recursive: true })
  mkdirSync(join(place.data, 'blobs', 'sha256'), { recursive: true })
  mkdirSync(join(place.data, 'blobs', 'quarantine'))
  writeFileSync(join(place.data, 'db', 'PG_VERSION'), '18\n')
  writeFileSync(join(place.data, 'VERSION.json'), `{"schema":${schema},"hubVersion":"9.9.9"}\n`)
}

const withDatabase = async (answer: Parameters<typeof fakePostgres>[0]): Promise<DoctorOptions> => {
  const { url, server } = await fakePostgres(answer)
  servers.push(server)
  return { env: { MODELHUB_DATABASE_URL: url } }
}

const illnesses: Illness[] = [
  {
    what: 'a setting that is refused',
    arrange: () => ({ env: { MODELHUB_PORT: '70000' } }),
    check: 'settings',
    message: /MODELHUB_PORT/,
    remedy: /modelhub config/,
  },
  {
    what: 'a file instead of the data folder',
    arrange: (place) => writeFileSync(place.data, 'x'),
    check: 'data folder',
    message: /is a file and not a folder/,
    remedy: /MODELHUB_DATA/,
  },
  {
    what: 'a link that leads nowhere',
    arrange: (place) => symlinkSync(join(place.path, 'away'), place.data),
    check: 'data folder',
    message: /a link to a place that is not there/,
    remedy: /Mount the disk/,
  },
  {
    what: 'data of a newer hub',
    arrange: (place) => pretendHub(place, 9_999),
    check: 'data folder',
    message: /written by a newer hub \(9\.9\.9, schema 9999\)/,
    remedy: /Start the newer hub on it, or restore the backup/,
  },
  {
    what: 'a database that is gone',
    arrange: (place) => {
      pretendHub(place)
      rmSync(join(place.data, 'db'), { recursive: true })
    },
    check: 'data folder',
    message: /its database \(db\) is gone/,
    remedy: /Restore a backup/,
  },
  {
    what: 'a token that others can read',
    arrange: (place) => {
      pretendHub(place)
      writeFileSync(join(place.data, 'cli-token'), 'x', { mode: 0o644 })
    },
    check: 'token file',
    message: /can be read by others/,
    remedy: /chmod 600/,
  },
  {
    what: 'a folder for temporary files that is not there',
    arrange: (place) => ({ env: { TMPDIR: join(place.path, 'missing') } }),
    check: 'temporary folder',
    status: 'warn',
    message: /the hub uses \/tmp/,
    remedy: /Set TMPDIR/,
  },
  {
    what: 'few open files',
    arrange: () => ({ shell: 'ulimit -n 64 && exec "$0" "$@"' }),
    check: 'open files',
    message: /may open 64; the hub needs 256/,
    remedy: /ulimit -n/,
  },
  {
    what: 'more memory promised than there is',
    arrange: () => ({ env: { MODELHUB_ENGINE_MEMORY: '1000000000000000' } }),
    check: 'memory',
    message: /allows the engines 1 PB/,
    remedy: /Lower it/,
  },
  {
    what: 'a clock in 1970',
    arrange: (place) => {
      const file = join(place.path, 'clock')
      writeFileSync(file, String(1_000 - Date.now()))
      return { env: { NODE_OPTIONS: `--import=${preload}`, MODELHUB_TEST_CLOCK: file } }
    },
    check: 'clock',
    message: /1970-.*which cannot be/,
    remedy: /time service/,
  },
  {
    what: 'a clock that was set back',
    arrange: (place) => {
      pretendHub(place)
      const later = Date.now() / 1_000 + 7_200
      utimesSync(join(place.data, 'VERSION.json'), later, later)
    },
    check: 'clock',
    message: /were written .* later/,
    remedy: /time service/,
  },
  {
    what: 'a database that does not answer',
    arrange: () => ({ env: { MODELHUB_DATABASE_URL: 'postgres://hub:secret@127.0.0.1:9/hub' } }),
    check: 'database',
    message: /does not answer: .*ECONNREFUSED/,
    remedy: /PostgreSQL runs/,
  },
  {
    what: 'a wrong password of the database',
    arrange: () => withDatabase({ refusal: '28P01' }),
    check: 'database',
    message: /refuses the name or the password/,
    remedy: /Correct them in MODELHUB_DATABASE_URL/,
  },
  {
    what: 'a database that is too old',
    arrange: () => withDatabase({ version: 140_011, clockMs: 0 }),
    check: 'database',
    message: /PostgreSQL 14 is too old/,
    remedy: /Upgrade it/,
  },
  {
    what: 'a database whose clock is off',
    arrange: () => withDatabase({ version: 170_002, clockMs: 7_200_000 }),
    check: 'database',
    message: /clock is 2 h ahead/,
    remedy: /Set both clocks/,
  },
  {
    what: 'a disk root that is not there',
    arrange: () => ({ env: { MODELHUB_DISK_ROOTS: '/mnt/not-mounted' } }),
    check: 'disk roots',
    message: /\/mnt\/not-mounted cannot be read/,
    remedy: /MODELHUB_DISK_ROOTS/,
  },
  {
    what: 'damaged blobs that were set aside',
    arrange: (place) => {
      pretendHub(place)
      writeFileSync(join(place.data, 'blobs', 'quarantine', 'a'), 'x')
    },
    check: 'blobs',
    status: 'warn',
    message: /1 damaged file was set aside/,
    remedy: /storage scrub/,
  },
  {
    what: 'a store that is gone',
    arrange: (place) => {
      pretendHub(place)
      rmSync(join(place.data, 'blobs'), { recursive: true })
    },
    check: 'blobs',
    message: /is gone: copied files are lost/,
    remedy: /Restore the folder/,
  },
  {
    what: 'a port that another program holds',
    arrange: async (place) => {
      const server = createServer((socket) => socket.end('no\r\n'))
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(place.port, '127.0.0.1', resolve))
      return {}
    },
    check: 'port',
    message: new RegExp(`is held by .+ \\(process ${process.pid}\\)`),
    remedy: /MODELHUB_PORT/,
  },
]

describeHub('the doctor, with no hub running', () => {
  const places: Place[] = []
  afterAll(() => {
    for (const server of servers) server.close()
    for (const place of places) place.remove()
  })
  const newPlace = async () => {
    const place = await makePlace()
    places.push(place)
    return place
  }

  it('has nothing to complain of at a good place but the hub that does not run', async () => {
    const found = await runDoctor(await newPlace())
    expect(found.code).toBe(0)
    expect(found.checks.filter(({ status }) => status === 'fail')).toEqual([])
    expect(found.of('hub')).toMatchObject({
      status: 'warn',
      remedy: expect.stringContaining('modelhub serve') as string,
    })
  }, 60_000)

  it.each(someOf('doctor', illnesses, 6))(
    '$what: found, with its remedy',
    async ({ arrange, check, status = 'fail', message, remedy }) => {
      const place = await newPlace()
      const options = (await arrange(place)) ?? {}
      const found = await runDoctor(place, options)
      expect(found.of(check), JSON.stringify(found.checks)).toMatchObject({ status })
      expect(found.of(check)?.message).toMatch(message)
      expect(found.of(check)?.remedy).toMatch(remedy)
      if (status === 'fail') expect(found.code).toBe(1)
    },
    60_000,
  )

  it.skipIf(!isRoot)(
    'a folder of another user, and a privileged port',
    async () => {
      const place = await newPlace()
      mkdirSync(place.data)
      chownSync(place.path, nobody, nobody)
      const found = await runDoctor(place, { user: nobody, env: { MODELHUB_PORT: '81' } })
      expect(found.of('data folder')).toMatchObject({
        status: 'fail',
        remedy: expect.stringContaining('chown') as string,
      })
      expect(found.of('port')?.remedy).toMatch(/above 1023/)
    },
    60_000,
  )
})

describeSmallDisk('the doctor on a bad disk', () => {
  const disks = useSmallDisks()
  it('says how much is missing on a full one, and that one is read-only', async () => {
    const disk = disks(30)
    const place = await makePlace()
    place.data = join(disk.path, 'data')
    mkdirSync(place.data)
    disk.fill()
    const full = await runDoctor(place)
    expect(full.of('disk')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/\d+ bytes are missing/) as string,
    })
    disk.makeRoom()
    expect(disk.remount('ro')).toBe(true)
    const readOnly = await runDoctor(place)
    disk.remount('rw')
    place.remove()
    expect(readOnly.of('data folder')).toMatchObject({
      status: 'fail',
      message: expect.stringMatching(/read-only/) as string,
    })
    expect(readOnly.of('data folder')?.remedy).toMatch(/Mount it writable/)
  }, 60_000)
})

describeHub('the doctor, with a hub running', () => {
  const hubs = useHubs()
  it.skipIf(onlyInFull)(
    'finds what stands still or is gone, and takes nothing from the hub',
    async () => {
      const hub = await hubs.start()
      const pidOf = (part: string) => hub.processes().find((one) => one.part === part)?.pid ?? 0
      const examine = () => runDoctor(hub.place)
      const well = await examine()
      expect(well.checks.filter(({ status }) => status === 'fail')).toEqual([])
      expect(well.code).toBe(0)
      expect(well.of('data folder')?.message).toMatch(/held by a running hub \(process \d+\)/)
      expect(well.of('engine host')).toMatchObject({ status: 'ok' })
      expect(well.of('snapshot')).toMatchObject({ status: 'ok' })

      process.kill(pidOf('gateway'), 'SIGSTOP')
      const noGateway = await examine()
      process.kill(pidOf('gateway'), 'SIGCONT')
      expect(noGateway.of('gateway')).toMatchObject({
        status: 'fail',
        message: expect.stringContaining('No gateway answers') as string,
      })

      process.kill(pidOf('control'), 'SIGSTOP')
      const silent = await examine()
      process.kill(pidOf('control'), 'SIGCONT')
      expect(silent.of('hub')).toMatchObject({
        status: 'fail',
        remedy: expect.stringContaining('read its log') as string,
      })

      // The supervisor cannot start it again while it stands still itself.
      process.kill(pidOf('hub'), 'SIGSTOP')
      hub.kill9('engine')
      const noEngine = await examine()
      process.kill(pidOf('hub'), 'SIGCONT')
      expect(noEngine.of('engine host')).toMatchObject({ status: 'fail' })

      // The lock is still held: the doctor has not let it go.
      if (amount({ slice: 0, full: 1 }) === 1) expect((await serveOnce(hub.place)).code).toBe(78)
      await until(
        () => fetch(`${hub.url}/readyz`),
        ({ status }) => status === 200,
        20_000,
      )

      const stuck = pidOf('gateway')
      process.kill(stuck, 'SIGSTOP')
      hub.kill9('hub')
      const left = await until(examine, (found) => found.of('leftover processes') !== undefined, 20_000)
      expect(left.value.of('leftover processes')).toMatchObject({
        status: 'fail',
        remedy: expect.stringContaining(`${stuck}`) as string,
      })
      process.kill(stuck, 'SIGCONT')
      await hub.gone()
    },
    180_000,
  )
})
