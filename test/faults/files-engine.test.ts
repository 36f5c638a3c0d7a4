import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkFiles, fingerprintOf } from '../../engine/host/check-files.ts'
import { createDeployment } from '../../engine/host/deployment.ts'
import { buildKnownBigram } from '../../engine/starter/index.ts'
import { ask, startTestHost, type TestHost } from '../../engine/testing/start-host.ts'
import { systemClock } from '../../kernel/index.ts'
import { hubErrorOf } from '../support/index.ts'

const weights = buildKnownBigram().bytes
let host: TestHost
beforeAll(async () => {
  host = await startTestHost()
})
afterAll(async () => await host.stop())

/** A deployment of a file that belongs to somebody else, as one registered in place. */
async function inPlace(id: string) {
  const spec = await host.deploy(id, weights)
  const files = [{ path: spec.main, size: weights.length, fingerprint: await fingerprintOf(spec.main) }]
  await host.client.put({ ...spec, files })
  return { ...spec, files }
}
const answer = async (id: string) => (await host.chat(id, ask('abc'))).body.choices[0]?.message.content

test('what a loaded engine answers from does not change with the file in place, rewritten or cut off', async () => {
  const { main } = await inPlace('loaded')
  const before = await answer('loaded')
  expect(before).toMatch(/^def/)
  writeFileSync(main, Buffer.alloc(weights.length), { flag: 'r+' })
  expect(await answer('loaded')).toBe(before)
  truncateSync(main, 0)
  expect(await answer('loaded')).toBe(before)
  await host.client.unload('loaded')
  expect(await hubErrorOf(host.client.load('loaded'))).toMatchObject({ code: 'fingerprint_changed' })
})

test('a file that changes while the engine loads it is not answered from', async () => {
  const spec = await inPlace('loading')
  let stopped = 0
  const deployment = createDeployment(spec, {
    clock: systemClock,
    // Stands in for a load of seconds, in the middle of which somebody writes.
    startChild: async () => {
      appendFileSync(spec.main, 'x')
      return {
        pid: 1,
        ready: {
          type: 'ready',
          contextLength: 1,
          loadMs: 1,
          rssBytes: 1,
          engine: 'llama.cpp',
          engineVersion: '1',
          description: '',
        },
        rssBytes: () => 1,
        ended: new Promise(() => undefined),
        stop: async () => void (stopped += 1),
      }
    },
    runDir: host.folder,
    nextSocket: () => join('x.s'),
    reserve: async () => undefined,
    releaseMemory: () => undefined,
    loadTimeoutMs: 1_000,
    drainMs: 100,
    backoffMs: 10,
  })
  await expect(deployment.load()).rejects.toMatchObject({ code: 'fingerprint_changed' })
  expect(stopped).toBe(1)
  expect(deployment.status()).toMatchObject({ state: 'failed', reason: { code: 'fingerprint_changed' } })
  await expect(checkFiles(spec.files)).rejects.toMatchObject({ code: 'fingerprint_changed' })
})
