import { createServer } from 'node:net'
import { type Check, fail, ok } from './check.ts'

type PortToCheck = { name: string; port: number; variable: string }

/**
 * Whether the ports of the hub can be listened on, or are held by our own hub. `answers` says for each port whether our hub is
 * what holds it.
 */
export function portChecks(
  host: string,
  ports: readonly PortToCheck[],
  answers: (port: number) => Promise<boolean>,
): Promise<Check[]> {
  return Promise.all(
    ports.map(async ({ name, port, variable }) => {
      if (port === 0) return ok(name, 'any free port')
      const code = await listenError(host, port)
      if (code === undefined) return ok(name, `${host}:${port} is free`)
      if (code === 'EADDRINUSE' && (await answers(port))) return ok(name, `${host}:${port} is held by a running hub`)
      const message = code === 'EADDRINUSE' ? 'is held by another program' : `cannot be listened on (${code})`
      return fail(name, `${host}:${port} ${message}`, `Stop that program, or choose another with ${variable}.`)
    }),
  )
}

function listenError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
