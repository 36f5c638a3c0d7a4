import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEngineClient, engineHostEntry } from './index.ts'
import { buildKnownBigram } from './starter/index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mh-eng-'))
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.each(['SIGKILL', 'SIGTERM'] as const)('a host that is ended by %s leaves no engine behind', async (signal) => {
  const socketPath = join(folder, 'host.sock')
  const env = {
    MODELHUB_ENGINE_SOCKET: socketPath,
    MODELHUB_ENGINE_SECRET: 'secret',
    MODELHUB_ENGINE_MEMORY_BYTES: `${2 ** 31}`,
  }
  const host = fork(engineHostEntry, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    expect((await once(host, 'message'))[0]).toEqual({ type: 'listening' })
    const client = createEngineClient({ socketPath, secret: 'secret' })
    const main = join(folder, 'model.gguf')
    const { bytes } = buildKnownBigram()
    await writeFile(main, bytes)
    await client.put({ deploymentId: 'starter', files: [{ path: main, size: bytes.length }], main })
    await client.load('starter')
    const { pid } = await client.get('starter')
    client.close()
    expect(alive(pid ?? 0)).toBe(true)
    const exited = once(host, 'exit')
    host.kill(signal)
    await exited
    await expect.poll(() => alive(pid ?? 0), { timeout: 5_000 }).toBe(false)
  } finally {
    host.kill('SIGKILL')
  }
})

test('without its settings the host says which one is missing', async () => {
  const host = fork(engineHostEntry, { env: {}, execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let words = ''
  host.stderr?.on('data', (chunk: Buffer) => {
    words += chunk.toString()
  })
  const [code] = (await once(host, 'close')) as [number]
  expect(code).not.toBe(0)
  expect(words).toContain('MODELHUB_ENGINE_SOCKET')
})
