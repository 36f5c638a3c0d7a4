import { spawnSync } from 'node:child_process'
import { readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { testBlobStore } from '../../../test/conformance/blob-store.ts'
import { temporaryFolder, waitUntil } from '../../../test/support/index.ts'
import { openDiskBlobs } from './index.ts'

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
