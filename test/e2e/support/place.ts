import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where a hub lives: it may be started there again and again, on the same ports. */
export type Place = {
  /** Holds everything below. */
  path: string
  /** The hub's data folder. */
  data: string
  /** An allowed root for disk sources. */
  models: string
  /** The hub's folder for temporary files. */
  temporary: string
  port: number
  gatewayPort: number
  token: string
  /** Settings of every program that is started here. */
  env: Record<string, string>
  remove: () => void
}

/** A new empty place in the system's temporary folder with two free ports of 127.0.0.1. */
export async function makePlace(): Promise<Place> {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'mh-e2e-')))
  const [data, models, temporary] = [join(path, 'data'), join(path, 'models'), join(path, 'tmp')]
  mkdirSync(models)
  mkdirSync(temporary)
  const [port, gatewayPort] = await freePorts()
  return {
    path,
    data,
    models,
    temporary,
    port,
    gatewayPort,
    token: randomBytes(24).toString('hex'),
    env: {},
    remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  }
}

/** Both are held at the same time, so that they differ. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()] as const
  const ports = await Promise.all(servers.map(listen))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return [ports[0] ?? 0, ports[1] ?? 0]
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no port'))
      else resolve(address.port)
    })
  })
}
