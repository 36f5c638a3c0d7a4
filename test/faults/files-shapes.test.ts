import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import type { DiskSource, SourceNote } from '../../contract/index.ts'
import { plainGguf } from '../../scanner/testing/gguf-bytes.ts'
import { manifestDigest, readFileRows } from '../../server/modules/artifacts/index.ts'
import { getVersion } from '../../server/modules/catalog/index.ts'
import { checkSource } from '../../server/modules/lifecycle/index.ts'
import { readFiles } from '../../server/modules/lifecycle/show/read-tabs.ts'
import { localSource, type PlannedFile } from '../../server/modules/sources/index.ts'
import { figure } from '../e2e/support/work.ts'
import { describeEachDatabase, hubErrorOf } from '../support/index.ts'
import { setUpFileHub, useFolder } from './support/file-hub.ts'
import { amount, lanes } from './support/plan.ts'

const disk = localSource('disk')

describeEachDatabase(
  'files of every shape',
  (getDb) => {
    const hub = setUpFileHub(getDb)
    const base = useFolder('shapes')
    let root = ''
    beforeAll(() => {
      root = join(base.path, 'root')
      mkdirSync(root)
    })
    let made = 0
    const folder = (files: Record<string, string | Uint8Array> = {}) => {
      const path = join(root, `m${(made += 1)}`)
      mkdirSync(path)
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(path, name)), { recursive: true })
        writeFileSync(join(path, name), content)
      }
      return path
    }
    const source = (path: string): DiskSource => ({ type: 'disk', path, mode: 'in_place' })
    const list = async (path: string, roots = [root]) => {
      const notes: SourceNote[] = []
      const files: PlannedFile[] = []
      for await (const file of disk.list(source(path), { roots }, (note) => notes.push(note))) files.push(file)
      return { files, notes, names: files.map((file) => file.path) }
    }
    const onboard = async (path: string, mode?: 'copy') => await hub.onboard(await hub.register(path, mode))
    const rowsOf = async (id: string) => await readFileRows(getDb().db, id)
    const check = (path: string) => checkSource({ ...hub.deps(), sources: { roots: [root] } }, source(path))

    test('whatever has the name of a model and is none is refused at once', { timeout: 20_000 }, async () => {
      const shapes: Record<string, (path: string) => void> = {
        'a pipe': (path) => execFileSync('mkfifo', [path]),
        'a folder': (path) => mkdirSync(path),
        'a device': (path) => symlinkSync('/dev/zero', path),
        'a link to the passwords': (path) => symlinkSync('/etc/passwd', path),
        'a link to itself': (path) => symlinkSync('model.gguf', path),
        'a link to nothing': (path) => symlinkSync('nothing', path),
      }
      for (const [what, make] of Object.entries(shapes)) {
        const path = folder()
        make(join(path, 'model.gguf'))
        const error = await hubErrorOf(onboard(path))
        expect(['no_files', 'link_escapes'], what).toContain(error.code)
        expect((await check(path)).ok, what).toBe(false)
      }
    })

    test('a hard link counts as the file it is, and a folder that becomes a link after the plan is refused', async () => {
      const path = folder({ 'sub/model.gguf': plainGguf() })
      linkSync(join(path, 'sub/model.gguf'), join(path, 'twin.gguf'))
      const outside = join(base.path, `outside-${made}`)
      mkdirSync(outside)
      writeFileSync(join(outside, 'model.gguf'), plainGguf())
      const id = await hub.register(path)
      const error = await hubErrorOf(
        hub.onboard(id, {
          before: (step) => {
            if (step !== 'ingest') return
            renameSync(join(path, 'sub'), join(base.path, `aside-${made}`))
            symlinkSync(outside, join(path, 'sub'))
          },
        }),
      )
      expect(['file_changed', 'path_outside_roots']).toContain(error.code)
      expect((await rowsOf(id)).map(({ sha256 }) => sha256)).toEqual([null, null])
      rmSync(join(path, 'sub'))
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', file_count: 1 })
    })

    test('a folder on the way that is a link now and then leads nowhere else', async () => {
      const rounds = amount({ slice: 150, full: 3_000 })
      const outside = join(base.path, `secrets-${made}`)
      mkdirSync(outside)
      writeFileSync(join(outside, 'a.json'), '"secret"')
      const path = folder({ 'sub/a.json': '"public"' })
      const swapper = startSwapper(join(path, 'sub'), outside)
      let [read, refused] = [0, 0]
      try {
        for (let round = 0; round < rounds; round++) {
          try {
            const { files } = await list(path)
            for (const file of files) {
              const { handle } = await disk.open(source(path), file, { roots: [root] })
              const text = (await handle.readFile()).toString()
              await handle.close()
              expect(text).toBe('"public"')
              read += 1
            }
          } catch (error) {
            if (!(error instanceof Error && 'code' in error)) throw error
            expect(['file_changed', 'path_outside_roots', 'path_not_found', 'link_escapes']).toContain(error.code)
            refused += 1
          }
        }
      } finally {
        await swapper.stop()
      }
      figure(`${rounds} walks beside a swapped folder: ${read} files read, ${refused} refused, none from outside`)
      expect(Math.min(read, refused), 'both happened').toBeGreaterThan(0)
    }, 120_000)

    test('deep folders, long paths and names at the limit are taken or refused in plain words', async () => {
      const long = folder()
      // Three folders of 250 letters and a name of 255: each as long as a disk allows; 1,009 bytes in all.
      const nested = join(long, ...Array.from({ length: 3 }, () => 'n'.repeat(250)))
      mkdirSync(nested, { recursive: true })
      writeFileSync(join(nested, `${'x'.repeat(250)}.json`), '{}')
      const taken = await onboard(long)
      expect(taken).toMatchObject({ state: 'verified', file_count: 1 })

      const tooLong = folder()
      // What compresses badly fills the index of the database.
      const name = () => Array.from({ length: 40 }, () => Math.random().toString(36).slice(2, 8)).join('')
      const far = join(tooLong, ...Array.from({ length: 9 }, name))
      mkdirSync(far, { recursive: true })
      writeFileSync(join(far, 'x.json'), '{}')
      expect(await hubErrorOf(onboard(tooLong))).toMatchObject({
        code: 'path_too_long',
        remedy: expect.any(String) as string,
      })

      const deep = folder()
      const depth = amount({ slice: 1_000, full: 10_000 })
      // By the tool, which goes down level by level: no call could name the whole path.
      execFileSync('mkdir', ['-p', 'd/'.repeat(depth)], { cwd: deep, timeout: 60_000 })
      const began = performance.now()
      expect((await hubErrorOf(onboard(deep))).code).toBe('too_deep')
      figure(`${depth} folders deep: refused after ${Math.round(performance.now() - began)} ms`)
    }, 90_000)

    test('names in every alphabet come back letter by letter, and two folders never share a digest by a trick', async () => {
      const names = [
        'größe.json',
        'gro\u0308ße.json',
        'model.json',
        'Model.json',
        'MODEL.JSON',
        '模型.json',
        'النموذج.json',
        '\u202Enosj.exe',
        '🙂👩🏽‍💻.json',
        '-rf',
        ' leading and trailing ',
        'quote".json',
        "quote'.json",
        'back\\slash.json',
        'c:drive.json',
        'dot.',
        'CON',
        'new\nline.json',
        'tab\t.json',
        'bell\u0007.json',
        'escape\u001b[31m.json',
        '%2e%2e%2f',
        '..json',
        'a","size":0},{"path":"b.json',
      ]
      const path = folder(Object.fromEntries(names.map((name) => [name, '{}'])))
      const version = await onboard(path)
      const rows = await rowsOf(version.id)
      const byName = (a: string, b: string) => (a < b ? -1 : 1)
      expect(rows.map((row) => row.path).sort(byName)).toEqual([...names].sort(byName))
      const files = rows.map((row) => ({ path: row.path, size: row.size, sha256: row.sha256 ?? '' }))
      expect(version.digest).toBe(manifestDigest(JSON.parse(JSON.stringify(files)) as typeof files))
      const page = await readFiles(getDb().db, version.id, { limit: 200 })
      expect(page.items.map((file) => file.path).sort(byName)).toEqual([...names].sort(byName))
      expect(hub.logged().filter((line) => line.includes('differs from another name'))).toHaveLength(3)

      // One file of a deceiving name against two honest ones.
      const [one, two] = [
        [{ path: 'a","sha256":"0","size":0},{"path":"b', sha256: '1', size: 1 }],
        [
          { path: 'a', sha256: '0', size: 0 },
          { path: 'b', sha256: '1', size: 1 },
        ],
      ]
      expect(manifestDigest(one ?? [])).not.toBe(manifestDigest(two ?? []))
      expect(manifestDigest([{ path: 'a\nb', sha256: '0', size: 0 }])).not.toBe(
        manifestDigest([{ path: 'a\\nb', sha256: '0', size: 0 }]),
      )
      const invalid = folder()
      writeFileSync(Buffer.concat([Buffer.from(`${invalid}/bad-`), Buffer.from([0xff, 0xfe])]), 'x')
      expect((await hubErrorOf(onboard(invalid))).code).toBe('name_not_utf8')
    })

    test('files that are holes, empty, or say more than any disk holds', { timeout: 30_000 }, async () => {
      const hollow = folder({ 'model.gguf': plainGguf() })
      truncateSync(join(hollow, 'model.gguf'), 2 ** 40)
      const began = performance.now()
      expect(await hubErrorOf(onboard(hollow))).toMatchObject({
        code: 'file_hollow',
        message: expect.stringContaining('1099511627776 bytes') as string,
      })
      figure(`1 TB of holes: refused after ${Math.round(performance.now() - began)} ms`)
      expect((await check(hollow)).notes.find(({ level }) => level === 'blocker')?.message).toContain('on the disk')
      expect(['disk_full', 'file_hollow']).toContain((await hubErrorOf(onboard(hollow, 'copy'))).code)
      const empty = await onboard(folder({ 'empty.gguf': '', 'README.md': '# Empty\n' }))
      expect((await rowsOf(empty.id)).find((row) => row.path === 'empty.gguf')).toMatchObject({ size: 0 })
      const huge = folder()
      // A file system that allows it is needed for more than 16 TiB; memory does.
      if (spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', huge]).status !== 0) {
        process.stdout.write('  skipped: 1 PiB: no file system in memory can be mounted here\n')
        return
      }
      try {
        writeFileSync(join(huge, 'model.gguf'), '')
        truncateSync(join(huge, 'model.gguf'), 2 ** 50)
        expect((await hubErrorOf(onboard(huge))).code).toBe('file_too_large')
      } finally {
        spawnSync('umount', [huge])
      }
    })

    test('a Hugging Face cache is understood from its root, its model and its snapshot', async () => {
      const cache = folder()
      const model = join(cache, 'models--org--name')
      const rev = 'a'.repeat(40)
      const snapshot = join(model, 'snapshots', rev)
      for (const path of [
        join(snapshot, 'sub'),
        join(model, 'blobs'),
        join(model, 'refs'),
        join(model, '.no_exist', rev),
      ]) {
        mkdirSync(path, { recursive: true })
      }
      mkdirSync(join(cache, '.locks', 'models--org--name'), { recursive: true })
      writeFileSync(join(cache, 'version.txt'), '1')
      writeFileSync(join(cache, '.locks/models--org--name/x.lock'), '')
      writeFileSync(join(model, 'refs/main'), rev)
      writeFileSync(join(model, '.no_exist', rev, 'tokenizer.json'), '')
      writeFileSync(join(model, 'blobs/111'), plainGguf())
      writeFileSync(join(model, 'blobs/222.incomplete'), 'half')
      symlinkSync('../../blobs/111', join(snapshot, 'model.gguf'))
      symlinkSync('../../../blobs/111', join(snapshot, 'sub/copy.gguf'))
      symlinkSync('../../blobs/333', join(snapshot, 'config.json'))
      for (const path of [cache, model, snapshot]) {
        const { names, notes, files } = await list(path)
        expect(names, path).toEqual(['model.gguf', 'sub/copy.gguf'])
        expect(files[0]?.realPath).toBe(join(model, 'blobs/111'))
        const words = notes.map(({ message }) => message).join('\n')
        expect(words).toContain('config.json is a link to nothing')
        if (path !== snapshot)
          expect(words).toMatch(new RegExp(`snapshot ${rev}[\\s\\S]*1 download of this model did not finish`))
      }
      expect(await onboard(model)).toMatchObject({ file_count: 2, verdict: 'pass' })
      mkdirSync(join(model, 'snapshots', 'b'.repeat(40)))
      expect((await list(model)).names).toHaveLength(2)
      writeFileSync(join(model, 'refs/main'), 'c'.repeat(40))
      expect(await hubErrorOf(list(model))).toMatchObject({
        code: 'several_snapshots',
        remedy: expect.stringContaining(snapshot) as string,
      })
      mkdirSync(join(cache, 'models--org--other'))
      expect(await hubErrorOf(list(cache))).toMatchObject({
        code: 'several_models',
        remedy: expect.stringContaining(model) as string,
      })
      symlinkSync('/etc/passwd', join(snapshot, 'escape.json'))
      expect((await hubErrorOf(list(snapshot))).code).toBe('link_escapes')
      // Only the snapshot is allowed: its files lie outside.
      rmSync(join(snapshot, 'escape.json'))
      expect((await hubErrorOf(list(snapshot, [snapshot]))).code).toBe('link_escapes')
    })

    test('a Git LFS pointer is called what it is, whatever its name', async () => {
      const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4'.repeat(64)}\nsize 4978265800\n`
      const path = folder({ 'model.safetensors': pointer, 'tokenizer.json': pointer, 'README.md': '# Card\n' })
      const version = await onboard(path)
      expect(version).toMatchObject({ state: 'needs_attention' })
      expect(version.state_reason?.message).toMatch(/LFS-POINTER-001 .*git lfs pull/)
      expect((await rowsOf(version.id)).map(({ path: name, format }) => `${name} ${format}`)).toEqual([
        'README.md text',
        'model.safetensors lfs-pointer',
        'tokenizer.json lfs-pointer',
      ])
      expect((await check(path)).notes.filter(({ level }) => level === 'blocker')[0]?.remedy).toContain('git lfs pull')
    })

    test('what the user of the hub may not read is named as that', async ({ skip }) => {
      if (process.getuid?.() !== 0) return skip('only root can take its own rights away and have them back')
      for (const path of [base.path, root]) chmodSync(path, 0o755)
      const path = folder({ 'closed.json': '{}', 'open.json': '{}', 'sub/x.json': '{}' })
      chmodSync(join(path, 'closed.json'), 0)
      const asNobody = async <T>(body: () => Promise<T>): Promise<T> => {
        process.seteuid?.(65_534)
        try {
          return await body()
        } finally {
          process.seteuid?.(0)
        }
      }
      const { files } = await list(path)
      const closed = files.find((file) => file.path === 'closed.json') as PlannedFile
      expect(await asNobody(() => hubErrorOf(disk.open(source(path), closed, { roots: [root] })))).toMatchObject({
        kind: 'forbidden',
        code: 'not_readable',
        message: 'The hub may not read closed.json.',
      })
      chmodSync(join(path, 'sub'), 0o700)
      expect(await asNobody(() => hubErrorOf(list(path)))).toMatchObject({ code: 'not_readable' })
      chmodSync(path, 0o700)
      expect(await asNobody(() => hubErrorOf(list(path)))).toMatchObject({ code: 'not_readable' })
      expect(await asNobody(() => hubErrorOf(list(join(path, 'sub'))))).toMatchObject({ code: 'not_readable' })
    })

    test('a file that vanishes between the plan and the read is said to be gone', async () => {
      const path = folder({ 'a.json': '{}', 'b.json': '{}' })
      const id = await hub.register(path)
      const error = await hubErrorOf(
        hub.onboard(id, { before: (step) => void (step === 'ingest' && rmSync(join(path, 'b.json'))) }),
      )
      expect(['path_not_found', 'file_changed']).toContain(error.code)
      expect(error.message).toContain('b.json')
      expect((await getVersion(getDb().db, id)).state).toBe('needs_attention')
    })
  },
  { shared: true, lanes },
)

/** A process that puts a link in the place of a folder and the folder back, as fast as it can. */
function startSwapper(folder: string, target: string) {
  const [aside, link] = [`${target}.aside`, `${target}.link`]
  execFileSync('ln', ['-s', target, link])
  // It ends by itself should the tests be killed.
  const script = `const { renameSync } = require('node:fs');
    const [folder, aside, link] = process.argv.slice(1);
    const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    for (const end = Date.now() + 150_000; Date.now() < end; ) {
      renameSync(folder, aside); renameSync(link, folder); pause(Math.random());
      renameSync(folder, link); renameSync(aside, folder); pause(Math.random() * 6);
    }`
  const child = spawn(process.execPath, ['-e', script, folder, aside, link], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
