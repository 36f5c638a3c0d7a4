// The packed product as a user gets it: packed, installed into an empty folder, scanned with, served, called, stopped.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plainSafetensors } from '../../scanner/testing/safetensors-bytes.ts'
import { temporaryFolder, waitUntil } from '../support/index.ts'
import { compiler, megabytes, packAndInstall, processesOf, run, serve } from './packed-product.ts'

const enabled = Boolean(process.env.MODELHUB_TEST_PACK ?? process.env.CI)
if (!enabled) process.stdout.write('skipped: set MODELHUB_TEST_PACK=1\n')

describe.skipIf(!enabled)('the packed product', () => {
  // Made below, because this body runs even when the tests are skipped.
  let folder: ReturnType<typeof temporaryFolder>
  let installed: string
  let command: string

  beforeAll(async () => {
    folder = temporaryFolder('pack')
    installed = (await packAndInstall(folder.path)).installed
    command = join(installed, 'node_modules', '.bin', 'modelhub')
  }, 240_000)
  afterAll(() => folder?.remove())

  test('takes at most 550 MB', async () => {
    const size = await megabytes(installed)
    process.stdout.write(`installed size: ${Math.round(size)} MB\n`)
    expect(size).toBeLessThanOrEqual(550)
  })

  test('says its version and the Node it runs on', async () => {
    const own = JSON.parse(readFileSync(join(installed, 'node_modules', 'modelhub', 'package.json'), 'utf8')) as {
      version: string
      dependencies: { node: string }
    }
    const { code, stdout } = await run(command, ['version'], installed)
    expect(code).toBe(0)
    expect(stdout).toContain(own.version)
    expect(stdout).toContain(own.dependencies.node)
  })

  test('scans in its isolated children', async () => {
    const files = join(folder.path, 'files')
    mkdirSync(files)
    writeFileSync(join(files, 'model.safetensors'), plainSafetensors())
    const { code, stdout, stderr } = await run(command, ['scan', files, '--format', 'json'], installed)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({
      files: [{ path: 'model.safetensors', format: 'safetensors', verdict: 'pass' }],
    })
  })

  test('types its three doors, and they import', async () => {
    const source = [
      "import { createClient, type HubClient } from 'modelhub'",
      "import * as contract from 'modelhub/contract'",
      "import { createScannerPool } from 'modelhub/scanner'",
      "export const client: HubClient = createClient({ url: 'http://localhost' })",
      '// @ts-expect-error the address is a text: an `any` would let this pass',
      'createClient({ url: 1 })',
      'export const doors: readonly unknown[] = [createScannerPool, contract]',
      '',
    ].join('\n')
    writeFileSync(join(installed, 'consumer.mts'), source)
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--lib',
      'es2024,dom',
      '--types',
      '',
      '--skipLibCheck',
    ]
    const checked = await run(process.execPath, [compiler, ...options, 'consumer.mts'], installed)
    expect(checked.stdout).toBe('')
    const script =
      "await Promise.all(['modelhub', 'modelhub/contract', 'modelhub/scanner'].map((door) => import(door)))"
    const imported = await run(process.execPath, ['--input-type=module', '-e', script], installed)
    expect(imported).toMatchObject({ code: 0, stderr: '' })
  })

  test('serves the starter model and the web app, and ends without a trace', async () => {
    const hub = await serve(installed, join(folder.path, 'data'))
    try {
      const key = await waitUntil(() => /Bearer ([\w-]+)/.exec(hub.output())?.[1], 60_000).catch(() => {
        throw new Error(`the hub did not become ready:\n${hub.output()}`)
      })
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      await waitUntil(async () => {
        const listed = await fetch(`${hub.gatewayUrl}/v1/models`, { headers }).catch(() => undefined)
        return listed?.ok === true && (await listed.text()).includes('modelhub/starter')
      }, 90_000).catch(() => {
        throw new Error(`the starter was not published:\n${hub.output()}`)
      })

      const answer = await fetch(`${hub.gatewayUrl}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ model: 'modelhub/starter', messages: [{ role: 'user', content: 'abc' }] }),
      })
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({
        choices: [{ message: { content: expect.stringMatching(/^def/) as string } }],
      })

      const page = await fetch(`${hub.url}/`)
      expect(page.headers.get('content-type')).toContain('text/html')
      const script = /<script[^>]*\ssrc="([^"]+\.js)"/.exec(await page.text())?.[1]
      expect(script).toBeDefined()
      expect((await fetch(new URL(script ?? '', hub.url))).headers.get('content-type')).toContain('javascript')

      expect(await hub.stop()).toBe(0)
      expect(await processesOf(installed)).toEqual([])
    } finally {
      hub.kill()
    }
  }, 180_000)
})
