import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { entry, HubError, messageOf } from '../kernel/index.ts'
import { makeSocketsFolder } from './engine-sockets.ts'
import type { Announcement } from './first-start.ts'
import { type Config, readConfig } from './platform/config.ts'
import { replaceFileDurably } from './platform/durable-files.ts'
import { asDiskError } from './platform/place/index.ts'
import { productVersion } from './platform/product.ts'
import { loadSecretKey } from './platform/secret-key.ts'
import { prepareStart } from './prepare-start.ts'
import { type Child, type Refusal, superviseChild } from './supervise-child.ts'

type ControlMessage = { type: 'ready'; port: number; announcement: Announcement }
type WaitingMessage = { type: 'waiting'; code: string; text: string }

/** Together within the ten seconds that service managers wait by habit before they kill. */
const drainLimitMs = 9_000
const engineLimitMs = 1_000
/** How often the operator is told that the database is still away. */
const waitingEveryMs = 30_000
/** How long a start waits for what another hub may be about to let go. */
const patienceMs = 4_000

export type SupervisorOutput = { line: (text: string) => void; problem: (text: string) => void }

/**
 * `modelhub serve`: starts engine host, control plane and gateway as siblings, restarts each when it ends, and ends all of them in
 * order when it is told to stop (SIGTERM, SIGINT, SIGHUP; repeated signals change nothing). Resolves with the exit code.
 */
export async function runSupervisor(output: SupervisorOutput = terminal): Promise<number> {
  let config: Config
  try {
    config = readConfig()
  } catch (error) {
    return refuse(output, error)
  }
  // A signal may come at any time, and twice: npm passes on what a terminal has already sent to every process of its group.
  const told = Promise.withResolvers<void>()
  process.on('SIGTERM', () => told.resolve())
  process.on('SIGINT', () => told.resolve())
  // The terminal was closed. What is still said has no reader then.
  process.on('SIGHUP', () => told.resolve())
  output.line(`Model Hub ${productVersion} is starting …`)
  let sockets: string
  let environment: Record<string, string>
  try {
    const place = await prepareStart(config, patienceMs)
    sockets = await makeSocketsFolder(config.dataFolder)
    environment = { ...(await childEnvironment(config, sockets)), ...place }
  } catch (error) {
    return refuse(output, error)
  }
  return new Promise((resolve) => {
    const startedAt = performance.now()
    /** Those that serve, and the engine host that they serve with. */
    const front: Child[] = []
    const engines: Child[] = []
    let stopping = false
    const end = async (children: readonly Child[], limitMs: number) => {
      const ends = await Promise.all(children.map((child) => child.stop(limitMs)))
      if (ends.includes('killed')) output.problem(`Not everything had ended after ${limitMs / 1_000} s; it was killed.`)
    }
    const stop = async (code: number) => {
      if (stopping) return
      stopping = true
      output.line('Model Hub is stopping: what is under way is ended first …')
      // The gateway's last answers and the measurements that are handed back still need the engine.
      await end(front, drainLimitMs)
      await end(engines, engineLimitMs)
      await rm(sockets, { recursive: true, force: true })
      output.line('Model Hub has stopped.')
      resolve(code)
    }

    let wasReady = false
    let lastRefusal = ''
    const onRefused = ({ code, text }: Refusal): 'retry' | 'wait' | 'stop' => {
      // A hub that was killed a moment ago may still hold its port and its folder: its processes end within a second.
      const passing = code === 'port_in_use' || code === 'data_folder_in_use'
      if (passing && performance.now() - startedAt < patienceMs) return 'retry'
      if (text !== lastRefusal) output.problem(text)
      lastRefusal = text
      // A hub that has been ready goes on by itself when the disk, the database or the port is back; its gateway answers meanwhile.
      if (wasReady && !lasting.has(code)) return 'wait'
      void stop(78)
      return 'stop'
    }
    const watched = { env: environment, onRefused, onEnded: output.problem }
    // Both ports must be ours, and the gateway must know what it may serve, before anybody is told to use them.
    let announcement: Announcement | undefined
    let gatewayReady = config.role === 'api' || config.role === 'worker'
    const announceWhenReady = () => {
      if (announcement === undefined || !gatewayReady || stopping) return
      wasReady = true
      lastRefusal = ''
      announce(output, config, announcement)
      // The command line on this machine is to find who answers it.
      if (config.role !== 'worker') writeHubFile(config, output)
      announcement = undefined
    }
    let waitingToldAt: number | undefined
    const onWaiting = ({ text }: WaitingMessage) => {
      if (waitingToldAt !== undefined && performance.now() - waitingToldAt < waitingEveryMs) return
      waitingToldAt = performance.now()
      output.problem(`${text} Waiting for it; the rest follows by itself.`)
    }
    const onControlMessage = (message: unknown) => {
      const said = message as ControlMessage | WaitingMessage
      if (said.type === 'waiting') return onWaiting(said)
      if (said.type !== 'ready') return
      environment['MODELHUB_DATA_MADE'] = 'yes'
      announcement = said.announcement
      announceWhenReady()
    }
    // An API process loads no model; a gateway loads what it serves.
    if (config.role !== 'api') {
      const engine = entry('../engine/main', import.meta.url)
      engines.push(superviseChild({ ...watched, name: 'engine host', file: engine }))
    }
    if (config.role !== 'gateway') {
      const control = entry('./main', import.meta.url)
      front.push(superviseChild({ ...watched, name: 'control plane', file: control, onMessage: onControlMessage }))
    }
    if (config.role === 'all' || config.role === 'gateway') {
      const onMessage = (message: unknown) => {
        const { type } = message as { type?: unknown }
        // Without a control plane beside it, a gateway serves from its copy on disk until one answers.
        if (type !== 'connected' && config.role === 'all') return
        if (config.role === 'gateway' && !gatewayReady) {
          output.line(`Model Hub is ready at ${config.gatewayUrl}/v1 as a gateway of ${config.controlUrl}.`)
        }
        gatewayReady = true
        announceWhenReady()
      }
      const file = entry('../gateway/main', import.meta.url)
      front.push(superviseChild({ ...watched, name: 'gateway', file, onMessage }))
    }
    void told.promise.then(() => stop(0))
  })
}

