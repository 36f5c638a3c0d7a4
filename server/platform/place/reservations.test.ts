import { join } from 'node:path'
import { expect, test } from 'vitest'
import { HubError } from '../../../kernel/index.ts'
import { temporaryFolder } from '../../../test/support/index.ts'
import { createReserveRoom } from './index.ts'

const reserve = 256 * 2 ** 20

test('room is promised once, counts until it is written or given back, and is refused with what is missing', () => {
  const folder = temporaryFolder('room')
  let free = reserve + 1_000
  const reserveRoom = createReserveRoom(() => free)
  const refused = (bytes: number): HubError => {
    try {
      reserveRoom(join(folder.path, 'not', 'there', 'yet'), bytes)
    } catch (error) {
      if (error instanceof HubError) return error
      throw error
    }
    throw new Error('it was promised')
  }
  expect(refused(1_001)).toMatchObject({ kind: 'limit', code: 'disk_full', details: { status: 507, missingBytes: 1 } })
  const first = reserveRoom(folder.path, 600)
  expect(refused(500)).toMatchObject({
    details: { neededBytes: 500, promisedBytes: 600, freeBytes: free, missingBytes: 100 },
  })
  expect(refused(500).message).toContain('100 bytes are missing')
  // What is written is missing from the free room and no longer promised: not counted twice.
  free -= 400
  first.took(400)
  reserveRoom(folder.path, 400).release()
  expect(refused(401)).toMatchObject({ details: { missingBytes: 1 } })
  first.release()
  first.release()
  reserveRoom(folder.path, 600)
  expect(refused(1)).toMatchObject({ details: { missingBytes: 1 } })
  folder.remove()
})
