import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { temporaryFolder } from '../test/support/index.ts'
import { makeSocketsFolder } from './engine-sockets.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder('sockets')
  vi.stubEnv('TMPDIR', folder.path)
})
afterEach(() => {
  vi.unstubAllEnvs()
  folder.remove()
})

test('removes what killed hubs of the same data folder left, and nothing of others', async () => {
  const [first, other] = [await makeSocketsFolder('/data/a'), await makeSocketsFolder('/data/b')]
  const dead = spawnSync('true').pid.toString(36)
  const running = process.ppid.toString(36)
  const like = (pid: string) => first.replace(new RegExp(`-${process.pid.toString(36)}-`), `-${pid}-`)
  for (const path of [like(dead), like(running), join(folder.path, 'modelhub-notes')]) mkdirSync(path)

  const second = await makeSocketsFolder('/data/a')
  expect(readdirSync(folder.path).sort()).toEqual(
    [second, other, like(running), join(folder.path, 'modelhub-notes')]
      .map((path) => path.slice(folder.path.length + 1))
      .sort(),
  )
})
