import { describe, expect, test } from 'vitest'
import { permissions } from '../../contract/index.ts'
import { fixedClock, HubError } from '../../kernel/index.ts'
import { person } from '../../test/support/index.ts'
import type { Caller } from '../modules/identity/index.ts'
import { createAttemptLimit } from './attempt-limit.ts'
import { assertSameOrigin, authorize } from './authorize.ts'

const thrown = (run: () => void): HubError | null => {
  try {
    run()
  } catch (error) {
    if (error instanceof HubError) return error
    throw error
  }
  return null
}

describe('authorize', () => {
  const caller = (...allowed: (typeof permissions)[number][]): Caller =>
    ({ actor: person('Eve', allowed), by: 'token' }) as unknown as Caller

  test.each(permissions)('%s', (permission) => {
    const others = permissions.filter((other) => other !== permission)
    expect(thrown(() => authorize(caller(permission), permission))).toBeNull()
    if (permission === 'public') {
      expect(thrown(() => authorize(null, permission))).toBeNull()
      return
    }
    expect(thrown(() => authorize(null, permission))).toMatchObject({
      kind: 'unauthenticated',
      code: 'sign_in_required',
    })
    expect(thrown(() => authorize(caller(...others), permission))).toMatchObject({
      kind: 'forbidden',
      code: 'permission_missing',
      details: { permission },
    })
  })
})

describe('assertSameOrigin', () => {
  const hub = 'https://hub.example'
  test.each<[string, Record<string, string>, boolean]>([
    ['a program without either header', {}, true],
    ['the hub itself', { origin: hub, 'sec-fetch-site': 'same-origin' }, true],
    ['the hub by the address it was called with', { origin: 'http://10.0.0.1:4820', host: '10.0.0.1:4820' }, true],
    ['an address typed in', { 'sec-fetch-site': 'none' }, true],
    ['another site', { origin: 'https://evil.example', host: 'hub.example' }, false],
    ['another site, older browser', { origin: 'https://evil.example' }, false],
    ['another site, no origin told', { 'sec-fetch-site': 'cross-site' }, false],
    ['a sister site', { origin: 'https://other.example', 'sec-fetch-site': 'same-site', host: 'hub.example' }, false],
    ['the hub’s origin claimed across sites', { origin: hub, 'sec-fetch-site': 'cross-site' }, false],
    ['another port of the host', { origin: 'http://hub.example:9999', host: 'hub.example:4820' }, false],
    ['a name that begins like the hub', { origin: `${hub}.evil.example`, host: 'hub.example' }, false],
    ['a sandboxed frame', { origin: 'null', host: 'null' }, false],
    ['an origin that is none', { origin: 'hub.example', host: 'hub.example' }, false],
    ['an empty origin', { origin: '', host: '' }, false],
  ])('%s', (_what, headers, allowed) => {
    const error = thrown(() => assertSameOrigin(new Headers(headers), hub))
    if (allowed) expect(error).toBeNull()
    else expect(error).toMatchObject({ kind: 'forbidden', code: 'cross_site' })
  })
})

describe('createAttemptLimit', () => {
  const make = () => {
    const clock = fixedClock(0)
    const limit = createAttemptLimit(clock, { limit: 3, windowMs: 60_000 })
    return { clock, limit, tries: (name: string) => thrown(() => limit.take(name)) }
  }

  test('allows so many in a window, then says how long to wait', () => {
    const { clock, tries } = make()
    expect([tries('a'), tries('a'), tries('a')]).toEqual([null, null, null])
    clock.advance(10_500)
    expect(tries('a')).toMatchObject({ kind: 'limit', code: 'too_many_attempts', details: { retryAfter: 50 } })
    expect(tries('b')).toBeNull()
    clock.advance(49_500)
    expect(tries('a')).toBeNull()
  })

  test('more tries do not make the wait longer', () => {
    const { clock, tries } = make()
    for (let i = 0; i < 50; i++) tries('a')
    clock.advance(60_000)
    expect(tries('a')).toBeNull()
  })

  test('forgets on success', () => {
    const { limit, tries } = make()
    for (let i = 0; i < 3; i++) tries('a')
    limit.forget('a')
    expect(tries('a')).toBeNull()
  })

  test('many other names do not free one that is locked', () => {
    const { tries } = make()
    for (let i = 0; i < 4; i++) tries('victim')
    for (let i = 0; i < 20_000; i++) tries(`name-${i}`)
    expect(tries('victim')).toMatchObject({ code: 'too_many_attempts' })
  })
})
