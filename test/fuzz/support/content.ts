import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildKnownBigram } from '../../../engine/starter/index.ts'
import { unwrap } from '../../../sdk/index.ts'
import { brokenFiles } from '../../e2e/support/broken-files.ts'
import { chat } from '../../e2e/support/chat.ts'
import type { Hub } from '../../e2e/support/hub.ts'
import { writeFolder } from '../../e2e/support/model-files.ts'
import { addModel, endOfJob, makeKey, readVersion } from '../../e2e/support/work.ts'
import { person, type World } from './case.ts'
import { createPool } from './pool.ts'

/** Fills a new hub with one of everything, and gives what a fuzz needs to know of it. */
export async function fillHub(hub: Hub, lesser: { viewer: string; nobody: string }): Promise<World> {
  const pool = createPool()
  const folder = (name: string) => join(hub.place.models, name)
  const good = writeFolder(folder('good'), {
    'known-bigram.gguf': buildKnownBigram().bytes,
    'README.md': '---\nlicense: apache-2.0\n---\n# Known answers\n',
    LICENSE: 'Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n',
  })
  const pickle = brokenFiles().find(({ name }) => name === 'pickle')
  const bad = writeFolder(folder('bad'), { [pickle?.file ?? '']: pickle?.bytes ?? '' })
  const empty = writeFolder(folder('empty'), {})

  const cookie = await makeAdministrator(hub)
  const kept = await addModel(hub, 'fuzz/kept', good, { publish: true })
  const blocked = await addModel(hub, 'fuzz/blocked', bad)
  for (const { jobId } of [kept, blocked]) await endOfJob(hub, jobId)
  const { state, stateReason } = await readVersion(hub, kept.versionId)
  if (state !== 'published') throw new Error(`${state}: ${JSON.stringify(stateReason)}\n${hub.output()}`)
  const evidence = await makeEvidence(hub, kept.versionId)
  const key = await makeKey(hub)
  await chat(hub.gatewayUrl, key.key, { model: 'fuzz/kept', content: 'abc', maxTokens: 4 })
  const useless = await uselessTokens(hub, key.key)
  pool.keep(kept.modelId, kept.versionId, blocked.modelId, blocked.versionId, key.id, ...evidence)
  const tokens = await unwrap(hub.api.GET('/tokens'))
  pool.keep(...tokens.items.map(({ id }) => id))
  await untilUsed(hub)
  const origin = new URL(hub.url).origin
  return {
    pool,
    origin,
    folders: [good, good, bad, empty, join(hub.place.models, 'missing')],
    modelNames: ['fuzz/kept', 'fuzz/blocked', 'fuzz/m1'],
    credentials: { admin: hub.token, ...lesser, useless, cookie },
  }
}

/** A benchmark, an evaluation and an approval of a published version; gives the ids of the first two. */
async function makeEvidence(hub: Hub, version: string): Promise<string[]> {
  const spec = { requests: 4, warmupRequests: 0, concurrency: 2, maxTokens: 4, seed: 1, timeoutSeconds: 60 }
  const { benchmark, job } = await unwrap(hub.api.POST('/benchmarks', { body: { version, spec } }))
  await endOfJob(hub, job.id)
  const run = await unwrap(hub.api.POST('/evaluations', { body: { version, task: 'sequence-200', seed: 1 } }))
  await endOfJob(hub, run.job.id)
  const path = { params: { path: { id: version } } }
  await unwrap(hub.api.POST('/versions/{id}/unpublish', { ...path, body: {} }))
  await unwrap(
    hub.api.POST('/approvals', {
      body: { version, subject: 'publish', decision: 'approved', reason: 'It may be used.' },
    }),
  )
  await unwrap(hub.api.POST('/versions/{id}/publish', { ...path, body: {} }))
  return [benchmark.id, run.evaluation.id]
}

/** The one-time link of the first start makes the administrator; gives the cookie of the session. */
async function makeAdministrator(hub: Hub): Promise<string> {
  const token = /setup\?token=(\S+)/.exec(hub.output())?.[1] ?? ''
  const response = await fetch(`${hub.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, ...person }),
  })
  const cookie = response.headers.getSetCookie().map((one) => one.split(';')[0])
  if (response.status !== 200) throw new Error(`no administrator: ${await response.text()}`)
  return cookie.join('; ')
}

/** Tokens that were good once, and a key that is none. */
async function uselessTokens(hub: Hub, gatewayKey: string): Promise<string[]> {
  const expiresAt = new Date(Date.now() + 1_500).toISOString()
  const expired = await unwrap(hub.api.POST('/tokens', { body: { name: 'Expired', expiresAt } }))
  const revoked = await unwrap(hub.api.POST('/tokens', { body: { name: 'Revoked' } }))
  await unwrap(hub.api.DELETE('/tokens/{id}', { params: { path: { id: revoked.id } } }))
  await sleep(Math.max(0, Date.parse(expiresAt) - Date.now()) + 50)
  return [expired.token, revoked.token, gatewayKey]
}

/** The gateway hands its usage over by itself. */
async function untilUsed(hub: Hub): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    const { items } = await unwrap(hub.api.GET('/requests'))
    if (items.length > 0) return
    if (performance.now() > deadline) throw new Error('the usage of a chat never came')
    await sleep(50)
  }
}
