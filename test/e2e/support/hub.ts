import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe } from 'vitest'
import { createClient, type HubClient } from '../../../sdk/index.ts'
import { makePlace, type Place } from './place.ts'
import { type HubProcess, type Part, processesBelow, processesIn, processTable, stillRunning } from './processes.ts'

export const root = fileURLToPath(new URL('../../../', import.meta.url))
/** The pinned Node that `./modelhub` runs on. */
export const node = fileURLToPath(new URL('../../../node_modules/node/bin/node', import.meta.url))

export type HubOptions = {
  place: Place
  /** Onboard the starter model at the first start. */
  starter?: boolean
  /** More environment variables. */
  env?: Record<string, string>
  /** Starts it by this shell line, in which `exec "$0" "$@"` is the command. */
  shell?: string
  /** Both its outputs go to this file, as with a redirection. */
  logFile?: string
  /** False: do not wait until it is ready. */
  wait?: boolean
}

export type Hub = {
  place: Place
  url: string
  gatewayUrl: string
  /** The bootstrap administrator token. */
  token: string
  api: HubClient
  /** From the start of the program to /readyz. */
  readySeconds: number
  /** When that was, in milliseconds since 1970. */
  readyAt: number
  /** What the program has printed so far. */
  output: () => string
  /** Stops reading what it prints, as `| head -1` does. */
  closeOutput: () => void
  /** Every process of the hub that runs now. */
  processes: () => HubProcess[]
  /** SIGKILL. `hub` is the supervisor alone, `all` is every process of it at once, as a power cut would. */
  kill9: (which: Exclude<Part, 'other'> | 'all') => void
  /** Sends a signal to the supervisor alone, to its process group as a terminal does, or to every process as service managers do. */
  signal: (name: 'SIGTERM' | 'SIGINT' | 'SIGHUP', to?: 'hub' | 'group' | 'all') => void
  /** How the supervisor ended. */
  ended: Promise<{ code: number | null; signal: string | null }>
  /** SIGTERM to the supervisor; resolves when nothing of the hub runs any more. Throws when something stays. */
  stop: () => Promise<void>
  /** Waits until nothing of the hub runs any more, after a kill. Resolves with the seconds it took; throws after `limitMs`. */
  gone: (limitMs?: number) => Promise<number>
}

const readyLimitMs = 90_000
/** A control plane that lost its supervisor may take eight seconds to hand its jobs back. */
const goneLimitMs = 20_000

/** `describe` for suites that look at processes; without a process table they say so and are skipped. */
export function describeHub(name: string, define: () => void): void {
  const able = existsSync(`${processTable}/self/stat`)
  if (!able) process.stderr.write(`skipped: ${name}: no ${processTable} on this system\n`)
  describe.skipIf(!able)(name, define)
}

/** Starts hubs for the tests of a file; what still runs when they end is killed, and its place removed. */
export function useHubs(): { start: (options?: Partial<HubOptions>) => Promise<Hub>; place: () => Promise<Place> } {
  const hubs: Hub[] = []
  const places: Place[] = []
  afterAll(async () => {
    for (const hub of hubs) hub.kill9('all')
    await Promise.all(hubs.map((hub) => hub.gone()))
    for (const place of places) place.remove()
  }, 60_000)
  const place = async () => {
    const made = await makePlace()
    places.push(made)
    return made
  }
  return {
    place,
    start: async (options = {}) => {
      const hub = launch({ ...options, place: options.place ?? (await place()) })
      hubs.push(hub)
      if (options.wait === false) hub.ready.catch(() => undefined)
      else await hub.ready
      return hub
    },
  }
}

/** The environment of a program of the place: nothing of the hub's settings leaks in from outside. */
export function cleanEnvironment(place: Place, more: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: place.path,
    TMPDIR: place.temporary,
    LANG: 'C.UTF-8',
    MODELHUB_DATA: place.data,
    ...place.env,
    ...more,
  }
}

