import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type Harness, secretKey } from './harness.ts'

export type GatewayProcess = {
  url: string
  pid: number
  log: () => string
  /** SIGKILL; resolves when it is gone. */
  kill: () => Promise<void>
}

/** The gateway as a process of its own, between the control plane and the engine of a harness. Resolves when it listens. */
export async function startGatewayProcess(hub: Harness, more: Record<string, string> = {}): Promise<GatewayProcess> {
  const env = { ...environmentOf(hub), ...more }
  const child = fork(new URL('../main.ts', import.meta.url), { env, execArgv: [], silent: true })
  let log = ''
  child.stderr?.on('data', (part: Buffer) => (log += part.toString('utf8')))
  const told = await nextMessage(child)
  if (told.type !== 'ready') throw new Error(`the gateway said ${JSON.stringify(told)}\n${log}`)
  return {
    url: `http://127.0.0.1:${told.port}`,
    pid: child.pid ?? 0,
    log: () => log,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Its environment, as the supervisor would set it. */
export const environmentOf = (hub: Harness): Record<string, string | undefined> => ({
  PATH: process.env['PATH'],
  MODELHUB_GATEWAY_PORT: '0',
  MODELHUB_DATA: hub.folder,
  MODELHUB_CONTROL_URL: hub.config.controlUrl,
  MODELHUB_JOIN_TOKEN: hub.config.joinToken,
  MODELHUB_SECRET_KEY: secretKey.toString('base64'),
  MODELHUB_ENGINE_SOCKET: hub.config.engineSocket,
  MODELHUB_ENGINE_SECRET: hub.config.engineSecret,
  MODELHUB_NET_ALLOW: '127.0.0.1',
})

type Told = { type?: string; port?: number; code?: string; message?: string }

/** The first thing it says; rejects when it ends before. */
export async function nextMessage(child: ChildProcess): Promise<Told> {
  return await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Told))
    child.once('exit', (code, signal) => reject(new Error(`the gateway ended with ${code ?? signal}`)))
  })
}
