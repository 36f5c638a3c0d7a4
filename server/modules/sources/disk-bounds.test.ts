import { expect, test, vi } from 'vitest'
import { hubErrorOf, temporaryFolder } from '../../../test/support/index.ts'

// A folder of a hundred thousand files takes longer to make than to refuse, so the directory is made up.
let names: string[] = []
const file = { isDirectory: () => false, isSymbolicLink: () => false, isFile: () => true }
vi.mock('node:fs/promises', async (original) => ({
  ...(await original<typeof import('node:fs/promises')>()),
  readdir: () => Promise.resolve(names.map((name) => ({ ...file, name }))),
  lstat: () => Promise.resolve({ ...file, dev: 1n, ino: 1n, size: 1n, mtimeNs: 1n, ctimeNs: 1n }),
}))

test('a folder of 100,000 files is a version; one more is refused', async () => {
  const { localSource } = await import('./index.ts')
  const folder = temporaryFolder('many')
  const count = async (n: number) => {
    names = Array.from({ length: n }, (_, i) => `f${i}`)
    let seen = 0
    const source = { type: 'disk' as const, path: folder.path, mode: 'in_place' as const }
    for await (const _file of localSource('disk').list(source, { roots: [folder.path] }, () => undefined)) seen += 1
    return seen
  }
  try {
    expect(await count(100_000)).toBe(100_000)
    expect(await hubErrorOf(count(100_001))).toMatchObject({ kind: 'limit', code: 'too_many_files' })
  } finally {
    folder.remove()
  }
})
