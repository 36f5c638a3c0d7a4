import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Lookup } from '../../../egress/guarded-connector.ts'
import { temporaryFolder } from '../../../test/support/index.ts'
import { readConfig } from '../../config.ts'
import { createLog } from '../../log.ts'
import { startGateway } from '../../start-gateway.ts'
import { aKey, aRoute } from '../../testing/fake-control.ts'
import { aHosted, aHostedRoute, aSpec, credential, startFakeProvider } from '../../testing/fake-provider.ts'
import { startGatewayProcess } from '../../testing/gateway-process.ts'
import { type Harness, key, silent, soon, startHarness } from '../../testing/harness.ts'

const open: { close: () => unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** A gateway that reads these variables, before routes to these addresses: `m0`, `m1`, … */
async function gatewayTo(addresses: string[], env: Record<string, string> = {}, lookup?: Lookup): Promise<Harness> {
  const hub = await startHarness()
  open.push(hub)
  await hub.gateway.close(0)
  const { net } = readConfig({
    MODELHUB_JOIN_TOKEN: 'x',
    MODELHUB_SECRET_KEY: Buffer.alloc(32).toString('base64'),
    MODELHUB_ENGINE_SOCKET: 'x',
    MODELHUB_ENGINE_SECRET: 'x',
    ...env,
  })
  hub.config = { ...hub.config, net }
  hub.gateway = await startGateway(hub.config, { log: silent, ...(lookup === undefined ? {} : { lookup }) })
  hub.url = `http://127.0.0.1:${hub.gateway.port}`
  const routes = addresses.map((address, at) => aHostedRoute(`m${at}`, aSpec(address)))
  const engine = aRoute('spare').targets
  const blocked = aHosted('spare', aSpec(addresses[0] ?? ''), 2, 1_000_000_000)
  hub.control.publish(2, [...routes, aRoute('spare', { targets: [blocked, ...engine] })], [aKey(key)])
  await hub.version(2)
  return hub
}
const provider = async () => {
  const made = await startFakeProvider()
  open.push(made)
  return made
}
const errorOf = async (response: Response) => {
  const text = await response.text()
  const { error } = JSON.parse(text) as { error?: { code: string; message: string } }
  return { status: response.status, code: error?.code, message: error?.message, text }
}
const ask = (model: string) => ({ model, messages: [{ role: 'user', content: 'hi' }] })

test('a loopback or private address is refused with a plain error, in every form of writing, unless it is allowed', async () => {
  const { calls, port } = await provider()
  const names: Record<string, string[]> = {
    'inner.example': ['127.0.0.1'],
    'mixed.example': ['93.184.216.34', '127.0.0.1'],
  }
  const addresses = [
    `http://127.0.0.1:${port}/v1`,
    `https://127.0.0.1:${port}/v1`,
    `http://localhost:${port}/v1`,
    `http://127.1:${port}/v1`,
    `http://2130706433:${port}/v1`,
    `http://0x7f000001:${port}/v1`,
    `http://0.0.0.0:${port}/v1`,
    `http://[::1]:${port}/v1`,
    `http://[::ffff:127.0.0.1]:${port}/v1`,
    `http://[64:ff9b::7f00:1]:${port}/v1`,
    'http://169.254.169.254/v1',
    'https://10.0.0.1/v1',
    'https://192.168.1.1/v1',
    'https://100.64.0.1/v1',
    'https://[fd00::1]/v1',
    `https://inner.example:${port}/v1`,
    `https://mixed.example:${port}/v1`,
    'http://93.184.216.34/v1',
    'https://93.184.216.34:25/v1',
  ]
  const lookup: Lookup = (name) =>
    Promise.resolve((names[name] ?? ['127.0.0.1']).map((address) => ({ address, family: 4 })))
  const hub = await gatewayTo(addresses, {}, lookup)
  for (const at of addresses.keys()) {
    const { status, code, message, text } = await errorOf(await hub.call(ask(`m${at}`)))
    expect([addresses[at], status, code]).toEqual([addresses[at], 502, 'upstream_address_refused'])
    expect(message).toBe(
      'The gateway may not reach the address of Acme AI: it is private, or not encrypted. ' +
        `Ask Ada, who owns the route "m${at}", to correct it; an operator allows such an address with MODELHUB_NET_ALLOW.`,
    )
    expect(text).not.toContain('example')
    expect(text).not.toContain('127.')
  }
  // Another target of the route answers for it.
  expect((await hub.call(ask('spare'))).headers.get('x-modelhub-target')).toBe('tgt_spare_1')
  expect(calls).toEqual([])

  const allowed = await gatewayTo(addresses, { MODELHUB_NET_ALLOW: `127.0.0.1,localhost:${port}` })
  expect((await allowed.call(ask('m0'))).status).toBe(200)
  expect((await allowed.call(ask('m2'))).status).toBe(200)
  expect(calls.length).toBe(2)
})

test('a name server that answers otherwise the second time changes nothing', async () => {
  const { calls, port } = await provider()
  let asked = 0
  const lookup: Lookup = () => Promise.resolve([{ address: ++asked === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }])
  const hub = await gatewayTo([`https://rebinding.example:${port}/v1`], {}, lookup)
  for (let at = 0; at < 3; at++) expect((await hub.call(ask('m0'))).status).toBe(502)
  expect(calls).toEqual([])
})

test('a name server that does not answer is given up after the time for a connection', async () => {
  const never = Promise.withResolvers<never>()
  const hub = await gatewayTo(['https://slow.example/v1'], {}, () => never.promise)
  const began = performance.now()
  expect(await errorOf(await hub.call(ask('m0')))).toMatchObject({ status: 502, code: 'upstream_unreachable' })
  process.stdout.write(`  given up after ${Math.round(performance.now() - began)} ms of 1,000\n`)
  expect(performance.now() - began).toBeLessThan(10_000)
})

test('the operator is told once a minute what the caller is not: which address', async () => {
  const { port } = await provider()
  const hub = await gatewayTo([`http://127.0.0.1:${port}/v1`])
  await hub.gateway.close(0)
  const lines: string[] = []
  const log = createLog('warn')
  log.warn = ((facts: object, text: string) => void lines.push(JSON.stringify({ ...facts, text }))) as typeof log.warn
  hub.gateway = await startGateway(hub.config, { log })
  hub.url = `http://127.0.0.1:${hub.gateway.port}`
  await hub.version(2)
  for (let at = 0; at < 3; at++) await hub.call(ask('m0'))
  const told = lines.filter((line) => line.includes('upstream_address_refused'))
  expect(told).toHaveLength(1)
  expect(told[0]).toContain(`127.0.0.1:${port} is not an address of the public internet`)
  expect(told[0]).toContain('"target":"tgt_m0_1"')
})

test('through a proxy, which is asked for what may be reached and for nothing else', async () => {
  const { port, calls, url } = await provider()
  const asked: string[] = []
  const proxy: Server = createServer((_req, res) => void res.writeHead(500).end())
  proxy.on('connect', (req, socket) => {
    asked.push(req.url ?? '')
    const [host, to] = (req.url ?? '').split(':')
    const out = connect(Number(to), host ?? '', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n')
      out.pipe(socket).pipe(out)
    })
    for (const side of [out, socket]) side.on('error', () => [out, socket].forEach((one) => one.destroy()))
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      proxy.closeAllConnections()
      proxy.close()
    },
  })
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const through = {
    MODELHUB_NET_ALLOW: `127.0.0.1:${port}`,
    HTTP_PROXY: address,
    HTTPS_PROXY: address,
  }
  const hub = await gatewayTo([`${url}/v1`, 'https://10.0.0.1/v1', 'https://localhost/v1'], through)
  expect((await hub.call(ask('m0'))).status).toBe(200)
  expect((await (await hub.call({ ...ask('m0'), stream: true })).text()).endsWith('data: [DONE]\n\n')).toBe(true)
  expect(asked).toEqual([`127.0.0.1:${port}`])
  expect(calls.at(-1)?.headers).toMatchObject({ authorization: `Bearer ${credential}`, host: `127.0.0.1:${port}` })
  for (const model of ['m1', 'm2']) {
    expect(await errorOf(await hub.call(ask(model)))).toMatchObject({ status: 502, code: 'upstream_address_refused' })
  }
  expect(asked).toHaveLength(1)

  const past = await gatewayTo([`${url}/v1`], { ...through, NO_PROXY: '127.0.0.1' })
  expect((await past.call(ask('m0'))).status).toBe(200)
  expect(asked).toHaveLength(1)
  await soon(() => calls.length === 3)
})

