import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir, totalmem } from 'node:os'
import { basename, join } from 'node:path'
import { entry, HubError } from '../kernel/index.ts'
import type { Announcement } from './first-start.ts'
import { type Config, readConfig } from './platform/config.ts'
import { productVersion } from './platform/product.ts'
import { loadSecretKey } from './platform/secret-key.ts'
import { type Child, type Refusal, superviseChild } from './supervise-child.ts'

type ControlMessage = { type: 'ready'; port: number; announcement: Announcement }

const stopLimitMs = 10_000
/** How long a start waits for what another hub may be about to let go. */
const patienceMs = 4_000
/** Of the folder for the engine's socket: outside the data folder, because the path of a socket may have 107 bytes at most. */
const socketsPrefix = 'modelhub-'

export type SupervisorOutput = { line: (text: string) => void; problem: (text: string) => void }

/**
 * `modelhub serve`: starts engine host, control plane and gateway as siblings, restarts each when it ends, and ends all of them when
 * it is told to stop. Resolves with the exit code.
 */
export async function runSupervisor(output: SupervisorOutput = terminal): Promise<number> {
  let config: Config
  try {
    config = readConfig()
  } catch (error) {
    if (!(error instanceof HubError)) throw error
    output.problem(`${error.message} ${error.remedy ?? ''}`)
    return 78
  }
  output.line(`Model Hub ${productVersion} is starting …`)
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 })
  const sockets = await mkdtemp(join(tmpdir(), socketsPrefix))
  const environment = await childEnvironment(config, sockets)
  return new Promise((resolve) => {
    const startedAt = Date.now()
    const children: Child[] = []
    let stopping = false
    const stop = (code: number) => {
      if (stopping) return
      stopping = true
      void Promise.all(children.map((child) => child.stop(stopLimitMs)))
        .then(() => rm(sockets, { recursive: true, force: true }))
        .then(() => resolve(code))
    }
    process.once('SIGTERM', () => stop(0))
    process.once('SIGINT', () => stop(0))

    const onRefused = ({ code, text }: Refusal): 'retry' | 'stop' => {
      // A hub that was killed a moment ago may still hold its port and its folder: its processes end within a second.
      const passing = code === 'port_in_use' || code === 'data_folder_in_use'
      if (passing && Date.now() - startedAt < patienceMs) return 'retry'
      output.problem(text)
      stop(78)
      return 'stop'
    }
    // Both ports must be ours, and the gateway must know what it may serve, before anybody is told to use them.
    let announcement: Announcement | undefined
    let gatewayReady = config.role === 'api' || config.role === 'worker'
    const announceWhenReady = () => {
      if (announcement === undefined || !gatewayReady || stopping) return
      announce(output, config, announcement)
      void writeHubFile(config, sockets)
      announcement = undefined
    }
    const onControlMessage = (message: unknown) => {
      const told = message as ControlMessage
      if (told.type !== 'ready') return
      announcement = told.announcement
      announceWhenReady()
    }
    if (config.role !== 'gateway') {
      children.push(
        superviseChild({ name: 'engine', file: entry('../engine/main', import.meta.url), env: environment, onRefused }),
        superviseChild({
          name: 'control',
          file: entry('./main', import.meta.url),
          env: environment,
          onMessage: onControlMessage,
          onRefused,
        }),
      )
    }
    if (config.role === 'all' || config.role === 'gateway') {
      children.push(
        superviseChild({
          name: 'gateway',
          file: entry('../gateway/main', import.meta.url),
          env: environment,
          onMessage: (message) => {
            const told = (message as { type?: unknown }).type
            // Without a control plane beside it, a gateway serves from its copy on disk until one answers.
            if (told !== 'connected' && config.role === 'all') return
            gatewayReady = true
            announceWhenReady()
          },
          onRefused,
        }),
      )
    }
  })
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

/** Where tools on this machine find the running hub, and where the next one finds what a killed one could not remove. */
async function writeHubFile(config: Config, sockets: string): Promise<void> {
  const path = join(config.dataFolder, 'hub.json')
  await removeOldSockets(path, sockets)
  const text = `${JSON.stringify({ url: config.publicUrl, gatewayUrl: config.gatewayUrl, pid: process.pid, sockets })}\n`
  await writeFile(`${path}.tmp`, text, { mode: 0o600 })
  await rename(`${path}.tmp`, path)
}

/** Once the control plane is ready it holds the data folder, so that the supervisor of an older file is certainly gone. */
async function removeOldSockets(hubFile: string, current: string): Promise<void> {
  const told = await readFile(hubFile, 'utf8').catch(() => '')
  const old = /"sockets":"([^"\\]+)"/.exec(told)?.[1]
  if (old === undefined || old === current || !basename(old).startsWith(socketsPrefix)) return
  await rm(old, { recursive: true, force: true }).catch(() => undefined)
}

const terminal: SupervisorOutput = {
  line: (text) => void process.stdout.write(`${text}\n`),
  problem: (text) => void process.stderr.write(`modelhub: ${text}\n`),
}
