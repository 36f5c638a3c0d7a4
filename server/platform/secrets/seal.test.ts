import { expect, test } from 'vitest'
import { HubError } from '../../../kernel/index.ts'
import { seal, unseal } from './index.ts'

const key = Buffer.alloc(32, 1)
const other = Buffer.alloc(32, 2)
const open = (sealed: Uint8Array, purpose = 'credential', id = 'crd_1', keys: Uint8Array | Uint8Array[] = key) =>
  unseal(keys, purpose, id, sealed).toString('utf8')

test('opens what was sealed, and shows nothing of it', () => {
  const sealed = seal(key, 'credential', 'crd_1', 'a secret of some length')
  expect(open(sealed)).toBe('a secret of some length')
  expect(sealed.toString('latin1')).not.toContain('secret')
  expect(seal(key, 'credential', 'crd_1', 'a secret of some length').equals(sealed)).toBe(false)
  expect(open(seal(key, 'credential', 'crd_1', ''))).toBe('')
})

test.each([
  ['another row', (sealed: Buffer) => open(sealed, 'credential', 'crd_2')],
  ['another purpose', (sealed: Buffer) => open(sealed, 'source', 'crd_1')],
  ['a purpose and an id that join to the same text', (sealed: Buffer) => open(sealed, 'credential\0crd_1', '')],
  ['another key', (sealed: Buffer) => open(sealed, 'credential', 'crd_1', other)],
  ['nothing', () => open(Buffer.alloc(0))],
  ['a cut', (sealed: Buffer) => open(sealed.subarray(0, -1))],
  ['only a head', (sealed: Buffer) => open(sealed.subarray(0, 30))],
])('does not open for %s', (_what, attempt) => {
  expect(() => attempt(seal(key, 'credential', 'crd_1', 'secret'))).toThrow(HubError)
})

test('does not open when any one bit is turned', () => {
  const sealed = seal(key, 'credential', 'crd_1', 'secret')
  for (let i = 0; i < sealed.length; i++) {
    const turned = Buffer.from(sealed)
    turned[i] = (turned[i] ?? 0) ^ 1
    expect(() => open(turned), `byte ${i}`).toThrow(expect.objectContaining({ code: 'secret_unreadable' }))
  }
})

test('opens with the old key while the key is being changed', () => {
  const old = seal(other, 'credential', 'crd_1', 'old')
  const fresh = seal(key, 'credential', 'crd_1', 'new')
  expect(open(old, 'credential', 'crd_1', [key, other])).toBe('old')
  expect(open(fresh, 'credential', 'crd_1', [key, other])).toBe('new')
})

test('opens bytes that a database gives as a view on a larger buffer', () => {
  const sealed = seal(key, 'credential', 'crd_1', 'secret')
  const padded = new Uint8Array(sealed.length + 20)
  padded.set(sealed, 7)
  expect(open(padded.subarray(7, 7 + sealed.length))).toBe('secret')
})
