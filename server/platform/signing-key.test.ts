import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hubErrorOf } from '../../test/support/index.ts'
import { fingerprintOfKey, isSignedBy, loadSigningKey } from './signing-key.ts'

describe('the signing key', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mh-signing-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  test('is made once, for its owner alone, and kept', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadSigningKey(folder)))
    expect(new Set(keys.map(({ fingerprint }) => fingerprint)).size).toBe(1)
    const [key] = keys
    expect(key?.fingerprint).toBe(fingerprintOfKey(Buffer.from(key?.publicKey ?? '', 'base64')))
    expect(statSync(join(folder, 'signing.key')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(folder, 'signing.key'), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/)
  })

  test('signs for one purpose and for these bytes alone', async () => {
    const key = await loadSigningKey(folder)
    const publicKey = Buffer.from(key.publicKey, 'base64')
    const bytes = Buffer.from('what is signed')
    const signature = key.sign('purpose', bytes)
    expect(isSignedBy(publicKey, 'purpose', bytes, signature)).toBe(true)
    expect(isSignedBy(publicKey, 'purposes', bytes, signature)).toBe(false)
    expect(isSignedBy(publicKey, 'purpose', Buffer.from('what is Signed'), signature)).toBe(false)
    expect(isSignedBy(publicKey, 'purpose', bytes, signature.subarray(1))).toBe(false)
    expect(isSignedBy(publicKey.subarray(1), 'purpose', bytes, signature)).toBe(false)
  })

  test.each(['', 'nothing', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'])(
    'that is damaged is refused, not replaced',
    async (text) => {
      writeFileSync(join(folder, 'signing.key'), text)
      expect((await hubErrorOf(loadSigningKey(folder))).code).toBe('signing_key_damaged')
      expect(readFileSync(join(folder, 'signing.key'), 'utf8')).toBe(text)
    },
  )
})
