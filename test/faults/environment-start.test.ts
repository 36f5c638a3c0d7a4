import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { makePlace, type Place } from '../e2e/support/place.ts'
import { addModel, endOfJob, figure } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'
import { type ServeOptions, serveOnce } from './support/serve-once.ts'
import { describeSmallDisk, useSmallDisks } from './support/small-disk.ts'
import { someOf } from './support/some-of.ts'

/** `nobody` on every common system. */
const nobody = 65_534
const isRoot = process.getuid?.() === 0

type Refusal = {
  what: string
  /** Makes the place bad and gives how the hub is started there. */
  arrange: (place: Place) => ServeOptions | void
  message: RegExp
  remedy: RegExp
}

/** A path below `folder` of exactly so many bytes. */
const longPath = (folder: string, bytes: number) => {
  const part = `/${'x'.repeat(99)}`
  const filled = folder + part.repeat(Math.floor((bytes - folder.length - 2) / 100))
  return `${filled}/${'y'.repeat(bytes - filled.length - 1)}`
}

const refusals: Refusal[] = [
  {
    what: 'the data folder is a file',
    arrange: (place) => writeFileSync(place.data, 'x'),
    message: /^modelhub: The data folder .* is a file and not a folder\./m,
    remedy: /Name a folder with MODELHUB_DATA/,
  },
  {
    what: 'a part of its path is a file',
    arrange: (place) => {
      writeFileSync(place.data, 'x')
      place.data = join(place.data, 'below')
    },
    message: /is a file and not a folder/,
    remedy: /MODELHUB_DATA/,
  },
  {
    what: 'a link that leads nowhere',
    arrange: (place) => symlinkSync(join(place.path, 'not-mounted'), place.data),
    message: /is a link to a place that is not there/,
    remedy: /Mount the disk it points to/,
  },
  {
    what: 'a folder of somebody else’s files',
    arrange: (place) => {
      mkdirSync(place.data)
      for (const name of ['photo.jpg', 'letter.txt']) writeFileSync(join(place.data, name), name)
    },
    message: /holds other things \(letter\.txt, photo\.jpg\) and no hub/,
    remedy: /Name an empty folder/,
  },
  {
    what: 'a hub without its database',
    arrange: (place) => {
      mkdirSync(place.data)
      writeFileSync(join(place.data, 'VERSION.json'), '{"schema":1,"hubVersion":"0.1.0"}')
    },
    message: /its database \(db\) is gone/,
    remedy: /Restore a backup/,
  },
  {
    what: 'a name that no file system takes',
    arrange: (place) => void (place.data = join(place.path, 'x'.repeat(300))),
    message: /path of the data folder is too long/,
    remedy: /Choose a shorter one/,
  },
  {
    what: 'a path that the locks of the folder could not have',
    arrange: (place) => {
      place.data = longPath(place.path, 500)
    },
    message: /path of the data folder is too long: 500 bytes, 460 at most/,
    remedy: /Choose a shorter one/,
  },
  {
    what: 'a port out of range',
    arrange: () => ({ env: { MODELHUB_PORT: '70000' } }),
    message: /^modelhub: MODELHUB_PORT: give a port from 0/m,
    remedy: /modelhub config/,
  },
  {
    what: 'the same port twice',
    arrange: (place) => ({ env: { MODELHUB_GATEWAY_PORT: String(place.port) } }),
    message: /MODELHUB_PORT and MODELHUB_GATEWAY_PORT are both \d+/,
    remedy: /Give each its own/,
  },
  ...[64, 128].map((limit) => ({
    what: `only ${limit} open files`,
    arrange: () => ({ shell: `ulimit -n ${limit} && exec "$0" "$@"` }),
    message: new RegExp(`may open ${limit} files; the hub needs 256`),
    remedy: /ulimit -n 4096/,
  })),
]

const asNobody: Refusal[] = [
  {
    what: 'a data folder that this user may not write',
    arrange: (place) => {
      mkdirSync(place.data, { mode: 0o755 })
      return { user: nobody }
    },
    message: /cannot be written by this user \(user id 65534\)/,
    remedy: /chown -R/,
  },
  {
    what: 'a hub that somebody else started once',
    arrange: (place) => {
      mkdirSync(join(place.data, 'db'), { recursive: true, mode: 0o700 })
      chownSync(place.data, nobody, nobody)
      return { user: nobody }
    },
    message: /db belongs to another user \(id 0\)/,
    remedy: /chown -R/,
  },
  {
    what: 'a privileged port',
    arrange: (place) => {
      mkdirSync(place.data)
      chownSync(place.data, nobody, nobody)
      place.port = 81
      return { user: nobody }
    },
    message: /Port 81 on 127\.0\.0\.1 may not be used by this user/,
    remedy: /Set MODELHUB_PORT to a port above 1023/,
  },
]

