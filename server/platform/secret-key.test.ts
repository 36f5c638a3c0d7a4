import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { hubErrorOf, temporaryFolder } from '../../test/support/index.ts'
import { loadSecretKey } from './secret-key.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder('key')
})
afterEach(() => folder.remove())
const path = () => join(folder.path, 'secret.key')

test('is made once, 32 random bytes for the owner alone, and read again', async () => {
  const key = await loadSecretKey(folder.path, undefined)
  expect(key).toHaveLength(32)
  expect(statSync(path()).mode & 0o777).toBe(0o600)
  expect(await loadSecretKey(folder.path, undefined)).toEqual(key)
  expect(readdirSync(folder.path)).toEqual(['secret.key'])
})

test('of many first starts at once one key wins, and all have it', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadSecretKey(folder.path, undefined)))
  const texts = new Set(keys.map((key) => Buffer.from(key).toString('hex')))
  expect(texts.size).toBe(1)
  expect(Buffer.from(readFileSync(path(), 'utf8'), 'base64').toString('hex')).toBe([...texts][0])
  expect(readdirSync(folder.path)).toEqual(['secret.key'])
})

test('one given from outside is taken and nothing is written', async () => {
  const given = randomBytes(32)
  expect(await loadSecretKey(folder.path, given)).toEqual(given)
  expect(readdirSync(folder.path)).toEqual([])
})

test.each(['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64'), '\0'.repeat(44)])(
  'a damaged file (%j) is refused and left as it is',
  async (text) => {
    writeFileSync(path(), text)
    const error = await hubErrorOf(loadSecretKey(folder.path, undefined))
    expect(error).toMatchObject({ kind: 'invalid', code: 'secret_key_damaged' })
    expect(error.remedy).toContain('backup')
    expect(readFileSync(path(), 'utf8')).toBe(text)
  },
)

test('a file that cannot be read is not taken for one that is missing', async () => {
  const { mkdirSync } = await import('node:fs')
  mkdirSync(path())
  await expect(loadSecretKey(folder.path, undefined)).rejects.toThrow()
  expect(readdirSync(folder.path)).toEqual(['secret.key'])
})
