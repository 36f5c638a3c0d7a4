import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { afterAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/index.ts'
import type { AppEnv } from './deps.ts'
import { securityHeaders } from './security-headers.ts'
import { mountWeb } from './web.ts'

const base = temporaryFolder('web')
afterAll(() => base.remove())
const folder = join(base.path, 'dist')
mkdirSync(join(folder, 'assets'), { recursive: true })
mkdirSync(`${folder}-secret`)
writeFileSync(join(base.path, 'secret.txt'), 'secret')
writeFileSync(join(`${folder}-secret`, 'key'), 'secret')
writeFileSync(join(folder, 'index.html'), '<html>app</html>')
writeFileSync(join(folder, 'favicon.svg'), '<svg/>')
writeFileSync(join(folder, 'assets', 'app-123.js'), 'code()')
writeFileSync(join(folder, 'assets', 'raw.xyz'), 'bytes')
writeFileSync(join(folder, 'with space.txt'), 'space')

const app = new Hono<AppEnv>()
app.use(securityHeaders(['http://localhost:4821']))
mountWeb(app, folder)
const get = (path: string, init?: RequestInit) => app.request(new Request(`http://hub${path}`, init))

describe('the web app', () => {
  test('assets with a hash in their name are kept for ever, other files are asked for again', async () => {
    const asset = await get('/assets/app-123.js')
    expect([asset.status, await asset.text()]).toEqual([200, 'code()'])
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(asset.headers.get('content-length')).toBe('6')
    const icon = await get('/favicon.svg')
    expect([icon.headers.get('cache-control'), icon.headers.get('content-type')]).toEqual(['no-cache', 'image/svg+xml'])
    await icon.text()
    const unknown = await get('/assets/raw.xyz')
    expect(unknown.headers.get('content-type')).toBe('application/octet-stream')
    expect(await unknown.text()).toBe('bytes')
    expect(await (await get('/with%20space.txt')).text()).toBe('space')
  })

  test.each(['/', '/models', '/models/acme/llama@3', '/models/llama-3.1', '/setup?token=x', '/%', '/assets'])(
    '%s is a page of the app, never kept',
    async (path) => {
      const response = await get(path)
      expect([response.status, await response.text()]).toEqual([200, '<html>app</html>'])
      expect(response.headers.get('cache-control')).toBe('no-cache')
    },
  )

  test.each(['/assets/gone-456.js', '/api/v1/nothing', '/internal/v1/x', '/hf/api/models'])(
    '%s is not found: the page would be taken for an answer',
    async (path) => expect((await get(path)).status).toBe(404),
  )

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%2e%2e/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/%2fetc%2fpasswd',
    '//etc/passwd',
    '/..%2fdist-secret%2fkey',
    '/secret.txt%00.html',
    '/%252e%252e%252fsecret.txt',
  ])('%s does not leave the folder', async (path) => {
    const text = await (await get(path)).text()
    expect(text).not.toContain('secret')
    expect(text).not.toContain('root:')
  })

  test('a folder is no file', async () => {
    expect(await (await get('/assets/')).text()).not.toContain('app-123')
  })

  test('HEAD answers as GET does, without a body and without keeping the file open', async () => {
    const open = () => readdirSync('/proc/self/fd').length
    const before = open()
    for (let i = 0; i < 50; i++) {
      const response = await get('/assets/app-123.js', { method: 'HEAD' })
      expect([response.status, await response.text()]).toEqual([200, ''])
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(open()).toBeLessThan(before + 10)
  })

  test('without a build there is nothing', async () => {
    const bare = new Hono<AppEnv>()
    mountWeb(bare, join(base.path, 'missing'))
    expect((await bare.request('http://hub/')).status).toBe(404)
  })

  test('every answer carries the security headers', async () => {
    for (const path of ['/', '/assets/app-123.js', '/api/v1/nothing']) {
      const { headers } = await get(path)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-frame-options')).toBe('DENY')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      const policy = new Map(
        (headers.get('content-security-policy') ?? '')
          .split('; ')
          .map((line) => [line.split(' ')[0], line.split(' ').slice(1)]),
      )
      expect(policy.get('default-src')).toEqual(["'self'"])
      expect(policy.get('script-src')).toEqual(["'self'"])
      expect(policy.get('connect-src')).toEqual(["'self'", 'http://localhost:4821'])
      expect(policy.get('frame-ancestors')).toEqual(["'none'"])
      expect(policy.get('object-src')).toEqual(["'none'"])
      expect(policy.get('base-uri')).toEqual(["'none'"])
    }
    expect((await get('/api/v1/nothing')).headers.get('cache-control')).toBe('no-store')
  })
})