test('over https: the certificate is proved before a byte is sent, and the name is what it is proved for', async ({
  skip,
}) => {
  const folder = temporaryFolder('upstream-tls')
  open.push({ close: folder.remove })
  const [keyFile, certFile] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')]
  const how = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost'
  const files = ['-addext', 'subjectAltName=DNS:localhost', '-keyout', keyFile, '-out', certFile]
  if (spawnSync('openssl', [...how.split(' '), ...files]).status !== 0) return skip('there is no openssl here')
  const sent: string[] = []
  const pair = { key: readFileSync(keyFile), cert: readFileSync(certFile) }
  const server = createTlsServer(pair, (req, res) => {
    sent.push(req.headers.authorization ?? '')
    res.setHeader('content-type', 'application/json').end('{"choices":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  open.push({
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  const { port } = server.address() as AddressInfo
  const allow = { MODELHUB_NET_ALLOW: 'localhost,127.0.0.1' }
  const addresses = [`https://localhost:${port}/v1`, `https://127.0.0.1:${port}/v1`, `http://localhost:${port}/v1`]
  const hub = await gatewayTo(addresses, allow)
  const wary = await errorOf(await hub.call(ask('m0')))
  expect(wary).toMatchObject({ status: 502, code: 'upstream_unreachable' })
  expect(sent).toEqual([])
  await hub.gateway.close(0)
  const trusting = await startGatewayProcess(hub, { ...allow, NODE_EXTRA_CA_CERTS: certFile })
  open.push({ close: () => trusting.kill() })
  hub.url = trusting.url
  await hub.version(2)
  expect((await hub.call(ask('m0'))).status).toBe(200)
  expect(sent).toEqual([`Bearer ${credential}`])
  // Another name for the same server, and no TLS where it is asked for.
  for (const model of ['m1', 'm2']) expect((await hub.call(ask(model))).status).toBe(502)
  expect(sent).toHaveLength(1)
})
