import { appendFileSync, existsSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { systemClock } from '../../../kernel/index.ts'
import { describeEachDatabase } from '../../../test/support/index.ts'
import {
  addBlobRef,
  collectBlobs,
  dropBlobRef,
  dropBlobRefsOf,
  listBlobRefs,
  openDiskBlobs,
  scrubBlobs,
} from './index.ts'

describeEachDatabase('blob references', (getDb, lane) => {
  const setUp = () => {
    const database = getDb()
    const store = openDiskBlobs(join(lane.location().dataFolder, 'blobs'))
    const deps = { database, store, clock: systemClock }
    return {
      ...deps,
      put: async (text: string) => (await store.put(Readable.from([Buffer.from(text)]))).sha256,
      /** Makes a blob look as if it had been put and dropped long ago. */
      age: async (sha256: string) => {
        const { path, close } = await store.open(sha256)
        await close()
        utimesSync(path, 0, 0)
        await sql`update blob set unreferenced_since = now() - interval '2 days' where unreferenced_since is not null`.execute(
          database.db,
        )
      },
      collect: () => collectBlobs(deps),
      scrub: () => scrubBlobs(deps),
    }
  }

  test('a blob goes when its last reference has been gone for the grace period', async () => {
    const { database, store, put, age, collect } = setUp()
    const digest = await put('shared')
    await database.transaction(async (trx) => {
      await addBlobRef(trx, digest, 'version:1', 6)
      await addBlobRef(trx, digest, 'version:1')
      await addBlobRef(trx, digest, 'version:2')
    })
    await database.transaction((trx) => dropBlobRef(trx, digest, 'version:1'))
    await age(digest)
    expect(await collect()).toEqual({ removed: 0, bytes: 0 })
    expect(await listBlobRefs(database.db, 'version:2')).toEqual([digest])

    await database.transaction((trx) => dropBlobRefsOf(trx, 'version:2'))
    expect(await collect()).toEqual({ removed: 0, bytes: 0 })
    await age(digest)
    expect(await collect()).toEqual({ removed: 1, bytes: 6 })
    expect(await store.has(digest)).toBe(false)
  })

  test('files that never got a reference go too, once they are old', async () => {
    const { put, age, collect } = setUp()
    await put('young')
    await age(await put('old'))
    expect(await collect()).toEqual({ removed: 1, bytes: 3 })
  })

  test('a blob that is put again keeps its bytes, whatever its row said', async () => {
    const { database, store, put, age, collect } = setUp()
    const digest = await put('back')
    await database.transaction((trx) => addBlobRef(trx, digest, 'version:1'))
    await database.transaction((trx) => dropBlobRef(trx, digest, 'version:1'))
    await age(digest)
    await put('back')
    await collect()
    expect(await store.has(digest)).toBe(true)
    await database.transaction((trx) => addBlobRef(trx, digest, 'version:2'))
    await age(digest)
    await collect()
    expect(await store.has(digest)).toBe(true)
  })

  test('collections beside puts and references lose nothing', async () => {
    const { database, store, put, age, collect } = setUp()
    const digest = await put('contested')
    for (let i = 0; i < 15; i++) {
      if (await store.has(digest)) await age(digest)
      const use = async () => {
        await put('contested')
        await database.transaction((trx) => addBlobRef(trx, digest, 'version:1'))
      }
      await Promise.all([collect(), use(), collect()])
      expect(await store.has(digest)).toBe(true)
      await database.transaction((trx) => dropBlobRef(trx, digest, 'version:1'))
    }
  })

  test('scrub moves damaged bytes aside, records it, and names what is missing', async () => {
    const { database, store, put, scrub } = setUp()
    const [good, bad, lost] = [await put('good'), await put('bad'), await put('lost')]
    await database.transaction(async (trx) => {
      for (const digest of [good, bad, lost]) await addBlobRef(trx, digest, 'version:1')
    })
    const { path, close } = await store.open(bad)
    await close()
    appendFileSync(path, '!')
    await store.delete(lost)
    const report = await scrub()
    expect(report).toMatchObject({
      checked: 2,
      damaged: [{ sha256: bad, actual: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    })
    expect(report.missing.sort()).toEqual([bad, lost].sort())
    expect(existsSync(report.damaged[0]?.movedTo ?? '')).toBe(true)
    const { rows } = await sql`
      select sha256 = ${good} as good, scrubbed_at is not null as scrubbed, quarantined_at is not null as quarantined, size
      from blob where sha256 <> ${lost} order by 1
    `.execute(database.db)
    expect(rows).toEqual([
      { good: false, scrubbed: false, quarantined: true, size: null },
      { good: true, scrubbed: true, quarantined: false, size: 4 },
    ])
  })
})
