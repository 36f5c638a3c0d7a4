import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { streamWords } from './testing/fake-engine.ts'
import { ask, type Harness, key, secretKey, soon, startHarness } from './testing/harness.ts'

let hub: Harness
let children: ChildProcess[] = []
beforeEach(async () => {
  hub = await startHarness()
  // The harness gives the control plane and the engine; the gateway under test is a process of its own.
  await hub.gateway.close()
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await hub.close()
})

const environment = () => ({
  PATH: process.env['PATH'],
  MODELHUB_GATEWAY_PORT: '0',
  MODELHUB_DATA: hub.folder,
  MODELHUB_CONTROL_URL: hub.config.controlUrl,
  MODELHUB_JOIN_TOKEN: hub.config.joinToken,
  MODELHUB_SECRET_KEY: secretKey.toString('base64'),
  MODELHUB_ENGINE_SOCKET: hub.config.engineSocket,
  MODELHUB_ENGINE_SECRET: hub.config.engineSecret,
})
const start = async (file = './main.ts') => {
  const child = fork(new URL(file, import.meta.url), { env: environment(), execArgv: [], silent: true })
  children.push(child)
  let log = ''
  child.stderr?.on('data', (part) => (log += part))
  const [message] = (await once(child, 'message')) as [
    { type?: string; port?: number; pid?: number; message?: { port: number } },
  ]
  hub.url = `http://127.0.0.1:${message.port ?? message.message?.port}`
  await hub.version(1)
  return { child, message, log: () => log }
}
test('says ready with its port, logs JSON lines on stderr only, drains on SIGTERM and exits 0', async () => {
  const { child, message, log } = await start()
  let out = ''
  child.stdout?.on('data', (part) => (out += part))
  expect(message).toEqual({ type: 'ready', port: expect.any(Number) })
  hub.engine.answerWith(streamWords(['a', 'b', 'c', 'd'], 100))
  const response = await hub.call({ ...ask, stream: true })
  const asked = Date.now()
  child.kill('SIGTERM')
  expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true)
  await expect(fetch(`${hub.url}/healthz`)).rejects.toThrow()
  const [code] = (child.exitCode === null ? await once(child, 'exit') : [child.exitCode]) as [number]
  expect(code).toBe(0)
  expect(Date.now() - asked).toBeLessThan(4_000)
  expect(out).toBe('')
  const lines = log().trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toContain('gateway closed')
  expect(log()).not.toContain(key)
})

test('what was recorded before a SIGKILL reaches the control plane once, by the next gateway', async () => {
  const { child } = await start()
  hub.control.cutNextAcks(2)
  const answers = await Promise.all(Array.from({ length: 50 }, () => hub.call(ask)))
  await Promise.all(answers.map((answer) => answer.text()))
  // The documented bound: what was written less than 200 ms ago may be lost.
  await new Promise((resolve) => setTimeout(resolve, 200))
  child.kill('SIGKILL')
  await once(child, 'exit')
  await start()
  await soon(async () => (await hub.health()).usage.pending === 0 && hub.control.records().length >= 50)
  const records = hub.control.records()
  expect(records.length).toBe(50)
  expect(new Set(records.map((record) => record.requestId)).size).toBe(50)
})

test('exits when its parent dies', async () => {
  const { child } = await start('./testing/parent.ts')
  const began = Date.now()
  child.kill('SIGKILL')
  // Its log is the pipe of the dead parent, which closes when the last process that holds it has ended.
  await once(child, 'close')
  expect(Date.now() - began).toBeLessThan(2_000)
  await expect(fetch(`${hub.url}/healthz`)).rejects.toThrow()
})

test('a missing or broken variable ends it with a sentence that names it', async () => {
  const { MODELHUB_JOIN_TOKEN: _token, ...rest } = environment()
  const child = fork(new URL('./main.ts', import.meta.url), { env: rest, execArgv: [], silent: true })
  children.push(child)
  let log = ''
  child.stderr?.on('data', (part) => (log += part))
  const [code] = (await once(child, 'exit')) as [number]
  expect(code).toBe(78)
  expect(log).toContain('MODELHUB_JOIN_TOKEN is not set.')
})
