import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { proxyFor, proxyFromEnvironment } from '../../../egress/index.ts'
import { fixedClock, HubError, systemClock } from '../../../kernel/index.ts'
import { hubErrorOf } from '../../../test/support/index.ts'
import { readConfig } from '../config.ts'
import { createNet, type Net, parseAllowList, requestPatiently, retryAfterMs, safeUrl } from './index.ts'
import { nextHop } from './redirect.ts'

const open: { close: () => unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  })
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function net(options: Partial<Parameters<typeof createNet>[0]> = {}): Net {
  const made = createNet({ allow: parseAllowList('127.0.0.1,localhost'), ...options })
  open.push(made)
  return made
}

test('only http and https, without user info, not to ports of other protocols, and plain http only to hosts on the list', async () => {
  const one = net({ allow: parseAllowList('nas.local,10.0.0.0/8') })
  const refused = async (url: string) => (await hubErrorOf(one.request(url))).code
  expect(await refused('ftp://example.com/a')).toBe('url_refused')
  expect(await refused('file:///etc/passwd')).toBe('url_refused')
  expect(await refused('not a url ?token=abc')).toBe('url_refused')
  expect(await refused('https://user:pass@example.com/')).toBe('url_refused')
  expect(await refused('https://example.com:25/')).toBe('url_refused')
  expect(await refused('http://93.184.216.34/')).toBe('url_refused')
  expect(await refused('https://192.168.0.1/')).toBe('address_refused')
  expect(await refused('http://192.168.0.1/')).toBe('address_refused')
})

test('a name may speak plain http when all its addresses lie in an allowed range', async () => {
  const { origin } = await serve((_request, response) => response.end('ok'))
  const { port } = new URL(origin)
  const lookup = (name: string) =>
    Promise.resolve([
      { address: '127.0.0.1', family: 4 },
      ...(name === 'mixed.example' ? [{ address: '93.184.216.34', family: 4 }] : []),
    ])
  const one = net({ allow: parseAllowList('127.0.0.0/8'), lookup })
  expect(await (await one.request(`http://inside.example:${port}/`)).text()).toBe('ok')
  expect(await hubErrorOf(one.request(`http://mixed.example:${port}/`))).toMatchObject({ code: 'url_refused' })
})

test('credentials stay with the first origin, also when a redirect comes back to it', async () => {
  const seen: (string | undefined)[][] = []
  const other = await serve((request, response) => {
    seen.push([
      'other',
      request.headers.authorization,
      request.headers.cookie,
      request.headers['x-api-key'] as string,
      request.headers.range,
    ])
    response.writeHead(307, { location: `${first.origin}/end` }).end()
  })
  const first = await serve((request, response) => {
    seen.push([
      request.url,
      request.headers.authorization,
      request.headers.cookie,
      request.headers['x-api-key'] as string,
      request.headers.range,
    ])
    if (request.url === '/end') return response.end('here')
    return response.writeHead(302, { location: request.url === '/' ? '/next' : `${other.origin}/` }).end()
  })
  const headers = { Authorization: 'Bearer t', Cookie: 'c=1', 'X-Api-Key': 'k', Range: 'bytes=0-1' }
  const answer = await net().request(`${first.origin}/`, { headers })
  expect([await answer.text(), answer.url]).toEqual(['here', `${first.origin}/end`])
  expect(seen).toEqual([
    ['/', 'Bearer t', 'c=1', 'k', 'bytes=0-1'],
    ['/next', 'Bearer t', 'c=1', 'k', 'bytes=0-1'],
    ['other', undefined, undefined, undefined, 'bytes=0-1'],
    ['/end', undefined, undefined, undefined, 'bytes=0-1'],
  ])
})

