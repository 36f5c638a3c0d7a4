import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder } from '../e2e/support/model-files.ts'
import { addModel, endOfJob, figure, makeKey, readVersion, until } from '../e2e/support/work.ts'

const weights = buildKnownBigram().bytes

describeHub('files in place that change under a running hub', () => {
  const hubs = useHubs()

  const publish = async (hub: Hub, name: string, folder: string) => {
    const added = await addModel(hub, name, folder, { publish: true })
    expect(await endOfJob(hub, added.jobId)).toMatchObject({ state: 'succeeded' })
    return added
  }
  const files = (name: string) => ({ 'known.gguf': weights, 'README.md': `# ${name}\n` })

  it('are not answered from once they changed, leave service by themselves, and come back with their bytes', async () => {
    const hub = await hubs.start()
    const folder = writeFolder(join(hub.place.models, 'rewritten'), files('rewritten'))
    const mounted = join(hub.place.models, 'mounted')
    const disk = writeFolder(join(hub.place.models, 'disk'), files('disk'))
    mkdirSync(mounted)
    const canMount = spawnSync('mount', ['--bind', disk, mounted]).status === 0
    try {
      const rewritten = await publish(hub, 'files/rewritten', folder)
      const { key } = await makeKey(hub)
      const ask = (model: string) => chat(hub.gatewayUrl, key, { model, content: 'abc' })
      await until(
        () => ask('files/rewritten'),
        ({ status }) => status === 200,
        20_000,
      )

      // In place, behind the size and the time of the file, while the engine has it loaded.
      const path = join(folder, 'known.gguf')
      const { atime, mtime, size, ino } = statSync(path)
      const other = Buffer.from(weights)
      other.fill(0, Math.floor(size / 2))
      const began = performance.now()
      writeFileSync(path, other, { flag: 'r+' })
      utimesSync(path, atime, mtime)
      expect(statSync(path)).toMatchObject({ size, ino })
      const right = async () => {
        const answer = await ask('files/rewritten')
        // Until it is refused, what answers are the bytes that were verified.
        if (answer.status === 200) expect(answer.text).toMatch(/^def/)
        return answer
      }
      await until(right, ({ status }) => status !== 200, 30_000)
      figure(`rewritten in place: refused ${((performance.now() - began) / 1_000).toFixed(1)} s after the write`)
      const { value: withdrawn } = await until(
        () => readVersion(hub, rewritten.versionId),
        ({ state }) => state === 'needs_attention',
        10_000,
      )
      expect(withdrawn.stateReason).toMatchObject({
        code: 'integrity',
        message: expect.stringContaining('known.gguf has changed') as string,
      })
      writeFileSync(path, readFileSync(join(disk, 'known.gguf')), { flag: 'r+' })
      const again = await unwrap(
        hub.api.POST('/versions/{id}/retry', { params: { path: { id: rewritten.versionId } } }),
      )
      expect(await endOfJob(hub, again.id)).toMatchObject({ state: 'succeeded' })
      expect(await readVersion(hub, rewritten.versionId)).toMatchObject({
        digest: withdrawn.digest,
        state: 'published',
      })
      await until(right, ({ status }) => status === 200, 20_000)

      // Touched only: stays in service.
      utimesSync(path, 0, 0)
      const scrubbed = await runCli(hub, ['storage', 'scrub'])
      expect(scrubbed, scrubbed.text).toMatchObject({ code: 0 })
      expect(await readVersion(hub, rewritten.versionId)).toMatchObject({ state: 'published' })
      await until(right, ({ status }) => status === 200, 20_000)

      if (!canMount) process.stdout.write('  skipped: a disk that goes away: nothing can be mounted here\n')
      else await loseDisk(hub, mounted, disk, ask)
      await hub.stop()
    } finally {
      if (canMount) spawnSync('umount', ['-l', mounted])
    }
  }, 200_000)

  async function loseDisk(hub: Hub, mounted: string, disk: string, ask: (model: string) => ReturnType<typeof chat>) {
    const { versionId } = await publish(hub, 'files/mounted', mounted)
    await until(
      () => ask('files/mounted'),
      ({ status }) => status === 200,
      20_000,
    )
    const { digest } = await readVersion(hub, versionId)
    expect(spawnSync('umount', ['-l', mounted]).status).toBe(0)
    const { seconds, value } = await until(
      () => readVersion(hub, versionId),
      ({ state }) => state === 'needs_attention',
      20_000,
    )
    figure(`disk unmounted: needs attention after ${seconds.toFixed(1)} s`)
    expect(value.stateReason?.message).toContain('is missing')
    const failed = await unwrap(hub.api.POST('/versions/{id}/retry', { params: { path: { id: versionId } } }))
    expect(await endOfJob(hub, failed.id)).toMatchObject({ state: 'failed', error: { code: 'no_files' } })
    expect(spawnSync('mount', ['--bind', disk, mounted]).status).toBe(0)
    const back = await unwrap(hub.api.POST('/versions/{id}/retry', { params: { path: { id: versionId } } }))
    expect(await endOfJob(hub, back.id)).toMatchObject({ state: 'succeeded' })
    expect(await readVersion(hub, versionId)).toMatchObject({ state: 'published', digest })
    await until(
      () => ask('files/mounted'),
      ({ status }) => status === 200,
      20_000,
    )
  }
})
