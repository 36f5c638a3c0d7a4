import { gzipSync } from 'node:zlib'
import type { Draft, World } from './case.ts'
import { contractRefuses, ending, queryRefused } from './case.ts'
import {
  hostileCookie,
  hostileHeaders,
  hostileJson,
  hostileNumber,
  hostileSegment,
  hostileString,
  hostileText,
  hostileToken,
} from './hostile.ts'
import type { Random } from './plan.ts'
import { isRaw, raw, toJson } from './values.ts'

type Attack = (draft: Draft, random: Random, world: World) => void

/** Spoils a draft in one way, or leaves it valid. Each attack writes down what it did and, where it is certain, what must come. */
export function attack(draft: Draft, random: Random, world: World): void {
  const fitting = [
    ...(draft.body === undefined ? [] : [spoilMember, spoilMember, spoilMember, spoilBytes, spoilContentType]),
    ...(draft.segment === null ? [] : [spoilSegment, spoilSegment]),
    ...(draft.operation.query.length === 0 ? [] : [spoilQuery, spoilQuery]),
    spoilCredentials,
    spoilHeaders,
    spoilMethod,
    unknownQuery,
  ]
  random.pick(fitting)(draft, random, world)
  if (draft.expect === null && contractRefuses(draft)) {
    // Whoever may not do it at all is told so first.
    draft.expect = draft.authorization === `Bearer ${world.credentials.viewer}` ? [400, 403] : [400]
  } else if (draft.expect?.some((status) => status === 413 || status === 415) === true && queryRefused(draft)) {
    // The query is read before the body.
    draft.expect = [...draft.expect, 400]
  }
}

const setMember = (body: unknown, path: readonly string[], value: unknown): unknown => {
  const [name, ...rest] = path
  if (name === undefined) return value
  const members = typeof body === 'object' && body !== null ? body : {}
  return { ...members, [name]: setMember((members as Record<string, unknown>)[name], rest, value) }
}

/** Every member of a body, nested ones too. */
function memberPaths(body: unknown, above: readonly string[] = []): string[][] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return []
  return Object.entries(body).flatMap(([name, value]) => [[...above, name], ...memberPaths(value, [...above, name])])
}

const spoilMember: Attack = (draft, random) => {
  if (isRaw(draft.body)) return
  const paths = memberPaths(draft.body)
  const properties = Object.keys(draft.operation.route.body === undefined ? {} : (draft.body as object))
  const path = paths.length === 0 ? [random.pick(['name', 'reason', 'version', 'x'])] : random.pick(paths)
  const at = path.join('.')
  switch (random.int(0, 5)) {
    case 0:
      draft.body = setMember(draft.body, path, raw(hostileJson(random)))
      draft.done.push(`${at} of another type`)
      return
    case 1:
      draft.body = setMember(draft.body, path, hostileText(path.at(-1) ?? '', random))
      draft.done.push(`${at} as hostile text`)
      return
    case 2:
      draft.body = setMember(draft.body, path, [hostileString(random), hostileString(random)])
      draft.done.push(`${at} as a list of hostile text`)
      return
    case 3:
      draft.body = setMember(draft.body, path, raw(hostileNumber(random)))
      draft.done.push(`${at} as a hostile number`)
      return
    case 4: {
      draft.body = Object.fromEntries(Object.entries(draft.body as object).filter(([name]) => name !== path[0]))
      draft.done.push(`without ${path[0]}`)
      return
    }
    default: {
      const name = random.pick([
        'x',
        '__proto__',
        'constructor',
        'toString',
        'id',
        '',
        '\u0000',
        '\ud800',
        'x'.repeat(100_000),
      ])
      const [open, ...rest] = toJson(draft.body)
      const member = `${JSON.stringify(name)}:${hostileJson(random)}`
      draft.body = raw(`${open}${member}${properties.length === 0 ? '' : ','}${rest.join('')}`)
      draft.done.push(`with an unknown member ${JSON.stringify(name.slice(0, 20))}`)
    }
  }
}

