import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  describeEachDatabase,
  hubErrorOf,
  person,
  setUpHub,
  temporaryFolder,
  waitUntil,
} from '../../../../test/support/index.ts'
import { createReserveRoom } from '../../../platform/place/index.ts'
import { listDigestOf } from './create-upload.ts'
import { createUploads, type Uploads } from './create-uploads.ts'
import { keepMs, type UploadDeps } from './deps.ts'

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')
const mebibyte = 2 ** 20

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

/** A body in pieces, which may break off or stand still after some of them. */
function body(bytes: Uint8Array, options: { piece?: number; breakAfter?: number; standAfter?: number } = {}) {
  const { piece = 64 * 1024, breakAfter = Number.POSITIVE_INFINITY, standAfter = Number.POSITIVE_INFINITY } = options
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += piece) {
      if (at >= breakAfter) throw new Error('the line was cut')
      if (at >= standAfter) await new Promise(() => undefined)
      yield bytes.subarray(at, at + piece)
    }
  })()
  return { chunks, bytes: bytes.length }
}

describeEachDatabase(
  'uploads',
  (getDb) => {
    const hub = setUpHub(getDb)
    let folder: ReturnType<typeof temporaryFolder>
    let uploads: Uploads
    let deps: UploadDeps
    let users: { upload: string; done: boolean }[] = []
    const open = (over: Partial<UploadDeps> = {}) => {
      deps = { ...hub(), folder: join(folder.path, 'uploads'), usersOf: () => Promise.resolve(users), ...over }
      return createUploads(deps)
    }
    beforeEach(() => {
      users = []
      folder = temporaryFolder('uploads')
      uploads = open()
    })
    afterEach(async () => {
      await uploads.stop()
      folder.remove()
    })

    const begin = async (files: { path: string; size: number; sha256?: string }[]) =>
      (await uploads.create(person(), hub().project, { files, name: 'tiny' })).id
    const send = (id: string, ordinal: number, bytes: Uint8Array, offset = 0, how: Parameters<typeof body>[1] = {}) =>
      uploads.send({ id, ordinal, offset }, body(bytes, how))
    const finish = (id: string, files?: { ordinal: number; sha256: string }[]) =>
      uploads.finish(person(), id, files === undefined ? {} : { files })
    const received = async (id: string) =>
      (await uploads.readFiles(id, { limit: 100 })).files.items.map((file) => file.receivedBytes)
    const onDisk = (id: string) => join(folder.path, 'uploads', id)
    const actionsOf = async (id: string) => {
      const { rows } = await sql<{ action: string; reason: string | null }>`
        select action, reason from audit_event where object_id = ${id} order by seq desc
      `.execute(getDb().db)
      return rows.map(({ action, reason }) => [action, reason])
    }

    test('takes files in parts, side by side, and becomes a source with the digests that were computed', async () => {
      const big = randomBytes(3 * mebibyte)
      const files = [
        { path: 'model.gguf', size: big.length },
        { path: 'sub/config.json', size: 2, sha256: sha('{}') },
        { path: 'empty.txt', size: 0 },
      ]
      const id = await begin(files)
      expect(await uploads.read(id)).toMatchObject({
        state: 'open',
        fileCount: 3,
        totalBytes: big.length + 2,
        receivedBytes: 0,
        listDigest: listDigestOf(files),
        source: null,
        name: 'tiny',
      })
      // Nothing is on the disk before the first byte.
      expect(existsSync(onDisk(id))).toBe(false)
      await Promise.all([
        send(id, 0, big.subarray(0, mebibyte)).then(() => send(id, 0, big.subarray(mebibyte), mebibyte)),
        send(id, 1, Buffer.from('{}')),
      ])
      expect(await received(id)).toEqual([big.length, 2, 0])
      expect(await hubErrorOf(uploads.open(id))).toMatchObject({ code: 'upload_not_ready' })
      const ready = await finish(id, [{ ordinal: 0, sha256: sha(big) }])
      expect(ready).toMatchObject({ state: 'ready', source: { type: 'disk', upload: id, mode: 'copy' } })
      const opened = await uploads.open(id)
      expect(await all(opened.files())).toEqual([
        { ordinal: 0, path: 'model.gguf', size: big.length, sha256: sha(big) },
        { ordinal: 1, path: 'sub/config.json', size: 2, sha256: sha('{}') },
        { ordinal: 2, path: 'empty.txt', size: 0, sha256: sha('') },
      ])
      expect(readFileSync(join(opened.folder, '0')).equals(big)).toBe(true)
      // A second time is the same.
      expect(await finish(id)).toEqual(ready)
      expect(await actionsOf(id)).toEqual([
        ['upload.finish', null],
        ['upload.create', null],
      ])
      expect(await hubErrorOf(send(id, 0, big, 0))).toMatchObject({ code: 'upload_finished' })
    })

    test('of a body that breaks off what arrived is kept, and the next one goes on there', async () => {
      const bytes = randomBytes(mebibyte)
      const id = await begin([{ path: 'a.bin', size: bytes.length, sha256: sha(bytes) }])
      await expect(send(id, 0, bytes, 0, { piece: 100_000, breakAfter: 300_000 })).rejects.toThrow('the line was cut')
      expect(await received(id)).toEqual([300_000])
      const refused = await hubErrorOf(send(id, 0, bytes.subarray(200_000), 200_000))
      expect(refused).toMatchObject({
        kind: 'conflict',
        code: 'wrong_offset',
        details: { receivedBytes: 300_000, size: bytes.length },
      })
      expect(await hubErrorOf(send(id, 0, bytes.subarray(400_000), 400_000))).toMatchObject({ code: 'wrong_offset' })
      expect(await hubErrorOf(finish(id))).toMatchObject({
        code: 'upload_incomplete',
        details: { count: 1, files: [{ ordinal: 0, path: 'a.bin', size: bytes.length, receivedBytes: 300_000 }] },
      })
      expect(await send(id, 0, bytes.subarray(300_000), 300_000)).toMatchObject({ receivedBytes: bytes.length })
      expect(await finish(id)).toMatchObject({ state: 'ready' })
      expect(readFileSync(join(onDisk(id), '0')).equals(bytes)).toBe(true)
    })

    test('a new start of the hub knows what was acknowledged, counts no byte beyond it, and hashes in the end', async () => {
      const bytes = randomBytes(mebibyte)
      const id = await begin([{ path: 'a.bin', size: bytes.length, sha256: sha(bytes) }])
      await send(id, 0, bytes.subarray(0, 500_000))
      await uploads.stop()
      // What a kill leaves: bytes that were written and not acknowledged, perhaps not even those that were sent.
      writeFileSync(join(onDisk(id), '0'), Buffer.concat([bytes.subarray(0, 500_000), randomBytes(70_000)]))
      uploads = open()
      expect(await received(id)).toEqual([500_000])
      await send(id, 0, bytes.subarray(500_000), 500_000)
      expect(await finish(id)).toMatchObject({ state: 'ready' })
      expect(readFileSync(join(onDisk(id), '0')).equals(bytes)).toBe(true)
    })

    test('a file that lost acknowledged bytes, as after a restored disk, is asked for again', async () => {
      const bytes = randomBytes(200_000)
      const id = await begin([{ path: 'a.bin', size: bytes.length }])
      await send(id, 0, bytes.subarray(0, 100_000))
      truncateSync(join(onDisk(id), '0'), 50_000)
      expect(await hubErrorOf(send(id, 0, bytes.subarray(100_000), 100_000))).toMatchObject({
        code: 'wrong_offset',
        details: { receivedBytes: 0 },
      })
      await send(id, 0, bytes)
      truncateSync(join(onDisk(id), '0'), 50_000)
      expect(await hubErrorOf(finish(id))).toMatchObject({ code: 'upload_damaged' })
      await send(id, 0, bytes)
      expect(await finish(id)).toMatchObject({ state: 'ready' })
    })

    test('of two writers of one file the newer goes on, and no byte of theirs is mixed', async () => {
      const bytes = randomBytes(mebibyte)
      const id = await begin([{ path: 'a.bin', size: bytes.length, sha256: sha(bytes) }])
      // The first one's connection stands still, as after a network that went away.
      const first = hubErrorOf(send(id, 0, bytes, 0, { piece: 100_000, standAfter: 300_000 }))
      await waitUntil(() => existsSync(join(onDisk(id), '0')) && readFileSync(join(onDisk(id), '0')).length === 300_000)
      const second = hubErrorOf(send(id, 0, bytes, 0))
      expect(await first).toMatchObject({ code: 'upload_taken_over' })
      expect(await second).toMatchObject({ code: 'wrong_offset', details: { receivedBytes: 300_000 } })
      // Many at once at the same place: one takes it, and whoever comes later finds another end.
      const rest = bytes.subarray(300_000)
      const five = await Promise.allSettled(
        Array.from({ length: 5 }, () => send(id, 0, rest, 300_000, { piece: 10_000 })),
      )
      const codes = five.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code))
      expect(codes.every((code) => ['done', 'upload_taken_over', 'wrong_offset'].includes(code))).toBe(true)
      for (let at = (await received(id))[0] ?? 0; at < bytes.length; at = (await received(id))[0] ?? 0) {
        await send(id, 0, bytes.subarray(at), at)
      }
      expect(await finish(id)).toMatchObject({ state: 'ready' })
      expect(readFileSync(join(onDisk(id), '0')).equals(bytes)).toBe(true)
    })

    test('other bytes than stated are named, forgotten, and may be sent again', async () => {
      const right = randomBytes(10_000)
      const id = await begin([
        { path: 'good.bin', size: 10_000, sha256: sha(right) },
        { path: 'bad.bin', size: 10_000 },
      ])
      await send(id, 0, right)
      await send(id, 1, randomBytes(10_000))
      const error = await hubErrorOf(finish(id, [{ ordinal: 1, sha256: sha(right) }]))
      expect(error).toMatchObject({ kind: 'conflict', code: 'upload_damaged', details: { files: [{ ordinal: 1 }] } })
      expect(error.message).toContain('bad.bin')
      expect(await received(id)).toEqual([10_000, 0])
      expect(await hubErrorOf(finish(id, [{ ordinal: 1, sha256: sha('other') }]))).toMatchObject({
        code: 'digest_differs',
      })
      await send(id, 1, right)
      expect(await finish(id)).toMatchObject({ state: 'ready' })
    })

    describe('what comes from outside', () => {
      test.each([
        ['../up.bin'],
        ['/etc/passwd'],
        ['a/../b'],
        ['a//b'],
        ['a\\b'],
        ['C:/x'],
        ['nul.txt'],
        ['a\nb'],
        ['a\u0000b'],
        ['a\u202eb'],
        ['dot.'],
        [`${'x'.repeat(256)}`],
        [Array.from({ length: 40 }, () => 'd').join('/')],
      ])('a name like %j is refused', async (path) => {
        expect(await hubErrorOf(begin([{ path, size: 1 }]))).toMatchObject({ code: 'bad_file_name' })
      })

      test('a name twice, by other capitals, or of a file and a folder is refused', async () => {
        for (const paths of [
          ['a', 'a'],
          ['README.md', 'readme.MD'],
          ['caf\u00e9', 'cafe\u0301'],
          ['a', 'a/b'],
          ['A/b', 'a'],
        ]) {
          const error = await hubErrorOf(begin(paths.map((path) => ({ path, size: 1 }))))
          expect(error, paths.join(' ')).toMatchObject({ code: 'duplicate_file' })
        }
      })

      test('more bytes than were said, other offsets and other ordinals change nothing', async () => {
        const id = await begin([{ path: 'a.bin', size: 1_000 }])
        expect(await hubErrorOf(send(id, 0, randomBytes(1_001)))).toMatchObject({ code: 'upload_too_long' })
        // A body that is longer than its request said.
        const lying = { chunks: body(randomBytes(5_000), { piece: 600 }).chunks, bytes: 10 }
        expect(await hubErrorOf(uploads.send({ id, ordinal: 0, offset: 0 }, lying))).toMatchObject({
          code: 'upload_too_long',
        })
        expect((await received(id))[0]).toBeLessThanOrEqual(1_000)
        expect(await hubErrorOf(send(id, 1, randomBytes(1)))).toMatchObject({ code: 'upload_file_not_found' })
        expect(await hubErrorOf(send('upl_none', 0, randomBytes(1)))).toMatchObject({ code: 'upload_not_found' })
        expect(await hubErrorOf(send(id, 0, randomBytes(1), Number.MAX_SAFE_INTEGER))).toMatchObject({
          code: 'wrong_offset',
        })
      })

      test('more uploads than anybody needs are refused', async () => {
        const id = await begin([{ path: 'a.bin', size: 1 }])
        await sql`
          insert into upload select 'upl_x' || n, project_id, name, state, list_digest, file_count, total_bytes, created_by,
            created_by_name, created_at, updated_at, expires_at
          from upload, generate_series(1, 1000) as n where id = ${id}
        `.execute(getDb().db)
        expect(await hubErrorOf(begin([{ path: 'a.bin', size: 1 }]))).toMatchObject({ code: 'too_many_uploads' })
        await sql`delete from upload where id like 'upl_x%'`.execute(getDb().db)
        await begin([{ path: 'a.bin', size: 1 }])
      })

      test('what does not fit is refused with the shortfall, at the beginning and when room is gone', async () => {
        let free = 300 * mebibyte
        await uploads.stop()
        uploads = open({ reserveRoom: createReserveRoom(() => free) })
        const error = await hubErrorOf(begin([{ path: 'a.bin', size: 100 * mebibyte }]))
        expect(error).toMatchObject({
          kind: 'limit',
          code: 'disk_full',
          details: { status: 507, missingBytes: 56 * mebibyte },
        })
        const id = await begin([{ path: 'a.bin', size: 40 * mebibyte }])
        free = 260 * mebibyte
        expect(await hubErrorOf(send(id, 0, randomBytes(10)))).toMatchObject({ code: 'disk_full' })
        free = 300 * mebibyte
        await send(id, 0, randomBytes(10))
        // What is promised to this one is promised to no other.
        expect(await hubErrorOf(begin([{ path: 'b.bin', size: 10 * mebibyte }]))).toMatchObject({ code: 'disk_full' })
        await uploads.remove(person(), id)
        await begin([{ path: 'b.bin', size: 10 * mebibyte }])
      })
    })

    test('goes when nothing came for seven days, when its versions have all, and when somebody removes it', async () => {
      const make = async () => {
        const id = await begin([{ path: 'a.bin', size: 4 }])
        await send(id, 0, Buffer.from('data'))
        return id
      }
      const [left, waiting, used, removed] = [await make(), await make(), await make(), await make()]
      for (const id of [waiting, used]) await finish(id)
      users = [
        { upload: waiting ?? '', done: false },
        { upload: waiting ?? '', done: true },
        { upload: used ?? '', done: true },
      ]
      mkdirSync(join(folder.path, 'uploads', 'upl_nobodys'))
      await uploads.remove(person(), removed ?? '')
      const there = () => readdirSync(join(folder.path, 'uploads')).sort()
      await uploads.sweep()
      expect(there().filter((name) => [left, waiting, used, removed].includes(name))).toEqual([left, waiting].sort())
      // Hubs that share a database may share the folder: there a folder that is young is left alone.
      expect(there().includes('upl_nobodys')).toBe(getDb().kind !== 'embedded')
      hub().clock.advance(keepMs - 1_000)
      await send(left ?? '', 0, Buffer.alloc(0), 4)
      await uploads.sweep()
      expect(there()).toContain(left)
      hub().clock.advance(2_000)
      await uploads.sweep()
      expect(there().filter((name) => name === left || name === waiting)).toEqual([waiting])
      expect(await actionsOf(left ?? '')).toEqual([
        ['upload.delete', 'Nothing was made of it for seven days.'],
        ['upload.create', null],
      ])
      expect(await hubErrorOf(uploads.read(left ?? ''))).toMatchObject({ kind: 'not_found' })
    })

    test('is found again by the list of its files', async () => {
      const files = [
        { path: 'a.bin', size: 4 },
        { path: 'b.bin', size: 5 },
      ]
      const id = await begin(files)
      await begin([...files].reverse())
      const listDigest = sha('4 a.bin\n5 b.bin\n')
      expect((await uploads.list({ limit: 10, listDigest, state: 'open' })).items.map((one) => one.id)).toEqual([id])
      const first = await uploads.list({ limit: 1 })
      expect(first.nextCursor).not.toBeNull()
      const page = await uploads.readFiles(id, { limit: 1 })
      expect(page.files.items.map(({ path }) => path)).toEqual(['a.bin'])
      const next = await uploads.readFiles(id, { limit: 1, cursor: page.files.nextCursor ?? '' })
      expect(next.files).toMatchObject({ items: [{ path: 'b.bin' }], nextCursor: null })
    })
  },
  { shared: true },
)
