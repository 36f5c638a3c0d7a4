import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type SourceNote, UrlSource } from '../../../contract/index.ts'
import {
  hubErrorOf,
  type LoopbackServer,
  serveBytes,
  startServer,
  temporaryFolder,
} from '../../../test/support/index.ts'
import { createNet, type Net, parseAllowList } from '../../platform/net/index.ts'
import { urlSource as kind } from './kinds/url.ts'
import type { SourceContext } from './source-kind.ts'
import { splitAddress } from './url/address.ts'
import { statedDigests } from './url/checksums.ts'
import { crc32c } from './url/crc32c.ts'
import { expiryOf } from './url/expiry.ts'
import { fileNameOf } from './url/file-name.ts'
import { isSameObject } from './url/same-object.ts'
import { verifyStated } from './verify-stated.ts'

describe('when an address ends to work', () => {
  test.each([
    ['S3 SigV4', 'X-Amz-Date=20261123T120000Z&X-Amz-Expires=3600&X-Amz-Signature=a', '2026-11-23T13:00:00.000Z'],
    ['in small letters', 'x-amz-date=20261123T120000Z&x-amz-expires=60', '2026-11-23T12:01:00.000Z'],
    ['Google V4', 'X-Goog-Date=20261123T120000Z&X-Goog-Expires=604800&X-Goog-Signature=a', '2026-11-30T12:00:00.000Z'],
    ['Azure SAS', 'se=2026-11-24T00%3A00%3A00Z&sig=a', '2026-11-24T00:00:00.000Z'],
    ['S3 v2 and CloudFront', 'Expires=1795435200&Signature=a', '2026-11-23T12:00:00.000Z'],
    ['no signature', 'expires=1795435200', null],
    ['no date', 'X-Amz-Date=yesterday&X-Amz-Expires=60', null],
    ['more than any scheme signs for', 'X-Amz-Date=20261123T120000Z&X-Amz-Expires=99999999999', null],
    ['nothing', '', null],
  ])('%s', (_what, query, expected) => {
    expect(expiryOf(new URL(`https://a.example/f?${query}`))?.toISOString() ?? null).toBe(expected)
  })
})

describe('the name of the file', () => {
  const url = new URL('https://a.example/models/my%20model.gguf?x=1')
  test.each<[string, string | undefined, string]>([
    ['the path, decoded', undefined, 'my model.gguf'],
    ['filename', 'attachment; filename="w.gguf"', 'w.gguf'],
    ['filename without quotes', 'attachment; filename=w.gguf', 'w.gguf'],
    ['filename* before filename', `attachment; filename="w.gguf"; filename*=UTF-8''%E6%A8%A1.gguf`, '模.gguf'],
    ['UTF-8 in a plain one', `inline; filename="${Buffer.from('modèle.gguf').toString('latin1')}"`, 'modèle.gguf'],
    ['only its last part', 'attachment; filename="../../etc/w.gguf"', 'w.gguf'],
    ['also with backslashes', 'attachment; filename="C:\\\\Windows\\\\w.gguf"', 'w.gguf'],
    ['also from filename*', `attachment; filename*=UTF-8''..%2F..%2Fw.gguf`, 'w.gguf'],
    ['quoted quotes', 'attachment; filename="a\\"b.gguf"', 'a"b.gguf'],
  ])('%s', (_what, disposition, expected) => {
    expect(fileNameOf(undefined, disposition, url)).toBe(expected)
  })

  test.each([
    ['dots', 'attachment; filename=".."'],
    ['a device', 'attachment; filename="nul.gguf"'],
    ['a control character', `attachment; filename*=UTF-8''a%00b`],
    ['a line feed', `attachment; filename*=UTF-8''a%0Ab`],
    ['turned text', `attachment; filename*=UTF-8''a%E2%80%AEfug.b`],
    ['300 bytes', `attachment; filename="${'n'.repeat(300)}"`],
    ['an end in a blank', `attachment; filename="a.gguf "`],
    ['a stream of Windows', 'attachment; filename="c:evil"'],
  ])('%s is refused, and another may be given', async (_what, disposition) => {
    const error = await hubErrorOf(Promise.resolve().then(() => fileNameOf(undefined, disposition, url)))
    expect(error).toMatchObject({ kind: 'invalid', code: 'bad_file_name' })
    expect(fileNameOf('mine.gguf', disposition, url)).toBe('mine.gguf')
    expect(await hubErrorOf(Promise.resolve().then(() => fileNameOf('a/b', undefined, url)))).toMatchObject({
      code: 'bad_file_name',
    })
  })

  test('a site itself has none', async () => {
    const error = await hubErrorOf(
      Promise.resolve().then(() => fileNameOf(undefined, undefined, new URL('https://a.example/'))),
    )
    expect(error.message).toContain('names a file')
  })
})