test('five redirects are followed, a sixth is not; a redirect to what is refused is refused', async () => {
  const { origin } = await serve((request, response) => {
    const left = Number(request.url?.slice(1))
    if (left === 0) response.end('end')
    else
      response
        .writeHead(302, { location: left === 9 ? 'http://10.0.0.1/' : left === 8 ? 'ftp://x/' : `/${left - 1}` })
        .end()
  })
  const one = net()
  expect(await (await one.request(`${origin}/5`)).text()).toBe('end')
  expect(await hubErrorOf(one.request(`${origin}/6?token=hush`))).toMatchObject({
    kind: 'upstream',
    code: 'too_many_redirects',
    message: expect.not.stringContaining('hush'),
  })
  expect(await hubErrorOf(one.request(`${origin}/9`))).toMatchObject({ code: 'address_refused' })
  expect(await hubErrorOf(one.request(`${origin}/8`))).toMatchObject({ code: 'url_refused' })
  const plain = await one.request(`${origin}/5`, { redirects: 0 })
  expect(plain.status).toBe(302)
  plain.body.destroy()
})

test('no redirect leads from https to http, or carries a body to another origin', () => {
  const hop = {
    url: new URL('https://a.example/x?sig=1'),
    method: 'POST' as const,
    headers: { authorization: 'x', 'content-type': 'y' },
    body: '{}',
  }
  const to = (status: number, location: string, from = hop) => nextHop(from, status, { location })
  expect(to(302, 'http://a.example/')).toMatchObject({
    code: 'redirect_refused',
    message: expect.not.stringContaining('sig'),
  })
  expect(to(307, 'https://b.example/')).toMatchObject({ code: 'redirect_refused' })
  expect(to(307, '/there')).toMatchObject({ method: 'POST', body: '{}', headers: hop.headers })
  expect(to(303, 'https://b.example/')).toMatchObject({ method: 'GET', body: undefined, headers: {} })
  expect(to(200, '/there')).toBeNull()
})

test('answers are bounded: size, JSON, encoding', async () => {
  const { origin } = await serve((request, response) => {
    if (request.url === '/chunks') {
      response.write('x'.repeat(600))
      response.end('x'.repeat(600))
    } else if (request.url === '/gzip') response.writeHead(200, { 'content-encoding': 'gzip' }).end('zz')
    else if (request.url === '/json') response.end('{"a":1}')
    else response.end('x'.repeat(1_200))
  })
  const one = net()
  for (const path of ['/chunks', '/whole']) {
    const answer = await one.request(origin + path)
    expect(await hubErrorOf(answer.text(1_000))).toMatchObject({ kind: 'limit', code: 'answer_too_large' })
  }
  expect(await (await one.request(`${origin}/json`)).json()).toEqual({ a: 1 })
  expect(await hubErrorOf((await one.request(`${origin}/whole?token=hush`)).json())).toMatchObject({
    kind: 'upstream',
    code: 'answer_not_json',
    message: expect.not.stringContaining('hush'),
  })
  expect(await hubErrorOf((await one.request(`${origin}/gzip`)).text())).toMatchObject({ code: 'answer_encoded' })
})

test('a HEAD request gives headers, no body, and its turn back', async () => {
  const { origin } = await serve((request, response) =>
    response.writeHead(200, { etag: '"x"', 'content-length': '5' }).end(request.method === 'HEAD' ? '' : 'hello'),
  )
  const one = net({ perHost: 1 })
  // Not read on purpose: the second one has its turn all the same.
  expect((await one.request(origin, { method: 'HEAD' })).headers.etag).toBe('"x"')
  expect(await (await one.request(origin, { method: 'HEAD' })).text()).toBe('')
  expect(await (await one.request(origin)).text()).toBe('hello')
})

test('time is bounded: head, silence, and a head or a body that comes letter by letter', async () => {
  const { origin } = await serve((request, response) => {
    if (request.url === '/never') return
    response.writeHead(200)
    response.write('a')
    if (request.url === '/silent') return
    const timer = setInterval(() => response.write('a'), 50)
    response.on('close', () => clearInterval(timer))
  })
  // A head that comes letter by letter and has no end.
  const slow = createTcpServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nx-head: ')
    const timer = setInterval(() => socket.write('a'), 50)
    socket.on('error', () => undefined).on('close', () => clearInterval(timer))
  })
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  open.push(slow)
  const one = net()
  const quick = { headTimeoutMs: 300, idleTimeoutMs: 700 }
  const heads = [`${origin}/never`, `http://127.0.0.1:${(slow.address() as AddressInfo).port}/`]
  for (const url of heads)
    expect(await hubErrorOf(one.request(url, quick))).toMatchObject({ kind: 'upstream', code: 'timed_out' })
  for (const path of ['/silent', '/drip']) {
    expect(await hubErrorOf((await one.request(origin + path, quick)).text()), path).toMatchObject({
      code: 'timed_out',
    })
  }
})

