import { describe, expect, it } from 'vitest'
import {
  atLeast,
  canonicalJson,
  createNewId,
  entry,
  fixedClock,
  HubError,
  idPrefixes,
  invalid,
  messageOf,
  randomText,
  redact,
  registry,
  worstVerdict,
} from './index.ts'

describe('canonicalJson', () => {
  it('gives equal bytes for equal values, whatever the order of their keys', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'], c: { z: 0, y: -1.5 } })).toBe(
      '{"a":[true,null,"x"],"b":1,"c":{"y":-1.5,"z":0}}',
    )
    expect(canonicalJson({ a: undefined, b: new Date(0) })).toBe('{"b":"1970-01-01T00:00:00.000Z"}')
  })

  it('orders keys by code unit and escapes as JSON does', () => {
    expect(canonicalJson({ é: 1, z: 2, '"': 3 })).toBe('{"\\"":3,"z":2,"é":1}')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1])('refuses %s', (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError)
  })
})

describe('ids', () => {
  it('carry their prefix, are unique, and sort by time', () => {
    const clock = fixedClock(1_800_000_000_000)
    const newId = createNewId(clock.now)
    const first = newId('version')
    clock.advance(1)
    const second = newId('version')
    expect(first).toMatch(/^ver_[0-9a-z]{22}$/)
    expect(first < second).toBe(true)
    expect(new Set(Array.from({ length: 1_000 }, () => newId('job'))).size).toBe(1_000)
  })

  it('have one prefix per kind', () => {
    const prefixes = Object.values(idPrefixes)
    expect(new Set(prefixes).size).toBe(prefixes.length)
    expect(randomText(40)).toMatch(/^[0-9a-hjkmnp-tv-z]{40}$/)
  })
})

describe('redact', () => {
  it.each([
    ['Authorization: Bearer abcdefghij123', 'abcdefghij123'],
    ['key mhk_ABCDEFGHIJKLMNOP in text', 'ABCDEFGHIJKLMNOP'],
    ['https://host/file?X-Amz-Signature=deadbeef&x=1', 'deadbeef'],
    ['postgres://hub:hunter2@db/hub', 'hunter2'],
    ['token hf_abcdefghijklmnop', 'abcdefghijklmnop'],
  ])('takes the secret out of %s', (text, secret) => {
    expect(redact(text)).not.toContain(secret)
    expect(redact(text)).toContain('[redacted]')
  })

  it('leaves other text alone', () => {
    expect(redact('model.gguf has 3 findings at offset 24')).toBe('model.gguf has 3 findings at offset 24')
  })
})

describe('registry', () => {
  const shapes = registry('shape', [{ kind: 'round' }, { kind: 'square' }])

  it('finds by kind and names the known kinds in a refusal', () => {
    expect(shapes.get('round')).toEqual({ kind: 'round' })
    expect(shapes.find('flat')).toBeUndefined()
    expect(() => shapes.get('flat')).toThrow(
      expect.objectContaining({ code: 'unknown_shape', remedy: 'Use one of: round, square.' }),
    )
  })

  it('refuses two of a kind at load', () => {
    expect(() => registry('shape', [{ kind: 'round' }, { kind: 'round' }])).toThrow('registered twice')
  })
})

describe('errors and verdicts', () => {
  it('keep code, remedy, details and cause', () => {
    const cause = new Error('why')
    const error = invalid('bad', 'It is bad.', 'Mend it.', { cause, details: { at: 1 } })
    expect(error).toBeInstanceOf(HubError)
    expect(error).toMatchObject({ kind: 'invalid', code: 'bad', remedy: 'Mend it.', details: { at: 1 }, cause })
    expect(messageOf('plain')).toBe('plain')
  })

  it('take the worst verdict and compare severities', () => {
    expect(worstVerdict([])).toBe('pass')
    expect(worstVerdict(['review', 'pass'])).toBe('review')
    expect(worstVerdict(['incomplete', 'review', 'block'])).toBe('block')
    expect(atLeast('high', 'high')).toBe(true)
    expect(atLeast('medium', 'high')).toBe(false)
  })

  it('start the file that stands beside the caller', () => {
    expect(entry('./child', 'file:///a/b/main.ts').href).toBe('file:///a/b/child.ts')
    expect(entry('./child', 'file:///a/b/main.js').href).toBe('file:///a/b/child.js')
  })
})