test('the query of an address is its secret, and user info is refused', async () => {
  expect(splitAddress('https://a.example/f?sig=abc#part')).toEqual({ shown: 'https://a.example/f', secret: '?sig=abc' })
  expect(await hubErrorOf(Promise.resolve().then(() => splitAddress('https://u:p@a.example/f')))).toMatchObject({
    code: 'url_refused',
  })
  expect(await hubErrorOf(Promise.resolve().then(() => splitAddress('ftp://a.example/f')))).toMatchObject({
    code: 'url_refused',
  })
})

describe('digests that a server states', () => {
  const bytes = Buffer.from('123456789')
  const base64 = (algorithm: string) => createHash(algorithm).update(bytes).digest('base64')
  const hex = createHash('sha256').update(bytes).digest('hex')
  const read = (headers: Record<string, string>, whole = false) => statedDigests((name) => headers[name], whole)

  test('are read from every header that speaks of the whole file', () => {
    expect(read({ 'x-amz-checksum-sha256': base64('sha256') })).toEqual({ sha256: hex })
    expect(read({ 'x-amz-checksum-sha256': `${base64('sha256')}-4` })).toEqual({})
    expect(read({ 'repr-digest': `sha-256=:${base64('sha256')}:` })).toEqual({ sha256: hex })
    expect(read({ digest: `SHA-256=${base64('sha256')},MD5=ignored` })).toEqual({ sha256: hex })
    expect(read({ 'x-goog-hash': `crc32c=4waSgw==,md5=${base64('md5')}` })).toEqual({
      digests: { md5: base64('md5'), crc32c: '4waSgw==' },
    })
    expect(read({ 'content-md5': base64('md5') })).toEqual({})
    expect(read({ 'content-md5': base64('md5') }, true)).toEqual({ digests: { md5: base64('md5') } })
    expect(read({ 'content-digest': `sha-256=:${base64('sha256')}:`, etag: `"${base64('md5')}"` })).toEqual({})
    expect(read({ 'x-amz-checksum-sha256': 'bm90IDMyIGJ5dGVz' })).toEqual({})
  })

  test('CRC-32C is that of the standard, in one piece and in many', () => {
    // RFC 3720, appendix B.4, and the check value of the polynomial.
    expect(crc32c(bytes).toString(16)).toBe('e3069283')
    expect(crc32c(Buffer.alloc(32)).toString(16)).toBe('8a9136aa')
    expect(crc32c(Buffer.alloc(32, 0xff)).toString(16)).toBe('62a8ab43')
    const large = Buffer.from(Array.from({ length: 1_003 }, (_, at) => at % 256))
    let sum = 0
    for (let at = 0; at < large.length; at += 17) sum = crc32c(large.subarray(at, at + 17), sum)
    expect(sum).toBe(crc32c(large))
  })

  test('are compared with what arrived', async () => {
    const folder = temporaryFolder('stated')
    try {
      const path = join(folder.path, 'file')
      writeFileSync(path, bytes)
      const right = { size: 9, digests: { md5: base64('md5'), sha512: base64('sha512'), crc32c: '4waSgw==' } }
      await verifyStated(path, 9, 'file', right)
      await verifyStated(path, 9, 'file', { size: 9, digests: { crc32c: '4waSgw==' } })
      for (const digests of [{ md5: base64('sha1') }, { sha512: base64('md5') }, { crc32c: 'AAAAAA==' }]) {
        expect(await hubErrorOf(verifyStated(path, 9, 'file', { size: 9, digests }))).toMatchObject({
          kind: 'upstream',
          code: 'digest_mismatch',
        })
      }
      const gitSha1 = createHash('sha1').update('blob 9\0').update(bytes).digest('hex')
      await verifyStated(path, 9, 'file', { size: 9, gitSha1 })
      expect(await hubErrorOf(verifyStated(path, 9, 'file', { size: 9, gitSha1: '0'.repeat(40) }))).toMatchObject({
        code: 'digest_mismatch',
      })
    } finally {
      folder.remove()
    }
  })
})