test('what cannot be reached is told without the query', async () => {
  const { server, origin } = await serve((_request, response) => response.end())
  server.close()
  server.closeAllConnections()
  const error = await hubErrorOf(net().request(`${origin}/file?X-Amz-Signature=hush`))
  expect(error).toMatchObject({ kind: 'upstream', code: 'unreachable', details: { reason: 'ECONNREFUSED' } })
  expect(error.message + String(error.cause)).not.toContain('hush')
  expect(
    await hubErrorOf(net({ lookup: () => Promise.resolve([]) }).request('https://nowhere.example/')),
  ).toMatchObject({ code: 'unreachable' })
  expect(safeUrl('https://u:p@h.example/a/b?x=hush#y')).toBe('https://h.example/a/b')
})

test('a host gets so many requests at once and not more; files wait in a line of their own; an aborted one leaves it', async () => {
  let [now, most] = [0, 0]
  const waiting: (() => void)[] = []
  const { origin } = await serve((_request, response) => {
    most = Math.max(most, ++now)
    waiting.push(() => {
      now -= 1
      response.end('x')
    })
  })
  const one = net({ perHost: 3 })
  const bulk = Array.from({ length: 7 }, async () => await (await one.request(origin, { bulk: true })).text())
  await sleep(150)
  expect(waiting).toHaveLength(3)
  const abort = new AbortController()
  const given = one.request(origin, { bulk: true }, abort.signal)
  abort.abort(new Error('enough'))
  await expect(given).rejects.toThrow('enough')
  const other = one.request(origin).then((answer) => answer.text())
  await sleep(100)
  expect(waiting).toHaveLength(4)
  const done = Promise.all([...bulk, other])
  const pump = setInterval(() => waiting.splice(0).forEach((end) => end()), 10)
  await done
  clearInterval(pump)
  expect(most).toBe(4)
})

test('an abort ends a running request with its reason', async () => {
  const { origin } = await serve((request, response) => {
    if (request.url === '/body') response.write('x')
  })
  const one = net()
  for (const path of ['/head', '/body']) {
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 100)
    await expect(one.request(origin + path, {}, abort.signal).then((answer) => answer.text())).rejects.toThrow('enough')
  }
})

