import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../../test/support/index.ts'
import { runCommand } from '../testing/test-context.ts'

const place = temporaryFolder('cli-backup')
afterAll(() => place.remove())

test.each(['backup', 'restore'])('%s on PostgreSQL is refused with what to do instead', async (command) => {
  const target = join(place.path, 'x')
  const variables = { MODELHUB_DATABASE_URL: 'postgres://hub@127.0.0.1:1/hub', MODELHUB_DATA: place.path }
  const run = await runCommand([command, target], { variables })
  expect(run).toMatchObject({ code: 1, out: '' })
  expect(run.err).toContain('PostgreSQL')
  expect(run.err).toContain('pg_dump')
  expect(existsSync(target)).toBe(false)
})

test.each(['backup', 'restore'])('%s without a folder is wrong use', async (command) => {
  expect(await runCommand([command])).toMatchObject({ code: 3 })
})

test('a backup that no hub can make leaves no folder', async () => {
  const target = join(place.path, 'y')
  const variables = { MODELHUB_URL: 'http://127.0.0.1:1', MODELHUB_DATA: join(place.path, 'none') }
  const run = await runCommand(['backup', target], { variables })
  expect(run.code).toBe(1)
  expect(run.err).toContain('No hub answers')
  expect(existsSync(target)).toBe(false)
})

test('what is no backup is refused in words, also as JSON', async () => {
  const run = await runCommand(['restore', place.path, '--data', join(place.path, 'd'), '--json'])
  expect(run.code).toBe(1)
  expect(JSON.parse(run.out)).toMatchObject({ code: 'backup_not_found' })
  expect(existsSync(join(place.path, 'd'))).toBe(false)
})