describe('a server of signed addresses', () => {
  let server: LoopbackServer
  let net: Net
  let headers: Record<string, string> = {}
  let type = 'application/octet-stream'
  const bytes = Buffer.alloc(100_000, 3)
  const seen: { method: string; url: string }[] = []
  let noRanges = false
  beforeAll(async () => {
    net = createNet({ allow: parseAllowList('127.0.0.1') })
    server = await startServer((request, response) => {
      seen.push({ method: request.method ?? '', url: request.url ?? '' })
      const url = new URL(request.url ?? '/', 'http://s3')
      // The method is signed: HEAD with an address that was signed for GET is refused.
      if (request.method !== 'GET') return void response.writeHead(403).end()
      if (url.pathname === '/missing') return void response.writeHead(404).end()
      if (url.searchParams.get('X-Amz-Signature') === 'old')
        return void response.writeHead(403).end('<Code>AccessDenied</Code>')
      serveBytes(request, response, bytes, '"v1"', { noRanges, headers: { 'content-type': type, ...headers } })
    })
  })
  beforeEach(() => {
    headers = {}
    type = 'application/octet-stream'
    noRanges = false
    seen.length = 0
  })
  afterAll(async () => {
    await net.close()
    await server.close()
  })

  const context = (over: Partial<SourceContext> = {}): SourceContext => ({ roots: [], net, ...over })
  const signed = (seconds: number, signature = 'new') => {
    const at = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
    return `${server.url}/model.gguf?X-Amz-Date=${at}&X-Amz-Expires=${seconds}&X-Amz-Signature=${signature}`
  }
  const source = (url: string, over: Record<string, unknown> = {}) => UrlSource.parse({ type: 'url', url, ...over })
  const resolve = (url: string, over: Record<string, unknown> = {}, ctx = context()) =>
    kind.resolve(source(url, over), null, ctx)
  const lookAt = async (url: string, over: Record<string, unknown> = {}) => {
    const notes: SourceNote[] = []
    const resolved = await resolve(url, over)
    const files = []
    for await (const file of kind.list(resolved, context(), (note) => notes.push(note))) files.push(file)
    await kind.look(resolved, files, context(), (note) => notes.push(note))
    return { resolved, files, notes, blockers: notes.filter(({ level }) => level === 'blocker') }
  }

  test('is asked by GET for one byte, and what it says is pinned without the signature', async () => {
    headers = { 'content-disposition': 'attachment; filename="w.gguf"', 'x-goog-hash': 'crc32c=AAAAAA==' }
    const resolved = await resolve(signed(3_600))
    expect(seen.map(({ method }) => method)).toEqual(['GET'])
    expect(resolved).toMatchObject({
      source: { url: `${server.url}/model.gguf` },
      pin: { size: 100_000, etag: '"v1"', ranges: true, fileName: 'w.gguf', digests: { crc32c: 'AAAAAA==' } },
    })
    expect(JSON.stringify([resolved.source, resolved.pin])).not.toContain('Signature')
    expect(resolved.secret).toContain('X-Amz-Signature=new')
    const request = await kind.request(resolved, { path: 'w.gguf', ref: { size: 1, etag: '"v1"' } }, context())
    expect(request.url).toContain('X-Amz-Signature=new')
    expect(request.etag).toBe('"v1"')
  })

  test('an address that ended, or is refused, asks for a fresh link', async () => {
    const old = `${server.url}/f?X-Amz-Date=20200101T000000Z&X-Amz-Expires=60&X-Amz-Signature=x`
    for (const url of [old, signed(3_600, 'old')]) {
      const error = await hubErrorOf(resolve(url))
      expect(error).toMatchObject({ kind: 'conflict', code: 'link_expired' })
      expect(error.remedy).toContain('Paste a fresh link')
      expect(error.message + JSON.stringify(error.details)).not.toContain('Signature')
    }
    expect(await hubErrorOf(resolve(`${server.url}/missing`))).toMatchObject({ code: 'file_not_found' })
  })

  test('the time left is compared with the time that the download needs', async () => {
    expect((await lookAt(signed(3_600))).blockers).toEqual([])
    // As if it were a large file: what is measured is the speed, what decides is the size.
    const resolved = await resolve(signed(5))
    const notes: SourceNote[] = []
    const large = { ...resolved, pin: { ...resolved.pin, size: 1e14 } }
    await kind.look(large, [], context(), (note) => notes.push(note))
    expect(notes.find(({ level }) => level === 'blocker')).toMatchObject({
      message: expect.stringContaining('too short'),
      remedy: expect.stringContaining('Paste a fresh link'),
    })
  })

  test('a given SHA-256 decides over a stated one, and nothing stated is said', async () => {
    headers = { 'repr-digest': `sha-256=:${Buffer.alloc(32, 1).toString('base64')}:` }
    const given = 'ab'.repeat(32)
    const both = await lookAt(signed(3_600), { sha256: given })
    expect(both.files[0]?.ref.sha256).toBe(given)
    expect(both.notes.map(({ message }) => message)).toContainEqual(expect.stringContaining('another SHA-256'))
    expect((await lookAt(signed(3_600))).files[0]?.ref.sha256).toBe('01'.repeat(32))
    headers = {}
    expect((await lookAt(signed(3_600))).notes.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('Nothing says what the file must hash to'),
    )
  })

  test('no parts, a web page and an unknown size are said; a compressed answer is refused', async () => {
    noRanges = true
    type = 'text/html; charset=utf-8'
    const { notes } = await lookAt(signed(3_600))
    const said = notes.map(({ message }) => message).join('\n')
    expect(said).toContain('no parts of the file')
    expect(said).toContain('web page')
    headers = { 'content-encoding': 'gzip' }
    expect(await hubErrorOf(resolve(signed(3_600)))).toMatchObject({ code: 'encoded_answer' })
  })

  test('only allowed origins, and credentials only where they belong', async () => {
    const refused = await hubErrorOf(resolve(signed(60), {}, context({ urlOrigins: ['https://models.example'] })))
    expect(refused).toMatchObject({ kind: 'forbidden', code: 'origin_refused' })
    expect(seen).toEqual([])
    const credential = (kindOf: string, origin: string) =>
      context({ credential: () => Promise.resolve({ kind: kindOf, fields: { token: 'tok', origin } }) })
    const withToken = (ctx: SourceContext) => resolve(signed(60), { credential: 'crd_1' }, ctx)
    expect(await hubErrorOf(withToken(credential('openai', server.url)))).toMatchObject({
      code: 'credential_elsewhere',
    })
    expect(await hubErrorOf(withToken(credential('huggingface', '')))).toMatchObject({ code: 'credential_elsewhere' })
    expect(await hubErrorOf(withToken(credential('bearer', 'https://other.example')))).toMatchObject({
      code: 'credential_elsewhere',
    })
    expect((await withToken(credential('bearer', server.url))).pin.etag).toBe('"v1"')
  })

  test('two addresses mean the same file by tag and size, or by place where there is no tag', async () => {
    const one = await resolve(signed(60))
    const other = await resolve(`${server.url}/elsewhere?token=2`)
    expect(isSameObject(one, other)).toBe(true)
    const without = (resolved: typeof one) => {
      const { etag: _tag, ...pin } = resolved.pin
      return { ...resolved, pin }
    }
    expect(isSameObject(without(one), without(other))).toBe(false)
    expect(isSameObject(without(one), await resolve(signed(90)))).toBe(true)
    expect(isSameObject({ ...one, pin: { ...one.pin, size: 1 } }, other)).toBe(false)
    expect(isSameObject({ ...one, pin: { ...one.pin, etag: '"v2"' } }, other)).toBe(false)
  })
})