test('Retry-After is read as seconds or a date, honoured, and not for ever', async () => {
  const clock = fixedClock(Date.parse('2026-01-01T00:00:00Z'))
  expect(retryAfterMs({ 'retry-after': '7' }, clock)).toBe(7_000)
  expect(retryAfterMs({ 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' }, clock)).toBe(9_000)
  expect(retryAfterMs({ 'retry-after': 'Wed, 31 Dec 2025 00:00:09 GMT' }, clock)).toBe(0)
  expect(retryAfterMs({ 'retry-after': 'soon' }, clock)).toBeNull()
  const at: number[] = []
  const { origin } = await serve((request, response) => {
    at.push(performance.now())
    if (request.url === '/long') response.writeHead(429, { 'retry-after': '3600' }).end()
    else if (at.length < 2) response.writeHead(503, { 'retry-after': '1' }).end()
    else response.end('now')
  })
  const deps = { net: net(), clock: systemClock }
  expect(await (await requestPatiently(deps, origin)).text()).toBe('now')
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(990)
  const long = await requestPatiently(deps, `${origin}/long`)
  expect([long.status, at.length]).toEqual([429, 3])
  long.body.destroy()
})

test('the bandwidth cap holds for all files together and for nothing else', async () => {
  const { origin } = await serve((_request, response) => response.end(Buffer.alloc(1_000_000)))
  const one = net({ downloadRate: 2_000_000 })
  const read = async (bulk: boolean) => {
    const answer = await one.request(origin, { bulk })
    let bytes = 0
    for await (const chunk of answer.body) bytes += (chunk as Buffer).length
    return bytes
  }
  const began = performance.now()
  await Promise.all([read(false), read(false)])
  const free = performance.now() - began
  expect(await Promise.all([read(true), read(true), read(true)])).toEqual([1e6, 1e6, 1e6])
  const capped = performance.now() - began - free
  // 3 MB at 2 MB/s, less the quarter of a second that may pass at once.
  expect(capped).toBeGreaterThan(1_200)
})

test('an egress proxy is used as the variables say, and the name checks hold before it', async () => {
  const tunnels: string[] = []
  const proxy = await serve((request, response) => {
    tunnels.push(`forward ${request.url}`)
    response.end('through the proxy')
  })
  proxy.server.on('connect', (request, socket) => {
    tunnels.push(`connect ${request.url}`)
    const to = connect(Number(new URL(target.origin).port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
    to.pipe(socket).pipe(to)
    to.on('error', () => socket.destroy())
    socket.on('error', () => to.destroy())
  })
  const target = await serve((_request, response) => response.end('direct'))
  const { port } = new URL(target.origin)
  const settings = proxyFromEnvironment({
    HTTPS_PROXY: proxy.origin,
    http_proxy: proxy.origin,
    NO_PROXY: 'localhost,.inner.example',
  })
  const one = net({
    allow: parseAllowList('127.0.0.1,localhost,api.example'),
    proxy: settings,
    lookup: (name) =>
      name === 'private.example'
        ? Promise.resolve([{ address: '10.0.0.1', family: 4 }])
        : name === 'localhost'
          ? Promise.resolve([{ address: '127.0.0.1', family: 4 }])
          : Promise.reject(new Error('unknown here')),
  })
  expect(await (await one.request(`http://api.example:${port}/`)).text()).toBe('through the proxy')
  expect(await (await one.request(`http://localhost:${port}/`)).text()).toBe('direct')
  // TLS to a server that speaks none: the tunnel is what is looked at.
  expect(await hubErrorOf(one.request(`https://unknown.example/`))).toMatchObject({ kind: 'upstream' })
  expect(await hubErrorOf(one.request('https://private.example/'))).toMatchObject({ code: 'address_refused' })
  expect(await hubErrorOf(one.request('https://10.0.0.1/'))).toMatchObject({ code: 'address_refused' })
  expect(tunnels).toEqual([`forward http://api.example:${port}/`, 'connect unknown.example:443'])
  expect(proxyFor(new URL('https://a.inner.example/'), settings)).toBeNull()
  expect(proxyFor(new URL('https://inner.example.evil/'), settings)).not.toBeNull()
  expect(() => proxyFromEnvironment({ HTTPS_PROXY: 'socks5://x' })).toThrow(HubError)
})

test('the variables are read once and refused by name', () => {
  const { net: read } = readConfig({
    MODELHUB_NET_ALLOW: '10.0.0.0/8',
    MODELHUB_DOWNLOAD_RATE: '1000000',
    https_proxy: 'proxy.example:3128',
  })
  expect([read.allow.allowsHost('10.0.0.1', 443), read.downloadRate, read.proxy.https]).toEqual([
    true,
    1_000_000,
    'http://proxy.example:3128/',
  ])
  expect(readConfig({}).net).toMatchObject({ downloadRate: null, proxy: { https: null, http: null } })
  expect(() => readConfig({ MODELHUB_NET_ALLOW: '10.0.0.0/99' })).toThrow('MODELHUB_NET_ALLOW')
  expect(() => readConfig({ MODELHUB_DOWNLOAD_RATE: '5' })).toThrow('MODELHUB_DOWNLOAD_RATE')
  expect(() => readConfig({ HTTPS_PROXY: 'socks5://proxy' })).toThrow('HTTPS_PROXY')
})
