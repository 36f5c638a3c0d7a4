import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { loadKinds } from './index.ts'

test('every file of this folder is registered under its name', async () => {
  const files = (await readdir(import.meta.dirname)).filter((name) => !name.includes('.test.') && name !== 'index.ts')
  expect(files.map((name) => name.replace('.ts', '')).sort()).toEqual([...loadKinds.kinds].sort())
})
