import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DiskSource } from '../../../contract/index.ts'
import { hubErrorOf, temporaryFolder } from '../../../test/support/index.ts'
import { localSource, type PlannedFile } from './index.ts'

const disk = localSource('disk')
let base: ReturnType<typeof temporaryFolder>
let root: string
let model: string
beforeEach(() => {
  base = temporaryFolder('disk')
  root = join(base.path, 'root')
  model = join(root, 'model')
  mkdirSync(model, { recursive: true })
})
afterEach(() => base.remove())

const write = (path: string, text = path) => {
  const full = join(model, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text)
  return full
}
const source = (path = model): DiskSource => ({ type: 'disk', path, mode: 'in_place' })
const context = () => ({ roots: [root] })

async function list(): Promise<PlannedFile[]> {
  const files: PlannedFile[] = []
  for await (const file of disk.list(source(), context(), () => undefined)) files.push(file)
  return files
}

describe('between plan and open', () => {
  const planned = async (): Promise<PlannedFile> => {
    write('a.gguf', 'original')
    const [file] = await list()
    if (file === undefined) throw new Error('nothing was planned')
    return file
  }
  const path = () => join(model, 'a.gguf')
  const open = (file: PlannedFile) => disk.open(source(), file, context())

  test('an untouched file opens, as the same file', async () => {
    const file = await planned()
    const opened = await open(file)
    expect(opened).toMatchObject({ size: 8, fingerprint: file.fingerprint })
    await opened.handle.close()
  })

  const changes: Record<string, () => void> = {
    'swapped for a link to a file outside': () => {
      writeFileSync(join(base.path, 'secret'), 'original')
      unlinkSync(path())
      symlinkSync(join(base.path, 'secret'), path())
    },
    'swapped for a link to a file inside': () => {
      write('b', 'original')
      unlinkSync(path())
      symlinkSync(join(model, 'b'), path())
    },
    'replaced by another file of the same bytes': () => {
      write('b', 'original')
      renameSync(join(model, 'b'), path())
    },
    'replaced by a hard link to another file': () => {
      write('b', 'original')
      unlinkSync(path())
      linkSync(join(model, 'b'), path())
    },
    'rewritten with the same length': () => writeFileSync(path(), 'ORIGINAL'),
    'rewritten, with the old times put back': () => {
      writeFileSync(path(), 'ORIGINAL')
      utimesSync(path(), 0, 0)
    },
    'made longer': () => appendFileSync(path(), '!'),
    'swapped for a folder': () => {
      unlinkSync(path())
      mkdirSync(path())
    },
    'swapped for a pipe': () => {
      unlinkSync(path())
      execFileSync('mkfifo', [path()])
    },
  }
  test.each(Object.keys(changes))('a file that was %s is refused at once', { timeout: 5_000 }, async (what) => {
    const file = await planned()
    changes[what]?.()
    expect(['file_changed', 'path_outside_roots']).toContain((await hubErrorOf(open(file))).code)
  })

  test('a folder on the way that became a link out is refused', async () => {
    write('sub/a.gguf', 'original')
    const file = (await list()).find((each) => each.path === 'sub/a.gguf') as PlannedFile
    mkdirSync(join(base.path, 'sub'))
    writeFileSync(join(base.path, 'sub/a.gguf'), 'original')
    rmSync(join(model, 'sub'), { recursive: true })
    symlinkSync(join(base.path, 'sub'), join(model, 'sub'))
    expect((await hubErrorOf(open(file))).code).toBe('path_outside_roots')
  })

  test('a file that is gone is said to be gone', async () => {
    const file = await planned()
    unlinkSync(path())
    expect(['path_not_found', 'file_changed']).toContain((await hubErrorOf(open(file))).code)
  })
})

describe('browse', () => {
  const browse = (path?: string) => disk.browse?.(path, context()) ?? Promise.reject(new Error('no browser'))

  test('begins with the roots that exist', async () => {
    expect(await browse()).toMatchObject({ path: null, parent: null, entries: [{ path: root, kind: 'folder' }] })
  })

  test('shows folders first, with sizes of files, and never a parent outside the roots', async () => {
    write('a.gguf', 'abc')
    write('sub/x')
    symlinkSync('/etc', join(model, 'link'))
    const listing = await browse(model)
    expect(listing.parent).toBe(root)
    expect(listing.entries.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['sub', 'folder', null],
      ['a.gguf', 'file', 3],
      ['link', 'link', null],
    ])
    expect((await browse(root)).parent).toBeNull()
  })

  test('refuses what lies outside, also behind a link, and what is no folder', async () => {
    symlinkSync('/etc', join(root, 'escape'))
    expect((await hubErrorOf(browse(join(root, 'escape')))).code).toBe('path_outside_roots')
    expect((await hubErrorOf(browse('/etc'))).code).toBe('path_outside_roots')
    expect(await hubErrorOf(browse(write('a.gguf')))).toMatchObject({ kind: 'invalid', code: 'not_a_folder' })
  })

  test('shows at most 1,000 entries and says that there are more', async () => {
    for (let i = 0; i < 1_001; i++) writeFileSync(join(model, `f${i}`), '')
    expect(await browse(model)).toMatchObject({ truncated: true, entries: { length: 1_000 } })
  })
})
