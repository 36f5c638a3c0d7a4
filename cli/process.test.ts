import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeHub, startFakeHub } from './testing/fake-hub.ts'
import { sampleJob } from './testing/samples.ts'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))
let hub: FakeHub
beforeEach(async () => {
  hub = await startFakeHub()
})
afterEach(() => hub.close())
const start = (...argv: string[]) =>
  spawn(process.execPath, [main, ...argv], {
    env: { ...process.env, MODELHUB_URL: hub.url, MODELHUB_DATA: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

describe('the real process', () => {
  test('ends by itself when its work is done', async () => {
    hub.on('getVersionInfo', { version: '9.9.9', node: '24', database: 'embedded', gatewayUrl: hub.url, ruleset: '1' })
    const child = start('version')
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
    })
    const [code] = await once(child, 'close')
    expect(code).toBe(0)
    expect(out).toContain('9.9.9 at')
  })

  test('Ctrl-C ends what waits, with 130 and no process left', async () => {
    hub.on('getJob', sampleJob())
    let connected = () => {}
    const streaming = new Promise<void>((resolve) => {
      connected = resolve
    })
    hub.raw('GET /api/v1/jobs/job_1/events', (_s, _q, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
      connected()
    })
    const child = start('jobs', 'job_1', '--follow')
    await streaming
    child.kill('SIGINT')
    const [code] = await once(child, 'close')
    expect(code).toBe(130)
    expect(() => process.kill(child.pid ?? 0, 0)).toThrow('ESRCH')
  })

  test('a reader that closes the pipe early is no failure', () => {
    const shell = spawnSync('sh', ['-c', `"${process.execPath}" "${main}" --help | head -1`], { encoding: 'utf8' })
    expect(shell).toMatchObject({ status: 0, stderr: '' })
  })
})
