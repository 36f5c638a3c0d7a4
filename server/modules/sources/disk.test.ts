import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DiskSource, SourceNote } from '../../../contract/index.ts'
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

async function list(path = model, roots = [root]): Promise<{ files: PlannedFile[]; notes: SourceNote[] }> {
  const notes: SourceNote[] = []
  const files: PlannedFile[] = []
  for await (const file of disk.list(source(path), { roots }, (note) => notes.push(note))) files.push(file)
  return { files, notes }
}
const paths = async (path?: string) => (await list(path)).files.map((file) => file.path)

describe('roots', () => {
  test('outside of them nothing is read, and nothing is told of what is there', async () => {
    const outside = join(base.path, 'outside')
    mkdirSync(outside)
    const there = await hubErrorOf(list(outside))
    const notThere = await hubErrorOf(list(join(base.path, 'nothing')))
    expect(there).toMatchObject({ kind: 'forbidden', code: 'path_outside_roots' })
    expect(notThere.code).toBe(there.code)
    expect(notThere.message.replace('nothing', 'outside')).toBe(there.message)
    expect(there.remedy).toContain('MODELHUB_DISK_ROOTS')
  })

  test.each(['model', './model', '', '/a\0b'])('%j is no absolute path', async (path) => {
    expect(await hubErrorOf(list(path))).toMatchObject({ kind: 'invalid', code: 'path_not_absolute' })
  })

  test('`..` is taken away before the roots are asked', async () => {
    mkdirSync(join(base.path, 'outside'))
    expect((await hubErrorOf(list(`${root}/../outside`))).code).toBe('path_outside_roots')
    expect((await hubErrorOf(list(`${root}/../nothing`))).code).toBe('path_outside_roots')
    write('a.gguf')
    expect(await paths(`${root}/../root/model`)).toEqual(['a.gguf'])
  })

  test('a folder whose name begins like a root is outside', async () => {
    mkdirSync(`${root}-other`)
    expect((await hubErrorOf(list(`${root}-other`))).code).toBe('path_outside_roots')
  })

  test('below them, what is missing is said to be missing', async () => {
    expect(await hubErrorOf(list(join(root, 'typo')))).toMatchObject({ kind: 'not_found', code: 'path_not_found' })
  })

  test('a root may be a link; one that is gone allows nothing', async () => {
    write('a.gguf')
    const link = join(base.path, 'link')
    symlinkSync(root, link)
    expect((await list(join(link, 'model'), [link])).files).toHaveLength(1)
    expect((await hubErrorOf(list(model, [join(base.path, 'unmounted')]))).code).toBe('path_outside_roots')
    expect((await hubErrorOf(list(model, []))).remedy).toContain('(none)')
  })

  test('a link as the source itself counts as what it names', async () => {
    write('a.gguf')
    symlinkSync(model, join(root, 'inside'))
    symlinkSync(base.path, join(root, 'escape'))
    expect(await paths(join(root, 'inside'))).toEqual(['a.gguf'])
    expect((await hubErrorOf(list(join(root, 'escape')))).code).toBe('path_outside_roots')
    expect((await hubErrorOf(list(`${root}/escape/root/..`))).code).toBe('path_outside_roots')
  })
})