describeHub('a start that cannot work', () => {
  const places: Place[] = []
  afterAll(() => {
    for (const place of places) place.remove()
  })
  const check = async ({ arrange, message, remedy }: Refusal) => {
    const place = await makePlace()
    places.push(place)
    chmodSync(place.path, 0o755)
    chownIfRoot(place.temporary)
    const ended = await serveOnce(place, arrange(place) ?? {})
    expect(ended, ended.stdout).toMatchObject({ code: 78, left: [] })
    expect(ended.stderr).toMatch(message)
    expect(ended.stderr).toMatch(remedy)
    // Words for an operator, not a trace of the program.
    expect(ended.stderr).not.toMatch(/\n\s+at |node:internal/)
    expect(readdirSync(place.temporary)).toEqual([])
  }

  it.each(someOf('starts', refusals, 5))('$what: said plainly with its remedy, status 78, nothing left', check, 60_000)
  it.skipIf(!isRoot).each(asNobody.slice(0, amount({ slice: 2, full: 9 })))('$what: the same', check, 60_000)
})

const chownIfRoot = (path: string) => {
  if (isRoot) chownSync(path, nobody, nobody)
}

describeSmallDisk('a start on a disk that is mounted read-only', () => {
  const disks = useSmallDisks()
  it('is refused with its remedy', async () => {
    const disk = disks(8)
    const place = await makePlace()
    place.data = join(disk.path, 'data')
    mkdirSync(place.data)
    expect(disk.remount('ro')).toBe(true)
    const ended = await serveOnce(place)
    disk.remount('rw')
    place.remove()
    expect(ended).toMatchObject({ code: 78, left: [] })
    expect(ended.stderr).toMatch(/is on a disk that is mounted read-only\. Mount it writable/)
  }, 60_000)
})

describeHub('ports and folders that are taken', () => {
  const hubs = useHubs()
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) server.close()
  })
  const take = async (port: number) => {
    const server = createServer()
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return server
  }

  it('a busy port is named with its variable; the same place starts once it is free', async () => {
    const place = await hubs.place()
    const gateway = await take(place.gatewayPort)
    if (amount({ slice: 0, full: 1 }) === 1) await bothBusy(place)
    const second = await serveOnce(place)
    expect(second).toMatchObject({ code: 78, left: [] })
    expect(second.stderr).toContain(`Port ${place.gatewayPort} on 127.0.0.1 is in use`)
    expect(second.stderr).toContain('MODELHUB_GATEWAY_PORT')
    await new Promise((resolve) => gateway.close(resolve))
    if (amount({ slice: 1, full: 0 }) === 1) return
    const hub = await hubs.start({ place })
    await hub.stop()
  }, 180_000)

  const bothBusy = async (place: Place) => {
    const control = await take(place.port)
    const both = await serveOnce(place)
    expect(both).toMatchObject({ code: 78, left: [] })
    expect(both.stderr).toMatch(
      /Port \d+ on 127\.0\.0\.1 is in use\. Stop the other program, or set MODELHUB_(GATEWAY_)?PORT\./,
    )
    await new Promise((resolve) => control.close(resolve))
  }

  it('a second hub on the same folder is refused and harms nothing, whatever its ports and path', async () => {
    const place = await hubs.place()
    const hub = await hubs.start({ place })
    const folder = writeFolder(join(place.models, 'known'), {
      'known.gguf': buildKnownBigram().bytes,
      'README.md': '# Known\n',
    })
    const link = join(place.path, 'the-same')
    symlinkSync(place.data, link)
    const before = hub.processes().map(({ pid }) => pid)
    const other = await makePlace()
    const ways: [string, ServeOptions][] = [
      ['a link to the folder and other ports', { env: { ...ports(other), MODELHUB_DATA: link } }],
      ['other ports', { env: ports(other) }],
      ['the same ports', {}],
    ]
    for (const [way, options] of ways.slice(0, amount({ slice: 1, full: ways.length }))) {
      const second = await serveOnce(place, options)
      expect(second, way).toMatchObject({ code: 78, left: [] })
      expect(second.stderr, way).toMatch(
        /Another hub \(process \d+\) is running on the data folder \/.*\. Stop it first/,
      )
      expect(second.stderr, way).toContain('MODELHUB_DATA')
      figure(`refused in ${second.seconds.toFixed(1)} s: ${way}`)
    }
    other.remove()
    expect(hub.processes().map(({ pid }) => pid)).toEqual(before)
    const { jobId } = await addModel(hub, 'e2e/known', folder, { publish: true })
    expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded' })
    expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
    await hub.stop()
  }, 180_000)
})

const ports = (place: Place) => ({
  MODELHUB_PORT: String(place.port),
  MODELHUB_GATEWAY_PORT: String(place.gatewayPort),
})
