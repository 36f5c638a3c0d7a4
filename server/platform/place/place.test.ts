import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { invalid } from '../../../kernel/index.ts'
import { temporaryFolder } from '../../../test/support/index.ts'
import { asDiskError, assertFileLimit, assertSameFolder, createPlaceWatch, folderIdentity } from './index.ts'

const systemError = (code: string) => Object.assign(new Error(code), { code })

test('what the system says of a disk becomes words with a remedy, also inside another error; the rest is left alone', () => {
  expect(asDiskError(systemError('ENOSPC'))).toMatchObject({ code: 'disk_full', details: { status: 507 } })
  expect(asDiskError(new Error('could not write', { cause: systemError('EDQUOT') }))).toMatchObject({
    code: 'disk_full',
  })
  expect(asDiskError(systemError('53100'))).toMatchObject({ code: 'disk_full' })
  expect(asDiskError(systemError('EROFS'))).toMatchObject({ code: 'disk_read_only' })
  expect(asDiskError(systemError('EMFILE'))).toMatchObject({ code: 'too_many_open_files' })
  expect(asDiskError(systemError('EIO'))).toBeNull()
  expect(asDiskError(invalid('bad', 'No space left on device.'))).toBeNull()
})

test('a folder that is deleted, replaced or emptied is noticed once; nothing is made in its place', () => {
  const folder = temporaryFolder('place')
  const data = join(folder.path, 'data')
  mkdirSync(data)
  writeFileSync(join(data, 'VERSION.json'), '{}')
  const identity = folderIdentity(data)
  const told: string[] = []
  const watch = createPlaceWatch(data, ({ code }) => told.push(code), true)
  expect(watch.problem()).toBeNull()
  expect(() => assertSameFolder(data, identity, true)).not.toThrow()

  rmSync(join(data, 'VERSION.json'))
  expect(() => assertSameFolder(data, identity, true)).toThrow(expect.objectContaining({ code: 'data_folder_gone' }))
  expect(() => assertSameFolder(data, identity, false)).not.toThrow()
  renameSync(data, `${data}-aside`)
  expect(() => assertSameFolder(data, identity, false)).toThrow(expect.objectContaining({ code: 'data_folder_gone' }))
  mkdirSync(data)
  expect(() => assertSameFolder(data, identity, false)).toThrow(expect.objectContaining({ code: 'data_folder_gone' }))
  watch.stop()
  const late = createPlaceWatch(data, ({ code }) => told.push(code), true)
  expect(late.problem()).toMatchObject({ code: 'data_folder_gone' })
  expect(late.problem()).toMatchObject({ code: 'data_folder_gone' })
  expect(told).toEqual(['data_folder_gone'])
  late.stop()
  folder.remove()
})

test('a limit of open files below what a hub needs is refused; an unknown one is not', () => {
  expect(() => assertFileLimit(64)).toThrow(expect.objectContaining({ code: 'too_few_open_files' }))
  expect(() => assertFileLimit(256)).not.toThrow()
  expect(() => assertFileLimit(Number.POSITIVE_INFINITY)).not.toThrow()
})
