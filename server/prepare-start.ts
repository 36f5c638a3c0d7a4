import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { conflict, type HubError, listenError } from '../kernel/index.ts'
import type { Config } from './platform/config.ts'
import { assertFileLimit, folderIdentity, folderIsLocked, prepareDataFolder } from './platform/place/index.ts'

/** What the processes of a hub are told of its data folder, so that one that is started again does not begin a new hub in silence. */
export type PlaceVariables = { MODELHUB_DATA_IDENTITY: string; MODELHUB_DATA_MADE?: string }

const lookEveryMs = 200

/**
 * Everything a start must find before the first process is started: files may be opened, the data folder can be used, has room and is
 * nobody else's, both ports are free. What a hub that was killed a moment ago still holds is waited for.
 * @throws HubError for the operator: the start ends with status 78
 */
export async function prepareStart(config: Config, patienceMs: number): Promise<PlaceVariables> {
  assertFileLimit()
  prepareDataFolder(config.dataFolder, { embedded: config.databaseUrl === undefined && config.role !== 'gateway' })
  const until = performance.now() + patienceMs
  // A folder that is held says more than the ports that come with it.
  for (;;) {
    const problem = heldFolder(config) ?? (await heldPort(config))
    if (problem === undefined) break
    const passing = problem.code === 'data_folder_in_use' || problem.code === 'port_in_use'
    if (!passing || performance.now() > until) throw problem
    await sleep(lookEveryMs)
  }
  return { MODELHUB_DATA_IDENTITY: folderIdentity(config.dataFolder) ?? '' }
}

function heldFolder({ dataFolder: folder, role }: Config): HubError | undefined {
  // These share the folder with a gateway and with each other; they have a PostgreSQL and lock nothing.
  if (role === 'api' || role === 'worker') return undefined
  if (folderIsLocked(folder) !== true) return undefined
  const pid = pidOfHub(folder)
  return conflict(
    'data_folder_in_use',
    `Another hub${pid === undefined ? '' : ` (process ${pid})`} is running on the data folder ${folder}.`,
    'Stop it first, or give this one its own folder with MODELHUB_DATA.',
    { details: { folder } },
  )
}

async function heldPort({ host, port, gatewayPort, role }: Config): Promise<HubError | undefined> {
  const wanted = [
    ...(role === 'gateway' ? [] : [{ host, port, variable: 'MODELHUB_PORT' }]),
    ...(role === 'all' || role === 'gateway' ? [{ host, port: gatewayPort, variable: 'MODELHUB_GATEWAY_PORT' }] : []),
  ]
  for (const at of wanted) {
    const error = at.port === 0 ? undefined : await tryListen(at.host, at.port)
    const known = error === undefined ? undefined : listenError(error, at)
    if (known !== undefined) return known
  }
  return undefined
}

function tryListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}

/** The supervisor, as the running hub has left it for tools on this machine. */
function pidOfHub(folder: string): number | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(folder, 'hub.json'), 'utf8')) as { pid?: unknown }
    return typeof pid === 'number' ? pid : undefined
  } catch {
    return undefined
  }
}
