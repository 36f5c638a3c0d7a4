import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { buildConnector } from 'undici'
import { expect, test } from 'vitest'
import { hubErrorOf, temporaryFolder } from '../../../test/support/index.ts'
import { createNet, parseAllowList } from './index.ts'

/** A key and a certificate for tls.example that is good for a day; null where there is no openssl. */
function certificate(folder: string): { key: string; cert: string } | null {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const how = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=tls.example'
  const files = ['-addext', 'subjectAltName=DNS:tls.example', '-keyout', key, '-out', cert]
  const made = spawnSync('openssl', [...how.split(' '), ...files])
  return made.status === 0 ? { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } : null
}

test('https: the name is asked for and proved, a certificate nobody vouches for is refused, and no redirect leaves it', async ({
  skip,
}) => {
  const folder = temporaryFolder('tls')
  const pair = certificate(folder.path)
  folder.remove()
  if (pair === null) return skip('there is no openssl here')
  const names: unknown[] = []
  let hits = 0
  const server = createServer(pair, (request, response) => {
    hits += 1
    names.push((request.socket as TLSSocket).servername)
    if (request.url === '/down') response.writeHead(302, { location: `http://tls.example:${port}/` })
    response.end('safe')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const options = {
    allow: parseAllowList('tls.example,other.example'),
    lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  }
  const trusting = createNet({ ...options, dial: (given) => buildConnector({ ...given, ca: pair.cert }) })
  const wary = createNet(options)
  expect(await (await trusting.request(`https://tls.example:${port}/`)).text()).toBe('safe')
  expect(names).toEqual(['tls.example'])
  expect(await hubErrorOf(trusting.request(`https://other.example:${port}/`))).toMatchObject({
    code: 'unreachable',
    details: { reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  })
  expect(await hubErrorOf(wary.request(`https://tls.example:${port}/`))).toMatchObject({
    kind: 'upstream',
    code: 'unreachable',
  })
  expect(hits).toBe(1)
  expect(await hubErrorOf(trusting.request(`https://tls.example:${port}/down`))).toMatchObject({
    code: 'redirect_refused',
  })
  // Not on the list any more: the same server at the same address.
  const closed = createNet({ ...options, allow: parseAllowList('') })
  expect(await hubErrorOf(closed.request(`https://tls.example:${port}/`))).toMatchObject({ code: 'address_refused' })
  for (const one of [trusting, wary, closed]) await one.close()
  server.close()
  server.closeAllConnections()
})
