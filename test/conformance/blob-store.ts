import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { BlobStore } from '../../server/platform/blobs/index.ts'
import { temporaryFolder } from '../support/index.ts'

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const text = (...chunks: string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)))

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

async function listed(store: BlobStore): Promise<string[]> {
  const digests: string[] = []
  for await (const blob of store.list()) digests.push(blob.sha256)
  return digests
}

/** What every blob store must do. `make` gives an empty store and says how many broken-off puts it holds. */
export function testBlobStore(
  name: string,
  make: (folder: string) => { store: BlobStore; temporaryCount: () => number },
): void {
  describe(`blob store conformance: ${name}`, () => {
    let folder: ReturnType<typeof temporaryFolder>
    let store: BlobStore
    let temporaryCount: () => number
    beforeEach(() => {
      folder = temporaryFolder('blobs')
      ;({ store, temporaryCount } = make(folder.path))
    })
    afterEach(() => folder.remove())

    test('keeps bytes under their digest, once', async () => {
      const seen: number[] = []
      const first = await store.put(text('hel', 'lo'), { observer: (chunk) => seen.push(chunk.length) })
      expect(first).toEqual({ sha256: sha('hello'), size: 5, existed: false })
      expect(seen).toEqual([3, 2])
      expect(await store.put(text('hello'))).toEqual({ ...first, existed: true })
      expect(await readAll(store.createReadStream(first.sha256))).toBe('hello')
      expect(await store.stat(first.sha256)).toMatchObject({
        sha256: first.sha256,
        size: 5,
        touchedAt: expect.any(Date),
      })
      expect(await listed(store)).toEqual([first.sha256])
      expect(temporaryCount()).toBe(0)
    })

    test('takes a file by path, and no bytes at all', async () => {
      const path = join(folder.path, 'source')
      const bytes = randomBytes(1_000_000)
      writeFileSync(path, bytes)
      const { sha256 } = await store.put(path, { expectedSha256: sha(bytes), expectedSize: bytes.length })
      const opened = await store.open(sha256)
      expect(opened.size).toBe(bytes.length)
      await opened.close()
      expect(await store.put(text())).toMatchObject({ sha256: sha(''), size: 0 })
      expect(await readAll(store.createReadStream(sha('')))).toBe('')
    })

    test('adopts a finished file, once, and leaves nothing where it was', async () => {
      const bytes = randomBytes(300_000)
      const facts = { sha256: sha(bytes), size: bytes.length }
      const path = join(folder.path, 'finished.part')
      for (const existed of [false, true]) {
        writeFileSync(path, bytes, { mode: 0o644 })
        expect(await store.adopt(path, facts)).toEqual({ ...facts, existed })
        expect(existsSync(path)).toBe(false)
        expect(await store.put(store.createReadStream(facts.sha256))).toEqual({ ...facts, existed: true })
      }
      expect(temporaryCount()).toBe(0)
    })

    test('adopts neither another count of bytes nor under another name, and leaves the file', async () => {
      const path = join(folder.path, 'finished.part')
      writeFileSync(path, 'hello')
      await expect(store.adopt(path, { sha256: sha('hello'), size: 4 })).rejects.toMatchObject({
        code: 'blob_size_mismatch',
      })
      await expect(store.adopt(path, { sha256: '../x', size: 5 })).rejects.toMatchObject({ code: 'invalid_digest' })
      expect(readFileSync(path, 'utf8')).toBe('hello')
      expect(await listed(store)).toEqual([])
    })

    test('reads ranges with both ends included', async () => {
      const { sha256 } = await store.put(text('0123456789'))
      expect(await readAll(store.createReadStream(sha256, { start: 2, end: 4 }))).toBe('234')
      expect(await readAll(store.createReadStream(sha256, { start: 8 }))).toBe('89')
      expect(await readAll(store.createReadStream(sha256, { end: 0 }))).toBe('0')
      expect(await readAll(store.createReadStream(sha256, { start: 10 }))).toBe('')
    })

    test('refuses what is not as expected and leaves nothing behind', async () => {
      const put = (options: Parameters<BlobStore['put']>[1]) => store.put(text('hel', 'lo'), options)
      await expect(put({ expectedSha256: sha('other') })).rejects.toMatchObject({ code: 'blob_digest_mismatch' })
      await expect(put({ expectedSize: 4 })).rejects.toMatchObject({ code: 'blob_size_mismatch' })
      await expect(put({ expectedSize: 6 })).rejects.toMatchObject({ code: 'blob_size_mismatch' })
      expect(await listed(store)).toEqual([])
      expect(temporaryCount()).toBe(0)
    })

    test('leaves nothing behind when the source fails or the put is aborted, even while the source stands still', async () => {
      const broken = async function* () {
        yield Buffer.from('half')
        throw new Error('line cut')
      }
      await expect(store.put(broken())).rejects.toThrow('line cut')
      const still = new Readable({ read: () => undefined })
      still.push('half')
      const abort = new AbortController()
      const put = store.put(still, {
        signal: abort.signal,
        observer: () => setTimeout(() => abort.abort(new Error('enough')), 10),
      })
      await expect(put).rejects.toThrow('enough')
      expect(await listed(store)).toEqual([])
      expect(temporaryCount()).toBe(0)
    })

    test('survives many puts of the same bytes at once', async () => {
      const bytes = randomBytes(300_000)
      const results = await Promise.all(Array.from({ length: 8 }, () => store.put(Readable.from([bytes]))))
      expect(new Set(results.map((result) => result.sha256)).size).toBe(1)
      expect(temporaryCount()).toBe(0)
    })

    test('says when there is no such blob and refuses names that are none', async () => {
      const none = sha('none')
      expect([await store.has(none), await store.stat(none), await store.delete(none)]).toEqual([
        false,
        undefined,
        false,
      ])
      await expect(store.open(none)).rejects.toMatchObject({ kind: 'not_found', code: 'blob_not_found' })
      await expect(readAll(store.createReadStream(none))).rejects.toMatchObject({ code: 'blob_not_found' })
      await expect(store.has('../../etc/passwd')).rejects.toMatchObject({ code: 'invalid_digest' })
    })

    test('deletes, but not what was put again in time', async () => {
      const { sha256 } = await store.put(text('a'))
      expect(await store.delete(sha256, { untouchedSince: new Date(Date.now() - 60_000) })).toBe(false)
      expect(await readAll(store.createReadStream(sha256))).toBe('a')
      expect(await store.delete(sha256, { untouchedSince: new Date(Date.now() + 60_000) })).toBe(true)
      expect(await store.has(sha256)).toBe(false)
      expect(temporaryCount()).toBe(0)
    })

    test('takes a blob out of the store for quarantine', async () => {
      const { sha256 } = await store.put(text('odd'))
      expect(await store.quarantine(sha256)).toContain(sha256)
      expect(await store.has(sha256)).toBe(false)
      expect(await store.put(text('odd'))).toMatchObject({ existed: false })
    })
  })
}
