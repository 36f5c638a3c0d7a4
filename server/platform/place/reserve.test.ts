import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/index.ts'
import { createReserve, missingReserve, reserveBytes } from './reserve.ts'

test('a reserve holds real blocks, is given up piece by piece, and is filled up again', () => {
  const folder = temporaryFolder('reserve')
  onTestFinished(folder.remove)
  const reserve = createReserve(folder.path)
  expect(reserve.give()).toBe(false)
  expect(missingReserve(folder.path)).toBe(reserveBytes)
  reserve.keep()
  expect(missingReserve(folder.path)).toBe(0)
  expect(statSync(join(folder.path, 'disk.reserve')).blocks * 512).toBeGreaterThanOrEqual(reserveBytes)

  expect(reserve.give()).toBe(true)
  expect(reserve.give()).toBe(true)
  const given = missingReserve(folder.path)
  expect(given).toBeGreaterThan(0)
  expect(given).toBeLessThan(reserveBytes / 4)
  let pieces = 2
  while (reserve.give()) pieces += 1
  expect(pieces).toBe((reserveBytes * 2) / given)
  expect(missingReserve(folder.path)).toBe(reserveBytes)
  reserve.keep()
  expect(missingReserve(folder.path)).toBe(0)
})
