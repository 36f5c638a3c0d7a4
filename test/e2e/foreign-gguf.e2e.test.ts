import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { components } from '../../sdk/index.ts'
import { unwrap } from '../../sdk/index.ts'
import { chat, streamChat } from './support/chat.ts'
import { runCli, runCliJson } from './support/cli.ts'
import { describeHub, type Hub, useHubs } from './support/hub.ts'
import { writeFolder } from './support/model-files.ts'
import { figure, type Job, makeKey, until, type Version } from './support/work.ts'

const shared = fileURLToPath(new URL('../../../shared/gguf/tiny-random.gguf', import.meta.url))
const present = existsSync(shared)
if (!present) process.stderr.write('skipped: no shared inputs\n')

const model = 'foreign/tiny-random'
const unpublishLimitMs = 2_000
type Benchmark = components['schemas']['Benchmark']
type Evaluation = components['schemas']['Evaluation']

describe.skipIf(!present)('with shared inputs', () => {
  describeHub('a GGUF that another generator wrote, a card without tags, no license file', () => {
    const hubs = useHubs()

    it('goes from disk to a streamed chat and out of service again by the command line', async () => {
      const hub = await hubs.start()
      const folder = writeFolder(join(hub.place.models, 'foreign'), {
        'README.md': '# Tiny random\n\nOnly text here.\n',
      })
      copyFileSync(shared, join(folder, 'tiny-random.gguf'))

      const added = await runCliJson<{ version: Version; job: Job }>(hub, [
        'add',
        `disk:${folder}`,
        '--name',
        model,
        '--benchmark',
      ])
      expect(added.job.state).toBe('succeeded')
      // The file's own header names a license; there is no text of one.
      expect(added.version.license).toMatchObject({ status: 'declared', tag: 'apache-2.0', file: null })
      expect(added.version.verdict).toBe('pass')
      const onboarded = await unwrap(hub.api.GET('/benchmarks', { params: { query: { version: added.version.id } } }))
      expect(onboarded.items).toMatchObject([{ state: 'finished', result: { ok: 120, failed: 0 } }])
      // A benchmark is evidence unless the machine was too busy for the load generator to keep its own time.
      const counts = onboarded.items[0]?.verdict === 'ok'
      if (!counts) figure('the benchmark of the onboarding does not count: the machine was too busy')
      expect(added.version.state).toBe(counts ? 'evaluated' : 'verified')

      const bench = await runCli(hub, ['bench', 'run', model, '--requests', '20', '--concurrency', '2', '--json'])
      const result = JSON.parse(bench.stdout) as Benchmark
      expect(result).toMatchObject({ state: 'finished', result: { requests: 20, ok: 20, failed: 0 } })
      expect(bench.code).toBe(result.verdict === 'ok' ? 0 : 1)
      const evaluation = await runCliJson<Evaluation>(hub, ['eval', 'run', model])
      expect(evaluation).toMatchObject({ state: 'finished', itemsDone: 208, itemsTotal: 208 })
      // Random weights: the score means nothing, but it is a share of items with its error.
      expect(evaluation.score).toBeGreaterThanOrEqual(0)
      expect(evaluation.score).toBeLessThan(0.5)
      expect(evaluation.standardError).not.toBeNull()

      const { key } = await makeKey(hub)
      expect(await chat(hub.gatewayUrl, key, { model, content: 'hello' })).toMatchObject({ status: 404 })
      expect(await runCli(hub, ['approve', model, '--reason', 'Looked at the evidence.'])).toMatchObject({ code: 0 })
      expect(await runCli(hub, ['publish', model, '--reason', 'For the tests.'])).toMatchObject({ code: 0 })
      const ask = () => streamChat(hub.gatewayUrl, key, { model, content: 'hello', maxTokens: 32 })
      const published = await until(ask, ({ status }) => status === 200, 10_000)
      figure(`first streamed answer ${published.seconds.toFixed(2)} s after publish`)
      expect(published.value.finishReason).toMatch(/^(stop|length)$/)
      expect(published.value.completionTokens).toBeGreaterThan(0)
      const spoken = await runCli(hub, ['chat', model, 'hello', '--max-tokens', '8'])
      expect(spoken.code).toBe(0)

      const params = { params: { path: { id: added.version.id } }, body: { reason: 'Done with it.' } }
      const asked = performance.now()
      await unwrap(hub.api.POST('/versions/{id}/unpublish', params))
      const refused = await until(
        () => chat(hub.gatewayUrl, key, { model, content: 'hello', maxTokens: 1 }),
        ({ status }) => status !== 200,
        10_000,
      )
      const tookMs = performance.now() - asked
      figure(`refused by the gateway ${tookMs.toFixed(0)} ms after unpublish was asked for: ${refused.value.code}`)
      expect(refused.value.status).toBe(404)
      expect(tookMs).toBeLessThanOrEqual(unpublishLimitMs)

      const runs = [...onboarded.items, result].filter(({ verdict }) => verdict === 'ok').map(({ id }) => id)
      await expectActivity(hub, added.version.id, [...runs, evaluation.id])
      expect(await runCli(hub, ['audit', 'verify'])).toMatchObject({ code: 0 })
      await hub.stop()
    }, 180_000)
  })
})

/** Every transition, oldest first, with who did it and on what evidence; and every measurement that counts. */
async function expectActivity(hub: Hub, id: string, runs: readonly string[]): Promise<void> {
  const path = { path: { id } }
  const page = await unwrap(hub.api.GET('/versions/{id}/activity', { params: { ...path, query: { limit: 200 } } }))
  const oldestFirst = page.items.toReversed()
  const moves = oldestFirst.filter(({ from, to }) => from !== null && to !== null && from !== to)
  expect(moves.map(({ from, to }) => `${from} → ${to}`)).toEqual([
    'draft → ingesting',
    'ingesting → verified',
    'verified → evaluated',
    'evaluated → published',
    'published → evaluated',
  ])
  for (const item of page.items) expect(item.actor).toMatchObject({ type: 'token', name: 'Bootstrap token' })
  const [begun, verified, evaluated, published, withdrawn] = moves
  expect(begun?.evidence).toHaveProperty('jobId')
  expect(verified?.evidence).toMatchObject({ verdict: 'pass', license: 'declared', files: 2 })
  expect(JSON.stringify(evaluated?.evidence)).toMatch(/bmk_|evl_/)
  expect(published).toMatchObject({ reason: 'For the tests.', evidence: { digest: expect.any(String) as string } })
  expect((published?.evidence?.['checks'] as unknown[] | undefined)?.length).toBeGreaterThan(3)
  expect(withdrawn?.reason).toBe('Done with it.')
  expect(oldestFirst.map(({ action }) => action)).toContain('approval.approved')
  const evidence = JSON.stringify(oldestFirst.map((item) => item.evidence))
  for (const run of runs) expect(evidence).toContain(run)
}
