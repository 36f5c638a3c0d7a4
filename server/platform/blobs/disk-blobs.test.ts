import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { testBlobStore } from '../../../test/conformance/blob-store.ts'
import { temporaryFolder, waitUntil } from '../../../test/support/index.ts'
import { cloneFile } from './clone-file.ts'
import { type BlobStore, openDiskBlobs } from './index.ts'

testBlobStore('disk', (folder) => ({
  store: openDiskBlobs(join(folder, 'blobs')),
  temporaryCount: () => readdirSync(join(folder, 'blobs', 'tmp')).length,
}))

test('keeps files and folders to their owner', async () => {
  const folder = temporaryFolder('blobs')
  const store = openDiskBlobs(join(folder.path, 'blobs'))
  const { path, close } = await store.open((await store.put(Readable.from([Buffer.from('x')]))).sha256)
  await close()
  const modes = [path, join(path, '..'), join(folder.path, 'blobs')].map((one) => statSync(one).mode & 0o777)
  expect(modes).toEqual([0o600, 0o700, 0o700])
  folder.remove()
})

test('adopts a file of its own, and one of another file system by copying it', async ({ skip }) => {
  const folder = temporaryFolder('blobs')
  const disk = temporaryFolder('other')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk.path]).status === 0
  try {
    const store = openDiskBlobs(join(folder.path, 'blobs'))
    const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
    const near = join(folder.path, 'near.part')
    writeFileSync(near, 'hello', { mode: 0o644 })
    const { ino } = statSync(near)
    await store.adopt(near, { sha256, size: 5 })
    const { path, close } = await store.open(sha256)
    await close()
    // The same file under another name: not a byte was copied.
    expect([statSync(path).ino, statSync(path).mode & 0o777]).toEqual([ino, 0o600])
    await store.delete(sha256)
    if (!mounted) skip('a small file system cannot be mounted here')
    const far = join(disk.path, 'far.part')
    writeFileSync(far, 'hello')
    expect(await store.adopt(far, { sha256, size: 5 })).toEqual({ sha256, size: 5, existed: false })
    expect(readdirSync(disk.path)).toEqual([])
    // Where bytes are copied they are hashed as well.
    writeFileSync(far, 'jello')
    await store.delete(sha256)
    await expect(store.adopt(far, { sha256, size: 5 })).rejects.toMatchObject({ code: 'blob_digest_mismatch' })
    expect([readdirSync(disk.path), readdirSync(join(folder.path, 'blobs', 'tmp'))]).toEqual([['far.part'], []])
  } finally {
    if (mounted) spawnSync('umount', [disk.path])
    disk.remove()
    folder.remove()
  }
})

test('shares the bytes of a file that it is to keep where the disk can, and copies it otherwise', async ({ skip }) => {
  const folder = temporaryFolder('blobs')
  const disk = temporaryFolder('other')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk.path]).status === 0
  try {
    const store = openDiskBlobs(join(folder.path, 'blobs'))
    const facts = { sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824', size: 5 }
    const pathOf = async () => {
      const { path, close } = await store.open(facts.sha256)
      await close()
      return path
    }
    const near = join(folder.path, 'near')
    writeFileSync(near, 'hello', { mode: 0o644 })
    expect(await store.adopt(near, facts, { keep: true })).toEqual({ ...facts, existed: false })
    expect(statSync(near)).toMatchObject({ ino: statSync(await pathOf()).ino, nlink: 2 })
    expect(await store.adopt(near, facts, { keep: true })).toEqual({ ...facts, existed: true })
    // Of several at once each makes its own name, and all but one are left over: two names of one file do not replace each other.
    await store.delete(facts.sha256)
    await Promise.all(Array.from({ length: 8 }, () => store.adopt(near, facts, { keep: true })))
    expect([statSync(near).nlink, readdirSync(join(folder.path, 'blobs', 'tmp'))]).toEqual([2, []])
    // The store's name goes; the file stays.
    await store.delete(facts.sha256)
    expect([readFileSync(near, 'utf8'), statSync(near).nlink]).toEqual(['hello', 1])
    await expect(store.adopt(near, { ...facts, size: 4 }, { keep: true })).rejects.toMatchObject({
      code: 'blob_size_mismatch',
    })
    expect(readdirSync(join(folder.path, 'blobs', 'tmp'))).toEqual([])
    if (!mounted) skip('a small file system cannot be mounted here')
    const far = join(disk.path, 'far')
    writeFileSync(far, 'hello')
    expect(await store.adopt(far, facts, { keep: true })).toEqual({ ...facts, existed: false })
    expect([readFileSync(far, 'utf8'), statSync(await pathOf()).nlink]).toEqual(['hello', 1])
  } finally {
    if (mounted) spawnSync('umount', [disk.path])
    disk.remove()
    folder.remove()
  }
})

