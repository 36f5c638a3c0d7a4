import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { createClient, unwrap } from '../../sdk/index.ts'
import { chat } from '../e2e/support/chat.ts'
import { runCli, runCliJson } from '../e2e/support/cli.ts'
import { describeHub, type Hub, useHubs } from '../e2e/support/hub.ts'
import { writeFolder, writeMultiFileModel } from '../e2e/support/model-files.ts'
import { addModel, endOfJob, figure, type Job, makeKey, readVersion, until } from '../e2e/support/work.ts'
import { createLedger } from './support/acknowledged.ts'
import { amount } from './support/plan.ts'

type Told = { digest: string; instant: string; blobs: number; lostBlobs: string[] }
const model = 'e2e/known'
const megabytes = amount({ slice: 24, full: 400 })

describeHub('a hub that is backed up under load, wiped and restored', () => {
  const hubs = useHubs()

  it('has everything that was acknowledged before the backup began', async () => {
    const hub = await hubs.start()
    const known = { 'known.gguf': buildKnownBigram().bytes, 'README.md': '# Known answers\n' }
    const folder = writeFolder(join(hub.place.models, 'known'), known)
    const published = await addModel(hub, model, folder, { mode: 'copy', publish: true })
    expect(await endOfJob(hub, published.jobId)).toMatchObject({ state: 'succeeded' })
    const { key } = await makeKey(hub)
    const revoked = await makeKey(hub, 'revoked')
    await unwrap(hub.api.DELETE('/keys/{id}', { params: { path: { id: revoked.id } } }))
    const { token } = await unwrap(hub.api.POST('/tokens', { body: { name: 'kept' } }))
    await until(
      () => chat(hub.gatewayUrl, key, { model, content: 'abc' }),
      ({ status }) => status === 200,
      20_000,
    )
    const before = createLedger(folder)
    const stopBefore = before.write(hub)
    await until(
      () => Promise.resolve(before.count()),
      (count) => count >= 10,
      30_000,
    )
    await stopBefore()

    // From here on everything happens at once: an onboarding that copies, writers, chats, and the backup.
    const many = await addModel(hub, 'e2e/many', writeMultiFileModel(join(hub.place.models, 'many'), megabytes), {
      mode: 'copy',
      publish: true,
    })
    const stopDuring = writeSteadily(hub)
    const chats = chatSteadily(hub, key)
    const target = join(hub.place.path, 'backups', 'one')
    const began = performance.now()
    const told = await runCliJson<Told>(hub, ['backup', target])
    figure(
      `backup of ${told.blobs} stored files beside all that: ${((performance.now() - began) / 1_000).toFixed(1)} s`,
    )
    expect(told.lostBlobs).toEqual([])
    figure(`${await stopDuring()} writes were acknowledged meanwhile`)
    const { answered, slowestMs } = await chats()
    figure(`${answered} chats were answered meanwhile, the slowest in ${Math.round(slowestMs)} ms`)
    expect(answered).toBeGreaterThan(0)
    expect(existsSync(join(target, 'UNFINISHED'))).toBe(false)

    hub.kill9('all')
    await hub.gone()
    rmSync(hub.place.data, { recursive: true })
    const restored = await runCliJson<{ aside: string | null; audit: { ok: boolean } }>(hub, ['restore', target])
    expect(restored).toMatchObject({ aside: null, audit: { ok: true } })

    const again = await hubs.start({ place: hub.place })
    await before.check(again)
    expect(await readVersion(again, published.versionId)).toMatchObject({ state: 'published', verdict: 'pass' })
    // What was being onboarded at the instant goes on from there.
    expect(await endOfJob(again, many.jobId)).toMatchObject({ state: 'succeeded', error: null })
    expect(await readVersion(again, many.versionId)).toMatchObject({ state: 'published' })
    const jobs = await until(
      () => backupJobs(again),
      (found) => found.every(({ finishedAt }) => finishedAt !== null),
      20_000,
    )
    expect(jobs.value.map(({ state }) => state)).toEqual(['cancelled'])
    expect(readdirSync(target).sort()).toContain('manifest.json.sha256')

    const scrub = await runCliJson<Job>(again, ['storage', 'scrub'])
    expect(scrub.state).toBe('succeeded')
    expect(await readVersion(again, published.versionId)).toMatchObject({ state: 'published' })
    expect(await runCli(again, ['audit', 'verify'])).toMatchObject({ code: 0 })
    const events = await unwrap(again.api.GET('/audit', { params: { query: { action: 'hub.restored' } } }))
    expect(events.items).toMatchObject([{ evidence: { digest: told.digest, instant: told.instant } }])

    const answer = () => chat(again.gatewayUrl, key, { model, content: 'abc' })
    await until(answer, ({ status, text }) => status === 200 && text.startsWith('def'), 20_000)
    expect(await chat(again.gatewayUrl, revoked.key, { model, content: 'abc' })).toMatchObject({ status: 401 })
    const kept = createClient({ url: again.url, token })
    await unwrap(kept.GET('/models', { params: { query: { limit: 1 } } }))
    await again.stop()
  }, 300_000)
})

/** Chats one after another until the returned function is called; every one must be answered. */
function chatSteadily(hub: Hub, key: string): () => Promise<{ answered: number; slowestMs: number }> {
  let stopped = false
  let answered = 0
  let slowestMs = 0
  const chatting = (async () => {
    while (!stopped) {
      const began = performance.now()
      expect(await chat(hub.gatewayUrl, key, { model, content: 'abc' })).toMatchObject({ status: 200 })
      slowestMs = Math.max(slowestMs, performance.now() - began)
      answered += 1
    }
  })()
  // Seen when it is waited for.
  chatting.catch(() => undefined)
  return async () => {
    stopped = true
    await chatting
    return { answered, slowestMs }
  }
}

/** Makes keys one after another until the returned function is called; gives how many. */
function writeSteadily(hub: Hub): () => Promise<number> {
  let stopped = false
  let made = 0
  const writing = (async () => {
    while (!stopped) {
      await makeKey(hub, `during ${(made += 1)}`)
      await sleep(25)
    }
  })()
  writing.catch(() => undefined)
  return async () => {
    stopped = true
    await writing
    return made
  }
}

async function backupJobs(hub: Hub): Promise<Job[]> {
  const page = await unwrap(hub.api.GET('/jobs', { params: { query: { limit: 200 } } }))
  return (page.items as Job[]).filter(({ kind }) => kind === 'backup')
}