describe('the walk', () => {
  test('gives every file with size and fingerprint, in the order of the names', async () => {
    for (const path of ['b.gguf', 'a/z.json', 'a/b/deep.txt', 'README.md']) write(path, 'text')
    const { files, notes } = await list()
    expect(files.map((file) => file.path)).toEqual(['README.md', 'a/b/deep.txt', 'a/z.json', 'b.gguf'])
    expect(files[0]).toMatchObject({ size: 4, realPath: join(model, 'README.md'), fingerprint: { size: '4' } })
    expect(notes).toEqual([])
  })

  test('of a single file is that file', async () => {
    const path = write('only.gguf', 'abc')
    expect(await list(path)).toMatchObject({ files: [{ path: 'only.gguf', size: 3 }] })
  })

  test('leaves version control and caches alone, but not files of such a name', async () => {
    for (const path of ['.git/config', '.cache/x', '__pycache__/x.pyc', 'node_modules/x.js', 'sub/.git/x']) write(path)
    for (const path of ['kept/.gitattributes', '.hidden', 'git']) write(path)
    expect(await paths()).toEqual(['.hidden', 'git', 'kept/.gitattributes'])
  })

  test('keeps names of any kind whole', async () => {
    const names = [
      'line\nbreak.bin',
      'tab\t.bin',
      'größe-模型-🙂.gguf',
      ' space ',
      '-rf',
      '"quoted".json',
      'back\\slash',
    ]
    for (const name of names) write(name)
    expect((await paths()).sort()).toEqual([...names].sort())
  })

  test('refuses a name that is no text, and names it', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${model}/bad-`), Buffer.from([0xff])]), 'x')
    expect(await hubErrorOf(list())).toMatchObject({ kind: 'invalid', code: 'name_not_utf8' })
  })

  test('leaves out pipes and sockets, and says so', async () => {
    write('a.gguf')
    execFileSync('mkfifo', [join(model, 'pipe')])
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(model, 'socket'), resolve))
    const { files, notes } = await list()
    await new Promise((resolve) => server.close(resolve))
    expect(files.map((file) => file.path)).toEqual(['a.gguf'])
    expect(notes.map(({ message }) => message).sort()).toEqual([
      'pipe is neither a file nor a folder and was left out.',
      'socket is neither a file nor a folder and was left out.',
    ])
    expect(await hubErrorOf(list(join(model, 'pipe')))).toMatchObject({ code: 'not_a_folder' })
  })

  test('goes 32 folders deep and no deeper', async () => {
    write(`${'d/'.repeat(32)}x`)
    expect(await paths()).toHaveLength(1)
    write(`${'d/'.repeat(33)}x`)
    expect(await hubErrorOf(list())).toMatchObject({ kind: 'limit', code: 'too_deep' })
  })

  test('stops when it is told to', async () => {
    for (const name of ['a', 'b', 'c']) write(name)
    const stop = new AbortController()
    const seen: string[] = []
    const walk = async () => {
      for await (const file of disk.list(source(), context(), () => undefined, stop.signal)) {
        seen.push(file.path)
        stop.abort(new Error('enough'))
      }
    }
    await expect(walk()).rejects.toThrow('enough')
    expect(seen).toEqual(['a'])
  })
})

describe('links', () => {
  test('in the layout of a Hugging Face cache count as the files they name', async () => {
    const blobs = join(root, 'hub/models--a--b/blobs')
    const snapshot = join(root, 'hub/models--a--b/snapshots/rev')
    mkdirSync(blobs, { recursive: true })
    mkdirSync(snapshot, { recursive: true })
    writeFileSync(join(blobs, 'abc'), 'weights')
    symlinkSync('../../blobs/abc', join(snapshot, 'model.safetensors'))
    const { files } = await list(snapshot)
    expect(files).toMatchObject([{ path: 'model.safetensors', size: 7, realPath: join(blobs, 'abc') }])
    const opened = await disk.open(source(snapshot), files[0] as PlannedFile, context())
    expect((await opened.handle.readFile()).toString()).toBe('weights')
    await opened.handle.close()
  })

  test.each([
    ['to a file outside', '../../secret'],
    ['to an absolute path', '/etc/passwd'],
    ['through another link', 'hop'],
  ])('%s are refused by name', async (_what, target) => {
    writeFileSync(join(base.path, 'secret'), 'secret')
    symlinkSync(join(base.path, 'secret'), join(root, 'hop'))
    symlinkSync(target === 'hop' ? join(root, 'hop') : target, join(model, 'weights.gguf'))
    expect(await hubErrorOf(list())).toMatchObject({
      kind: 'invalid',
      code: 'link_escapes',
      message: 'weights.gguf is a link out of the allowed folders.',
    })
  })

  test('to nothing, to themselves and to folders are left out and named', async () => {
    mkdirSync(join(root, 'other'))
    symlinkSync('nothing', join(model, 'dangling'))
    symlinkSync('loop', join(model, 'loop'))
    symlinkSync(join(root, 'other'), join(model, 'folder'))
    symlinkSync('.', join(model, 'self'))
    const { files, notes } = await list()
    expect(files).toEqual([])
    expect(notes.map(({ message }) => message.split(' ')[0])).toEqual(['dangling', 'folder', 'loop', 'self'])
  })
})
