import { mkdirSync, mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isNoOlder, newestIn } from './bundle.ts'

let folder: string
const before = new Date('2026-01-01T00:00:00Z')
const after = new Date('2026-01-02T00:00:00Z')
const at = (path: string, time: Date) => utimesSync(join(folder, path), time, time)
const bundled = () => isNoOlder(join(folder, 'bundle.mjs'), newestIn([join(folder, 'code')]))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mh-bundle-'))
  mkdirSync(join(folder, 'code', 'inner'), { recursive: true })
  writeFileSync(join(folder, 'code', 'inner', 'a.ts'), '')
  writeFileSync(join(folder, 'bundle.mjs'), '')
  for (const path of ['code/inner/a.ts', 'code/inner', 'code', 'bundle.mjs']) at(path, before)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a bundle as old as the code is run', () => {
  expect(bundled()).toBe(true)
})

test('one that is not there, or older than a file of the code, is not', () => {
  at('code/inner/a.ts', after)
  expect(bundled()).toBe(false)
  at('bundle.mjs', after)
  expect(bundled()).toBe(true)
  unlinkSync(join(folder, 'bundle.mjs'))
  expect(bundled()).toBe(false)
})

test('a file that is gone makes it old too', () => {
  unlinkSync(join(folder, 'code', 'inner', 'a.ts'))
  expect(bundled()).toBe(false)
})
