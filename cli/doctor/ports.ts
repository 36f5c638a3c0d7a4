import { createServer } from 'node:net'
import { listenError } from '../../kernel/index.ts'
import { type Check, type DoctorCheck, fail, ok } from './check.ts'
import { get } from './get.ts'
import { holderOf } from './port-holder.ts'

/** The ports of the hub can be listened on, or are held by our own hub. */
export const checkPorts: DoctorCheck = async ({ config }) => {
  if (config === undefined) return []
  return Promise.all([
    checkPort('port', config.host, config.port, 'MODELHUB_PORT'),
    checkPort('gateway port', config.host, config.gatewayPort, 'MODELHUB_GATEWAY_PORT'),
  ])
}

async function checkPort(name: string, host: string, port: number, variable: string): Promise<Check> {
  if (port === 0) return ok(name, 'any free port')
  const error = await tryListen(host, port)
  if (error === undefined) return ok(name, `${host}:${port} is free`)
  if (error.code === 'EADDRINUSE') {
    if (await speaksOurs(`http://127.0.0.1:${port}`)) return ok(name, `${host}:${port} is held by a running hub`)
    const holder = holderOf(port)
    const by = holder === undefined ? 'another program' : `${holder.command} (process ${holder.pid})`
    return fail(name, `${host}:${port} is held by ${by}`, `Stop that program, or choose another with ${variable}.`)
  }
  const known = listenError(error, { host, port, variable })
  return fail(
    name,
    known?.message ?? `${host}:${port} cannot be listened on (${error.code})`,
    known?.remedy ?? `Choose another with ${variable}.`,
  )
}

/** True when something that speaks like a hub or its gateway answers at the address. */
async function speaksOurs(url: string): Promise<boolean> {
  const answer = await get(`${url}/healthz`)
  return typeof (answer?.body as { status?: unknown } | undefined)?.status === 'string'
}

function tryListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
