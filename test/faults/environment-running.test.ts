import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, type Hub, type HubOptions, useHubs } from '../e2e/support/hub.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { addModel, endOfJob, figure, makeKey, until } from '../e2e/support/work.ts'
import { amount } from './support/plan.ts'

const slowDisk = fileURLToPath(new URL('./support/slow-disk-preload.mjs', import.meta.url))
const onlyInFull = amount({ slice: 1, full: 0 }) === 1

describeHub('a hub in odd surroundings', () => {
  const hubs = useHubs()

  it('a data folder with spaces and letters of other scripts below folders that are missing, no HOME, no usable TMPDIR, no input', async () => {
    const place = await hubs.place()
    place.data = join(place.path, 'nicht da', 'Größe 数据', 'a hub’s data')
    const hub = await hubs.start({
      place,
      shell: 'unset HOME; exec "$0" "$@" <&-',
      env: { TMPDIR: join(place.path, 'missing') },
    })
    await serves(hub)
    const doctor = await runCli(hub, ['doctor'])
    expect(doctor.stdout, doctor.stdout).toMatch(/ok +data folder: .*Größe 数据/)
    // Whoever reads the output goes away, and then the terminal is closed.
    const before = hub.processes().map(({ pid }) => pid)
    hub.closeOutput()
    for (let at = 0; at < 5; at++) await fetch(`${hub.url}/api/v1/models`)
    expect(hub.processes().map(({ pid }) => pid)).toEqual(expect.arrayContaining(before.slice(0, 4)))
    hub.signal('SIGHUP')
    expect(await hub.ended).toEqual({ code: 0, signal: null })
    await hub.gone()
  }, 180_000)

  it.skipIf(onlyInFull)(
    'the longest path that is taken',
    async () => {
      const place = await hubs.place()
      place.data = join(place.path, 'x'.repeat(200), 'y'.repeat(460 - place.path.length - 202))
      expect(Buffer.byteLength(place.data)).toBe(460)
      const hub = await hubs.start({ place })
      await serves(hub)
      await hub.stop()
    },
    180_000,
  )

  it.skipIf(onlyInFull)(
    'a link to the folder, and a temporary folder whose path is too long for a socket',
    async () => {
      const place = await hubs.place()
      const real = join(place.path, 'real')
      symlinkSync(real, place.data)
      writeFolder(real, {})
      const hub = await hubs.start({ place, env: { TMPDIR: writeFolder(join(place.path, 'y'.repeat(120)), {}) } })
      await serves(hub)
      await hub.stop()
    },
    180_000,
  )

  it('a data folder that is deleted under a running hub: said plainly, status 78, and no empty one in its place', async () => {
    const hub = await hubs.start()
    // The hub may write while its folder goes.
    rmSync(hub.place.data, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 })
    const ended = await hub.ended
    expect(ended).toEqual({ code: 78, signal: null })
    expect(hub.output()).toMatch(
      /modelhub: The data folder .* was deleted, emptied or replaced while the hub ran\. Put it back/,
    )
    await hub.gone()
    expect(existsSync(join(hub.place.data, 'db'))).toBe(false)
    expect(existsSync(join(hub.place.data, 'VERSION.json'))).toBe(false)
  }, 120_000)

  it.skipIf(onlyInFull)(
    'a data folder that is emptied while the control plane is down: the same',
    async () => {
      const hub = await hubs.start()
      for (const name of ['db', 'VERSION.json', 'blobs', 'secret.key']) {
        rmSync(join(hub.place.data, name), { recursive: true, force: true })
      }
      hub.kill9('control')
      expect(await hub.ended).toEqual({ code: 78, signal: null })
      expect(hub.output()).toMatch(/was deleted, emptied or replaced while the hub ran/)
      expect(existsSync(join(hub.place.data, 'db'))).toBe(false)
    },
    120_000,
  )

  it.skipIf(onlyInFull)(
    'a slow disk: starts, works and stops in order',
    async () => {
      const delayMs = 10
      const options: Partial<HubOptions> = {
        env: { NODE_OPTIONS: `--import=${slowDisk}`, MODELHUB_TEST_DISK_MS: String(delayMs) },
      }
      const hub = await hubs.start(options)
      figure(`each flush ${delayMs} ms longer: ready after ${hub.readySeconds.toFixed(1)} s`)
      await serves(hub)
      expect(hub.output()).not.toMatch(/starts again in/)
      const began = performance.now()
      hub.signal('SIGTERM')
      expect(await hub.ended).toEqual({ code: 0, signal: null })
      figure(`stopped in ${((performance.now() - began) / 1_000).toFixed(1)} s`)
      expect(hub.output()).not.toMatch(/it was killed/)
      await hub.gone()
      await hubs.start({ ...options, place: hub.place }).then((again) => again.stop())
    },
    300_000,
  )
})

/** A model is taken in with a copy, published and called; the trail verifies. */
async function serves(hub: Hub): Promise<void> {
  const folder = writeFolder(join(hub.place.models, 'known'), {
    'known.gguf': buildKnownBigram().bytes,
    'README.md': '# Known answers\n',
  })
  const { jobId } = await addModel(hub, 'e2e/known', folder, { mode: 'copy', publish: true })
  expect(await endOfJob(hub, jobId)).toMatchObject({ state: 'succeeded', error: null })
  const { key } = await makeKey(hub)
  const answer = () => chat(hub.gatewayUrl, key, { model: 'e2e/known', content: 'abc' })
  await until(answer, ({ status }) => status === 200, 20_000)
  expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
}
