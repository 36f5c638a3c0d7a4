import { spawn } from 'node:child_process'
import { cleanEnvironment, node, root } from '../../e2e/support/hub.ts'
import type { Place } from '../../e2e/support/place.ts'
import { processesBelow, stillRunning } from '../../e2e/support/processes.ts'

export type ServeOnce = {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
  seconds: number
  /** Processes of the hub that still ran when its first one had ended. */
  left: number[]
}

export type ServeOptions = {
  env?: Record<string, string>
  /** User and group to start it as (root only). */
  user?: number
  /** Runs the command line through a shell: `$0 "$@"` is `modelhub serve`. */
  shell?: string
  limitMs?: number
}

/** `modelhub serve` at a place where it is expected to end by itself. Killed, with a failure, after `limitMs` (30 s). */
export function serveOnce(place: Place, options: ServeOptions = {}): Promise<ServeOnce> {
  const { env = {}, user, shell, limitMs = 30_000 } = options
  const began = performance.now()
  const command = [`${root}cli/main.ts`, 'serve']
  const [file, args] = shell === undefined ? [node, command] : ['sh', ['-c', shell, node, ...command]]
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: place.path,
      env: cleanEnvironment(place, {
        MODELHUB_PORT: String(place.port),
        MODELHUB_GATEWAY_PORT: String(place.gatewayPort),
        MODELHUB_ADMIN_TOKEN: place.token,
        MODELHUB_STARTER: 'off',
        ...env,
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(user === undefined ? {} : { uid: user, gid: user }),
    })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')))
    const known = new Map<number, ReturnType<typeof processesBelow>[number]>()
    const look = setInterval(() => {
      for (const one of processesBelow(child.pid ?? 0)) known.set(one.pid, one)
    }, 100)
    const late = setTimeout(() => {
      for (const { pid } of processesBelow(child.pid ?? 0)) process.kill(pid, 'SIGKILL')
      reject(new Error(`it still ran after ${limitMs} ms:\n${stdout}\n${stderr}`))
    }, limitMs)
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      clearInterval(look)
      clearTimeout(late)
      const seconds = (performance.now() - began) / 1_000
      const left = stillRunning(known.values()).map(({ pid }) => pid)
      const done = () => resolve({ code, signal, stdout, stderr, seconds, left })
      if (child.stdout.closed) done()
      else child.once('close', done)
    })
  })
}
