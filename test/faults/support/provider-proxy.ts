import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import type { Answer, Asked } from '../../../server/modules/providers/testing/provider-server.ts'

export type ProviderProxy = {
  /** For HTTPS_PROXY, with its password. */
  url: string
  /** A file for NODE_EXTRA_CA_CERTS. */
  certificate: string
  /** Hosts that were asked for. */
  hosts: () => ReadonlySet<string>
  /** Connections that were refused for want of the password. */
  refused: () => number
  close: () => Promise<void>
}

/**
 * An egress proxy that wants a password, and behind it one server for every host of `hosts`: a real hub, over real TLS, with what cannot
 * be reached here answered by `answer`. Null where there is no openssl.
 */
export async function startProviderProxy(
  folder: string,
  hosts: readonly string[],
  login: { user: string; password: string },
  answer: (asked: Asked) => Answer,
): Promise<ProviderProxy | null> {
  const [key, certificate] = [join(folder, 'proxy-key.pem'), join(folder, 'proxy-cert.pem')]
  const how = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=providers.example'
  const names = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`
  const made = spawnSync('openssl', [...how.split(' '), '-addext', names, '-keyout', key, '-out', certificate])
  if (made.status !== 0) return null

  const seen = new Set<string>()
  const sockets = new Set<Socket>()
  let refused = 0
  const respond = async (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const url = `https://${request.headers.host ?? ''}${request.url ?? '/'}`
    const said = answer({ method: request.method ?? '', url, headers: request.headers, body })
    const text = typeof said.body === 'string' ? said.body : JSON.stringify(said.body)
    response.writeHead(said.status, { 'content-type': 'application/json', ...said.headers }).end(text)
  }
  const providers = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (request, response) => {
      respond(request, response).catch(() => response.destroy())
    },
  )
  const expected = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
  const proxy = createServer((_request, response) => response.writeHead(405).end())
  proxy.on('connect', (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    if (request.headers['proxy-authorization'] !== expected) {
      refused += 1
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    seen.add((request.url ?? '').replace(/:\d+$/, ''))
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    providers.emit('connection', socket)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return {
    url: `http://${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@127.0.0.1:${port}`,
    certificate,
    hosts: () => seen,
    refused: () => refused,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