function launch({ place, starter = false, env = {}, shell, logFile }: HubOptions): Hub & { ready: Promise<void> } {
  const url = `http://127.0.0.1:${place.port}`
  // A working folder of this start alone: it marks what belongs to it even when another start follows at the same place.
  const folder = mkdtempSync(join(place.path, 'run-'))
  const began = performance.now()
  const command = [`${root}cli/main.ts`, 'serve']
  const [file, args] = shell === undefined ? [node, command] : ['sh', ['-c', shell, node, ...command]]
  const log = logFile === undefined ? ('pipe' as const) : openSync(logFile, 'a')
  const child = spawn(file, args, {
    cwd: folder,
    env: cleanEnvironment(place, {
      MODELHUB_PORT: String(place.port),
      MODELHUB_GATEWAY_PORT: String(place.gatewayPort),
      MODELHUB_ADMIN_TOKEN: place.token,
      MODELHUB_DISK_ROOTS: place.models,
      MODELHUB_STARTER: starter ? 'on' : 'off',
      ...env,
    }),
    stdio: ['ignore', log, log],
    detached: true,
  })
  if (log !== 'pipe') closeSync(log)
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  let output = ''
  const said = () => (logFile === undefined ? output : readFileSync(logFile, 'utf8'))
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-400_000)
    })
  }
  // Everything that was ever seen below the supervisor: once it is gone, nobody could say what belonged to it.
  const known = new Map<string, HubProcess>()
  const look = () => {
    const alive = processesBelow(child.pid ?? 0)
    for (const one of [...alive, ...processesIn(folder)]) known.set(`${one.pid} ${one.startedAt}`, one)
    return stillRunning(known.values())
  }
  const watching = setInterval(look, 250)
  watching.unref()
  const endAll = () => {
    for (const { pid } of look()) kill(pid)
  }
  process.once('exit', endAll)

  const hub: Hub & { ready: Promise<void> } = {
    place,
    url,
    gatewayUrl: `http://127.0.0.1:${place.gatewayPort}`,
    token: place.token,
    api: createClient({ url, token: place.token }),
    readySeconds: 0,
    readyAt: 0,
    output: said,
    closeOutput: () => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    },
    processes: look,
    kill9: (which) => {
      const targets = look().filter(({ part }) => which === 'all' || part === which)
      for (const { pid } of targets) kill(pid)
      // What was started between the look and the kill.
      if (which === 'all') for (const { pid } of look()) kill(pid)
      else look()
    },
    signal: (name, to = 'hub') => {
      const pid = child.pid ?? 0
      const targets = to === 'hub' ? [pid] : to === 'group' ? [-pid] : look().map((one) => one.pid)
      for (const target of targets) kill(target, name)
    },
    ended,
    stop: async () => {
      child.kill('SIGTERM')
      await hub.gone()
    },
    gone: async (limitMs = goneLimitMs) => {
      const from = performance.now()
      for (let left = look(); left.length > 0; left = look()) {
        if (performance.now() - from > limitMs) {
          const names = left.map(({ pid, command }) => `${pid} ${command.slice(0, 200)}`).join('\n')
          for (const { pid } of left) kill(pid)
          throw new Error(`these processes outlived the hub by ${limitMs} ms:\n${names}`)
        }
        await sleep(25)
      }
      clearInterval(watching)
      process.removeListener('exit', endAll)
      return (performance.now() - from) / 1_000
    },
    ready: Promise.resolve(),
  }
  hub.ready = untilReady(child, url, said).then(() => {
    hub.readySeconds = (performance.now() - began) / 1_000
    hub.readyAt = Date.now()
  })
  return hub
}

async function untilReady(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadline = performance.now() + readyLimitMs
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the hub ended with ${child.exitCode ?? child.signalCode} before it was ready:\n${output()}`)
    }
    // The announcement is this hub's own; the port may still belong to one that was killed a moment ago.
    const answer = output().includes('Model Hub is ready at')
      ? await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch(() => undefined)
      : undefined
    if (answer?.status === 200) return
    if (performance.now() > deadline) throw new Error(`the hub was not ready in ${readyLimitMs} ms:\n${output()}`)
    await sleep(25)
  }
}

function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // It is gone already.
  }
}