/** Refusals of a hub that has been ready which no waiting cures. */
const lasting: ReadonlySet<string | null> = new Set([
  'data_folder_gone',
  'database_missing',
  'data_newer_than_hub',
  'migration_changed',
  'invalid_config',
])

/** Tells the operator what to do; anything else is a defect and is thrown. */
function refuse(output: SupervisorOutput, error: unknown): number {
  const known = error instanceof HubError ? error : asDiskError(error)
  if (known === null) throw error
  output.problem(`${known.message} ${known.remedy ?? ''}`)
  return 78
}

async function childEnvironment(config: Config, sockets: string): Promise<Record<string, string>> {
  const key = await loadSecretKey(config.dataFolder, config.secretKey)
  // oxlint-disable-next-line node/no-process-env -- children are configured by the same variables, plus the secrets of this start
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  )
  return {
    ...inherited,
    MODELHUB_DATA: config.dataFolder,
    MODELHUB_SECRET_KEY: Buffer.from(key).toString('base64'),
    MODELHUB_CONTROL_URL: config.controlUrl ?? `http://${reachable(config.host)}:${config.port}`,
    MODELHUB_JOIN_TOKEN: config.joinToken ?? randomBytes(24).toString('base64url'),
    MODELHUB_ENGINE_SOCKET: join(sockets, 'engine.sock'),
    MODELHUB_ENGINE_SECRET: randomBytes(24).toString('base64url'),
    MODELHUB_ENGINE_MEMORY_BYTES: String(config.engineMemoryBytes ?? Math.floor(totalmem() * 0.6)),
    MODELHUB_ENGINE_IDLE_MS: String(config.engineIdleMs),
  }
}

const reachable = (host: string) => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)

function announce(output: SupervisorOutput, config: Config, announcement: Announcement): void {
  output.line('')
  if (config.role === 'worker') {
    output.line(
      `Model Hub is ready at ${config.publicUrl} as a worker: it runs jobs and answers /healthz, /readyz, /metrics.`,
    )
    output.line('')
    return
  }
  output.line(`Model Hub is ready at ${config.publicUrl}`)
  output.line(`Inference endpoint:   ${config.gatewayUrl}/v1`)
  if (announcement.setupUrl !== null) {
    output.line('')
    output.line('Set up the administrator with this link (valid for one hour, works once):')
    output.line(`  ${announcement.setupUrl}`)
  }
  if (announcement.starterKey !== null) {
    output.line('')
    output.line('The starter model is being onboarded. This key may call it and nothing else:')
    output.line(`  ${announcement.starterKey}`)
    output.line('')
    output.line(
      `  curl ${config.gatewayUrl}/v1/chat/completions -H "Authorization: Bearer ${announcement.starterKey}" \\`,
    )
    output.line(
      `    -H 'content-type: application/json' -d '{"model":"modelhub/starter","messages":[{"role":"user","content":"abc"}]}'`,
    )
  }
  output.line('')
}

/** Where tools on this machine find the running hub. */
function writeHubFile(config: Config, output: SupervisorOutput): void {
  const text = `${JSON.stringify({ url: config.publicUrl, gatewayUrl: config.gatewayUrl, pid: process.pid })}\n`
  try {
    replaceFileDurably(join(config.dataFolder, 'hub.json'), text)
  } catch (error) {
    output.problem(
      `hub.json could not be written (${messageOf(error)}); \`modelhub\` on this machine may not find this hub.`,
    )
  }
}

const terminal: SupervisorOutput = {
  line: (text) => void process.stdout.write(`${text}\n`),
  problem: (text) => void process.stderr.write(`modelhub: ${text}\n`),
}
