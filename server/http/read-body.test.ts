import { describe, expect, test } from 'vitest'
import { hubErrorOf } from '../../test/support/index.ts'
import { problemOf } from './problem.ts'
import { readJsonBody } from './read-body.ts'

const request = (
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) => new Request('http://hub/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
const refusal = async (...args: Parameters<typeof request>) => {
  const error = await hubErrorOf(readJsonBody(request(...args)))
  return [problemOf(error, 'r', undefined as never).status, error.code]
}

describe('readJsonBody', () => {
  test.each([
    ['{"a":[1,"ü"]}', { a: [1, 'ü'] }],
    ['[]', []],
    ['null', null],
    ['  \n ', {}],
    ['', {}],
  ])('%j is %j', async (text, value) => {
    expect(await readJsonBody(request(text))).toEqual(value)
  })

  test('no body is an empty one, whatever its type', async () => {
    expect(await readJsonBody(request(null, {}))).toEqual({})
    expect(await readJsonBody(request('', { 'content-length': '0', 'content-type': 'text/plain' }))).toEqual({})
  })

  test.each([
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'application/problem+json',
    'application/merge-patch+json;x=y',
  ])('takes %s', async (type) =>
    expect(await readJsonBody(request('{"a":1}', { 'content-type': type }))).toEqual({ a: 1 }),
  )

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonp',
    'text/json',
    'x/application/json',
  ])('refuses %s with 415', async (type) =>
    expect(await refusal('{"a":1}', { 'content-type': type })).toEqual([415, 'unsupported_media_type']),
  )

  test('takes one MiB and not a byte more, however it is cut and whatever length it claims', async () => {
    const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
    expect(await readJsonBody(request(text(1 << 20)))).toHaveLength((1 << 20) - 2)
    expect(await refusal(text((1 << 20) + 1))).toEqual([413, 'body_too_large'])
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1 << 16
        controller.enqueue(new Uint8Array(1 << 16).fill(0x20))
      },
    })
    expect(await refusal(endless, { 'content-type': 'application/json', 'content-length': '10' })).toEqual([
      413,
      'body_too_large',
    ])
    expect(sent).toBeLessThan(2 << 20)
  })

  test('takes as much as an operation says', async () => {
    const text = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
    expect(await readJsonBody(request(text(3 << 20)), 3 << 20)).toHaveLength((3 << 20) - 2)
    await expect(readJsonBody(request(text((3 << 20) + 1)), 3 << 20)).rejects.toThrow('larger than 3 MiB')
  })

  test('goes 64 levels deep, counted outside strings', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    await readJsonBody(request(nested(64)))
    expect(await refusal(nested(65))).toEqual([400, 'body_too_deep'])
    expect(await refusal('{"a":'.repeat(65))).toEqual([400, 'body_too_deep'])
    expect(await refusal('['.repeat(500_000))).toEqual([400, 'body_too_deep'])
    const text = JSON.stringify({ text: '[{'.repeat(100), quote: `\\"${'['.repeat(100)}` })
    expect(await readJsonBody(request(text))).toEqual(JSON.parse(text))
    // Many side by side are not deep.
    await readJsonBody(request(`[${'[],'.repeat(1_000)}[]]`))
  })

  test.each([
    '{"a":"\\u0000"}',
    '{"\\u0000":1}',
    '[["\\ud800"]]',
    '{"a":"x\\uDC00"}',
    '{"a":"\\udc00\\ud800"}',
    '{"__proto__":"\\u0000"}',
  ])('refuses %s, which no column holds', async (text) => {
    expect(await refusal(text)).toEqual([400, 'unstorable_text'])
  })

  test('takes escaped pairs and what only looks like an escape', async () => {
    const text = '{"a":"\\ud83d\\ude00","b":"\\\\u0000","c":"\\uffff"}'
    expect(await readJsonBody(request(text))).toEqual({ a: '😀', b: '\\u0000', c: '\uffff' })
  })

  test('refuses a compressed body with 415', async () => {
    const type = { 'content-type': 'application/json' }
    expect(await refusal('{}', { ...type, 'content-encoding': 'gzip' })).toEqual([415, 'unsupported_encoding'])
    expect(await readJsonBody(request('{}', { ...type, 'content-encoding': 'identity' }))).toEqual({})
  })

  test('a body that breaks off is the client’s doing', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('aborted')) })
    expect(await refusal(broken)).toEqual([400, 'incomplete_body'])
  })

  test('refuses what is not UTF-8 or not JSON', async () => {
    expect(await refusal(new Uint8Array([0x22, 0xff, 0x22]))).toEqual([400, 'invalid_encoding'])
    expect(await refusal(new Uint8Array([0x22, 0xc0, 0xaf, 0x22]))).toEqual([400, 'invalid_encoding'])
    expect(await refusal(new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]))).toEqual([400, 'invalid_encoding'])
    for (const text of ['{', '{"a":1,}', "{'a':1}", 'NaN', '{"a":1} x', ']']) {
      expect(await refusal(text), text).toEqual([400, 'invalid_json'])
    }
  })
})
