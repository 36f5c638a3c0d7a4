import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const limitMs = 120_000

export type BenchHub = {
  url: string
  /** Of the bootstrap administrator. */
  token: string
  start: () => ChildProcess
  stop: (hub: ChildProcess) => Promise<void>
  /** Whether the hub says that it is ready. */
  ready: () => Promise<boolean>
  /** Removes everything it wrote. */
  remove: () => void
}

/** A hub of the benches: its own data folder, free ports of 127.0.0.1. */
export async function makeHub(env: Record<string, string>): Promise<BenchHub> {
  const data = mkdtempSync(join(tmpdir(), 'modelhub-bench-'))
  const token = 'bench-token-of-this-run'
  const [port, gatewayPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    token,
    start: () =>
      spawn(process.execPath, [join(root, 'cli', 'main.ts'), 'serve'], {
        env: {
          ...process.env,
          MODELHUB_DATA: data,
          MODELHUB_PORT: String(port),
          MODELHUB_GATEWAY_PORT: String(gatewayPort),
          MODELHUB_ADMIN_TOKEN: token,
          ...env,
        },
        stdio: 'ignore',
      }),
    stop: async (hub) => {
      const ended = new Promise((resolve) => hub.once('exit', resolve))
      hub.kill('SIGTERM')
      await ended
    },
    ready: async () => (await fetch(`${url}/readyz`)).status === 200,
    remove: () => rmSync(data, { recursive: true, force: true }),
  }
}

/** Repeats `test` until it says true; gives the milliseconds it took. Throws after two minutes. */
export async function until(what: string, test: () => Promise<boolean>): Promise<number> {
  const began = performance.now()
  while (!(await test().catch(() => false))) {
    if (performance.now() - began > limitMs) throw new Error(`${what} did not happen in ${limitMs} ms`)
    await sleep(20)
  }
  return performance.now() - began
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