const spoilBytes: Attack = (draft, random) => {
  const good = Buffer.from(toJson(draft.body))
  const limit = draft.operation.route.maxBodyBytes ?? 2 ** 20
  const kinds: [string, Uint8Array, readonly number[] | null][] = [
    ['nothing', Buffer.alloc(0), null],
    ['blanks', Buffer.from(' \n\t '), null],
    ['cut off', good.subarray(0, Math.max(1, good.length - random.int(1, 3))), [400]],
    ['a word', Buffer.from('undefined'), [400]],
    ['NaN', Buffer.from('{"name":NaN}'), [400]],
    ['two values', Buffer.concat([good, good]), [400]],
    ['a list', Buffer.from('[]'), [400]],
    ['a text', Buffer.from('"{}"'), [400]],
    ['null', Buffer.from('null'), [400]],
    ['with a byte order mark', Buffer.concat([Buffer.from('\ufeff'), good]), null],
    ['invalid UTF-8', Buffer.concat([good.subarray(0, -1), Buffer.from([0xff, 0xfe, 0x7d])]), [400]],
    ['overlong UTF-8', Buffer.from([0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d]), [400]],
    ['UTF-16', Buffer.from(`\ufeff${toJson(draft.body)}`, 'utf16le'), [400]],
    ['NUL bytes', Buffer.alloc(1_000), [400]],
    ['10000 levels of lists', Buffer.from('['.repeat(10_000)), [400]],
    ['10000 levels of objects', Buffer.from(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`), [400]],
    ['a key twice', Buffer.from(`{"name":"a","name":"b",${good.subarray(1).toString() || '}'}`), null],
    ['1 MiB of text', Buffer.from(`{"reason":"${'x'.repeat(2 ** 20 - 20)}"}`), [400]],
    ['beyond the limit', Buffer.from(`{"reason":"${'x'.repeat(limit)}"}`), [413]],
    ['far beyond the limit', Buffer.alloc(limit + 2 * 2 ** 20, 0x20), [413]],
    ['half a million numbers', Buffer.from(`[${'0,'.repeat(500_000)}0]`), [400]],
    [
      '100000 unknown members',
      Buffer.from(`{${Array.from({ length: 80_000 }, (_none, i) => `"k${i}":0`).join()}}`),
      [400],
    ],
    ['half a million unclosed texts', Buffer.from('{"'.repeat(500_000)), [400]],
    ['gzip', gzipSync(good), [400, 415]],
  ]
  const [what, bytes, expect] = random.pick(kinds)
  if (what === 'gzip') draft.headers.push(['content-encoding', 'gzip'])
  draft.bytes = bytes
  draft.expect = expect
  draft.done.push(`the body is ${what}`)
}

const spoilContentType: Attack = (draft, random) => {
  const [type, expect] = random.pick<[string | null, readonly number[] | null]>([
    [null, [415]],
    ['', [415]],
    ['text/plain', [415]],
    ['application/x-www-form-urlencoded', [415]],
    ['multipart/form-data; boundary=x', [415]],
    ['application/octet-stream', [415]],
    ['application/jsonp', [415]],
    ['application/json, text/plain', [415]],
    ['text/json', [415]],
    ['*/*', [415]],
    [`application/json; ${'x'.repeat(5_000)}=1`, null],
    ['application/json; charset=utf-16', null],
    ['application/json;charset="', null],
    ['APPLICATION/JSON', null],
    ['application/problem+json', null],
    ['\u00ff/json', [415]],
  ])
  draft.contentType = type
  draft.expect = expect
  draft.done.push(`content-type ${type?.slice(0, 40) ?? 'missing'}`)
}

const spoilSegment: Attack = (draft, random, { pool }) => {
  const expendable = ending.has(draft.operation.id)
  const foreign = random.chance(0.3) ? pool.anyId(random, { expendable }) : undefined
  draft.segment = foreign ?? hostileSegment(random)
  draft.done.push(foreign === undefined ? 'a hostile id' : 'an id of another kind')
}

const spoilQuery: Attack = (draft, random, { pool }) => {
  const { name } = random.pick(draft.operation.query)
  const values = (): string => {
    if (name === 'cursor')
      return spoiledCursor(random, pool.cursor(draft.operation.id, random) ?? pool.anyCursor(random))
    if (name === 'limit' || name === 'after')
      return encodeText(random.pick([hostileNumber(random), hostileString(random).slice(0, 900)]))
    return encodeText(hostileString(random).slice(0, 900))
  }
  const rest = draft.query.filter(([one]) => one !== name)
  const given = Array.from({ length: random.pick([1, 1, 1, 2, 40]) }, (): [string, string] => [
    name,
    values().slice(0, 9_000 / 40),
  ])
  draft.query = [...rest, ...(given.length === 1 ? [[name, values()] as [string, string]] : given)]
  draft.done.push(`hostile ${name}${given.length > 1 ? ` ${given.length} times` : ''}`)
}

/** encodeURIComponent throws for half a surrogate pair; the bytes of one are sent instead. */
const encodeText = (text: string): string =>
  encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffe')).replaceAll('%EF%BF%BE', '%ED%A0%80')

function spoiledCursor(random: Random, good: string | undefined): string {
  const of = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const at = random.int(0, Math.max(0, (good?.length ?? 1) - 1))
  return random.pick([
    'x',
    '%00',
    '%25%25',
    'A'.repeat(500),
    'A'.repeat(501),
    of(null),
    of({}),
    of([]),
    of([null]),
    of([{}]),
    of([1.5]),
    of([-1]),
    of(['']),
    of(['\u0000']),
    of(['\ud800']),
    of([Number.MAX_SAFE_INTEGER]),
    of([Number.MIN_SAFE_INTEGER]),
    of([2 ** 31]),
    of(['0001-01-01', 'apr_x']),
    of(['-271821-04-20T00:00:00.000Z', 'apr_x']),
    of(['+275760-09-13T00:00:00.000Z', 'x', 1]),
    of(['+275760-09-13T00:00:00.000Z', 'apr_x']),
    of(['2026-01-01', 'x', Number.MAX_SAFE_INTEGER]),
    of(['-updated', '+275760-09-13T00:00:00.000Z', 'mdl_x']),
    of(['-size', Number.MAX_SAFE_INTEGER, 'mdl_x']),
    of(['name', '\uffff', 'mdl_x']),
    of(Array.from({ length: 50 }, () => 1)),
    `${good?.slice(0, at)}A${good?.slice(at + 1)}`,
    `${good?.slice(0, at)}`,
    `${good}${good}`,
    `${good}`,
  ])
}

const spoilCredentials: Attack = (draft, random, { credentials, origin }) => {
  const { permission } = draft.operation.route
  const open = permission === 'public'
  const reading = draft.operation.method === 'GET'
  switch (random.int(0, 5)) {
    case 0:
      draft.authorization = null
      draft.expect = open ? null : [401]
      draft.done.push('nobody signed in')
      return
    case 1:
      draft.authorization = hostileToken(random)
      draft.expect = [401]
      draft.done.push('a hostile Authorization')
      return
    case 2:
      draft.authorization = `Bearer ${random.pick(credentials.useless)}`
      draft.expect = [401]
      draft.done.push('a token that does not count')
      return
    case 3:
      draft.authorization = `Bearer ${random.chance(0.5) ? credentials.nobody : credentials.viewer}`
      if (draft.authorization.endsWith(credentials.nobody) && !open && permission !== 'signed_in') draft.expect = [403]
      draft.done.push('a token of few permissions')
      return
    case 4:
      draft.authorization = null
      draft.headers.push(['cookie', hostileCookie(random)])
      draft.expect = open ? null : [401]
      draft.done.push('a hostile cookie')
      return
    default: {
      if (draft.operation.id === 'signOut') return
      draft.authorization = null
      const home = random.chance(0.5)
      draft.headers.push(['cookie', credentials.cookie], ['origin', home ? origin : 'https://elsewhere.example'])
      if (!home && !reading) draft.expect = [403]
      draft.done.push(home ? 'a session from the hub itself' : 'a session from another site')
    }
  }
}

const spoilHeaders: Attack = (draft, random) => {
  draft.headers.push(...hostileHeaders(random))
  draft.done.push(`header ${draft.headers.at(-1)?.join(': ').slice(0, 60)}`)
}

const spoilMethod: Attack = (draft, random) => {
  draft.method = random.pick([
    'HEAD',
    'HEAD',
    'OPTIONS',
    'PUT',
    'TRACE',
    'PATCH',
    'DELETE',
    'QUERY',
    'PROPFIND',
    'PURGE',
    'LINK',
    'M-SEARCH',
  ])
  // It would end what other cases need.
  if (draft.method === 'DELETE' && draft.segment !== null) draft.segment = 'ver_00000000000000000000zz'
  draft.done.push(`method ${draft.method}`)
}

const unknownQuery: Attack = (draft, random) => {
  draft.query.push([
    random.pick(['x', '__proto__', 'constructor', 'limit%00', '%zz', '', '%ff', 'limit[]', 'a.b']),
    random.pick(['1', '', '%', '%zz', '%00', 'x'.repeat(6_000)]),
  ])
  draft.done.push('an unknown query parameter')
}