test('clones a file where the disk can, and reads the clone for its digest; copies it otherwise', async () => {
  const folder = temporaryFolder('blobs')
  const source = join(folder.path, 'source')
  writeFileSync(source, 'hello', { mode: 0o644 })
  const handle = await open(source, 'r')
  const never = async function* () {
    yield Buffer.from('other bytes')
  }
  try {
    // Stands for the clone of Btrfs or XFS, which this machine may not have: the same bytes under another name.
    const cloning = openDiskBlobs(join(folder.path, 'cloning'), async (from, path) => {
      writeFileSync(path, readFileSync(`/proc/self/fd/${from.fd}`), { mode: 0o444 })
      return true
    })
    const seen: number[] = []
    const sha256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
    const put = (store: BlobStore, over: object = {}) =>
      store.put(never(), { cloneOf: handle, observer: (chunk) => seen.push(chunk.length), ...over })
    expect(await put(cloning)).toEqual({ sha256, size: 5, existed: false })
    expect(seen).toEqual([5])
    const { path, close } = await cloning.open(sha256)
    await close()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await expect(put(cloning, { expectedSha256: '0'.repeat(64) })).rejects.toMatchObject({
      code: 'blob_digest_mismatch',
    })
    await expect(put(cloning, { expectedSize: 4 })).rejects.toMatchObject({ code: 'blob_size_mismatch' })
    expect(readdirSync(join(folder.path, 'cloning', 'tmp'))).toEqual([])
    // The real call, whatever this disk can: never half a file, and the bytes of the file when it says so.
    const target = join(folder.path, 'clone')
    const cloned = await cloneFile(handle, target)
    process.stdout.write(`  measured: files are ${cloned ? '' : 'not '}cloned on the disk of ${folder.path}\n`)
    expect(existsSync(target) ? readFileSync(target, 'utf8') : null).toBe(cloned ? 'hello' : null)
  } finally {
    await handle.close()
    folder.remove()
  }
})

test('sweeps what old broken-off puts left', async () => {
  const folder = temporaryFolder('blobs')
  const store = openDiskBlobs(folder.path)
  const [old, young] = ['old', 'young'].map((name) => join(folder.path, 'tmp', name))
  for (const path of [old, young]) writeFileSync(path ?? '', 'half')
  utimesSync(old ?? '', 0, 0)
  expect(await store.sweepTemporary()).toBe(1)
  expect(readdirSync(join(folder.path, 'tmp'))).toEqual(['young'])
  folder.remove()
})

test('sweeps at once what a process of this machine left that has ended', async () => {
  const folder = temporaryFolder('blobs')
  const store = openDiskBlobs(folder.path)
  const stopped = new AbortController()
  const stalled = new Readable({ read: () => undefined })
  stalled.push('half')
  const put = store.put(stalled, { signal: stopped.signal })
  const names = () => readdirSync(join(folder.path, 'tmp'))
  const mine = await waitUntil(() => names()[0])
  const orphaned = mine.replace(`.${process.pid}.`, `.${spawnSync('true').pid}.`).replace(/[0-9a-f]$/, 'x')
  writeFileSync(join(folder.path, 'tmp', orphaned), 'half')
  expect(await store.sweepTemporary()).toBe(1)
  expect(names()).toEqual([mine])
  stopped.abort(new Error('enough'))
  await expect(put).rejects.toThrow('enough')
  folder.remove()
})

test('says so when the disk is full, leaves nothing behind, and goes on when there is room', async ({ skip }) => {
  const disk = temporaryFolder('full')
  // A real full disk needs a file system of its own, which only root may mount.
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk.path]).status === 0
  try {
    if (!mounted) skip('a small file system cannot be mounted here')
    const folder = join(disk.path, 'blobs')
    const store = openDiskBlobs(folder)
    const big = Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(64 * 1024, 1)))
    await expect(store.put(big)).rejects.toMatchObject({ kind: 'limit', code: 'disk_full' })
    expect(readdirSync(join(folder, 'tmp'))).toEqual([])
    await expect(store.put(Readable.from([Buffer.alloc(1_000)]))).resolves.toMatchObject({ size: 1_000 })
  } finally {
    if (mounted) spawnSync('umount', [disk.path])
    disk.remove()
  }
})

test('tells a full disk from other failures', async () => {
  const folder = temporaryFolder('blobs')
  const store = openDiskBlobs(folder.path)
  const fail = (code: string) =>
    store.put(
      Readable.from(
        (async function* () {
          yield Buffer.from('x')
          throw Object.assign(new Error(code), { code })
        })(),
      ),
    )
  await expect(fail('ENOSPC')).rejects.toMatchObject({ code: 'disk_full', details: { status: 507 } })
  await expect(fail('EIO')).rejects.toMatchObject({ code: 'EIO' })
  expect(readdirSync(join(folder.path, 'tmp'))).toEqual([])
  folder.remove()
})
