import { Agent, type buildConnector, request } from 'undici'
import { afterEach, expect, test } from 'vitest'
import { checkBeforeProxy, guardedConnector, type Lookup } from './guarded-connector.ts'
import { type Policy, parseAllowList, proxyFor, proxyFromEnvironment } from './index.ts'

const policy: Policy = { allow: parseAllowList('nas.example'), httpsOnly: true }
const open: Agent[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.destroy()
})

/** What a request fails with whose connector may dial nothing; the test fails when it dials. */
async function failureOf(url: string, lookup: Lookup, connectTimeoutMs = 1_000): Promise<{ code?: string }> {
  const dial = (): buildConnector.connector => (_to, callback) => callback(new Error('dialed'), null)
  const dispatcher = new Agent({ connect: guardedConnector({ policy, lookup, connectTimeoutMs, dial }) })
  open.push(dispatcher)
  return request(url, { dispatcher }).then(
    () => ({ code: 'answered' }),
    (error: { code?: string; message: string }) => ({ code: error.code ?? error.message }),
  )
}
const at =
  (...addresses: string[]): Lookup =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))

test.each([
  ['https://10.0.0.1/', at(), 'address_refused'],
  ['https://[::ffff:169.254.169.254]/', at(), 'address_refused'],
  ['https://inner.example/', at('192.168.0.1'), 'address_refused'],
  ['https://mixed.example/', at('93.184.216.34', 'fd00::1'), 'address_refused'],
  ['http://public.example/', at('93.184.216.34'), 'url_refused'],
  ['https://public.example:6379/', at('93.184.216.34'), 'dialed'],
  ['https://public.example:22/', at('93.184.216.34'), 'url_refused'],
  ['https://nothing.example/', at(), 'ENOTFOUND'],
  ['https://public.example/', at('93.184.216.34'), 'dialed'],
  ['http://nas.example/', at('10.0.0.9'), 'dialed'],
] as [string, Lookup, string][])('%s, whatever its name stands for, comes to %s', async (url, lookup, code) => {
  expect(await failureOf(url, lookup)).toEqual({ code })
})

test('a name server that never answers is waited for as long as a connection', async () => {
  const never = Promise.withResolvers<never>()
  expect(await failureOf('https://slow.example/', () => never.promise, 100)).toEqual({
    code: 'UND_ERR_CONNECT_TIMEOUT',
  })
})

test('before a proxy is asked, what is known of the address is checked; what only the proxy knows is its affair', async () => {
  const check = (url: string, lookup: Lookup) =>
    checkBeforeProxy(new URL(url), policy, lookup).then(
      () => 'passes',
      (error: { code?: string }) => error.code,
    )
  expect(await check('https://inner.example/', at('127.0.0.1'))).toBe('address_refused')
  expect(await check('https://127.0.0.1/', at())).toBe('address_refused')
  expect(await check('https://unknown.example/', () => Promise.reject(new Error('unknown here')))).toBe('passes')
  expect(await check('https://public.example/', at('93.184.216.34'))).toBe('passes')
})

test('which proxy serves an address', () => {
  const settings = proxyFromEnvironment({
    https_proxy: 'proxy.example:3128',
    HTTP_PROXY: 'http://other.example',
    NO_PROXY: 'localhost, .inner.example 10.0.0.1:8443 [::1]',
  })
  const found = (url: string) => proxyFor(new URL(url), settings)
  expect(found('https://api.example/')).toBe('http://proxy.example:3128/')
  expect(found('http://api.example/')).toBe('http://other.example/')
  for (const direct of ['https://localhost/', 'https://a.inner.example/', 'https://10.0.0.1:8443/', 'https://[::1]/']) {
    expect(found(direct)).toBeNull()
  }
  for (const proxied of ['https://inner.example.evil/', 'https://10.0.0.1/', 'https://notlocalhost/']) {
    expect(found(proxied)).not.toBeNull()
  }
})
