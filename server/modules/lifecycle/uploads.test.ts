import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Source } from '../../../contract/index.ts'
import { setUpFileHub, useFolder } from '../../../test/faults/support/file-hub.ts'
import { describeEachDatabase, hubErrorOf, person, uniqueName } from '../../../test/support/index.ts'
import { readFileRows } from '../artifacts/index.ts'
import { getVersion, versionsOfUploads } from '../catalog/index.ts'
import { createUploads, type Uploads } from '../sources/index.ts'
import type { StartDeps } from './deps.ts'
import { checkSource } from './files/check-source.ts'
import { moveVersion } from './move-version.ts'
import { onboard } from './onboard.ts'
import { withdrawDamaged } from './withdraw-damaged.ts'

const sha = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

describeEachDatabase(
  'models from uploads, and files that are stated',
  (getDb, lane) => {
    let uploads: Uploads
    const folder = useFolder('uploaded')
    const hub = setUpFileHub(getDb, {
      remote: () => ({ sources: { roots: [folder.path], upload: (id) => uploads.open(id) } }),
    })
    beforeAll(() => {
      const deps = hub.deps()
      uploads = createUploads({
        ...deps,
        folder: join(folder.path, 'uploads'),
        usersOf: (ids) => versionsOfUploads(getDb().db, ids),
      })
    })
    afterAll(() => uploads.stop())

    let made = 0
    const texts = () => {
      made += 1
      return { 'README.md': `# Model ${made} of ${lane.kind}\n`, 'sub/notes.txt': `notes ${made}\n`, 'empty.txt': '' }
    }
    const send = async (files: Record<string, string>, finish = true) => {
      const list = Object.entries(files).map(([path, text]) => ({ path, size: Buffer.byteLength(text) }))
      const project = { id: (await getProject()).id }
      const { id } = await uploads.create(person(), project, { files: list })
      for (const [ordinal, text] of Object.values(files).entries()) {
        if (text === '') continue
        const chunks = (async function* () {
          yield Buffer.from(text)
        })()
        await uploads.send({ id, ordinal, offset: 0 }, { chunks, bytes: Buffer.byteLength(text) })
      }
      if (finish) await uploads.finish(person(), id, {})
      return id
    }
    const getProject = async () => (await import('../projects/index.ts')).resolveProject(getDb().db, undefined)
    const noJobs = { enqueue: () => Promise.reject(new Error('no job was expected')) }
    const deps = (): StartDeps => ({ ...hub.deps(), jobs: noJobs as never })
    const register = async (source: Source) =>
      (await onboard(deps(), person(), { name: uniqueName('uploaded'), source, start: false }, { ownerId: null }))
        .versionId
    const fromUpload = (upload: string, over: Partial<Source> = {}): Source =>
      ({ type: 'disk', upload, mode: 'in_place', ...over }) as Source
    const rowsOf = (id: string) => readFileRows(getDb().db, id)
    const blobPath = async (sha256: string) => {
      const { path, close } = await hub.deps().blobs.open(sha256)
      await close()
      return path
    }

    const toAttention = (id: string) =>
      getDb().transaction(async (trx) => {
        const version = await getVersion(trx, id)
        await moveVersion(hub.deps(), trx, { version, to: 'needs_attention', actor: person(), action: 'test' })
      })

    test('a model has the very files that were uploaded: not a byte is stored twice', async () => {
      const files = texts()
      const upload = await send(files)
      const check = await checkSource(hub.deps(), fromUpload(upload))
      expect(check).toMatchObject({ ok: true, fileCount: 3, disk: { neededBytes: 0 }, address: `upload ${upload}` })
      const id = await register(fromUpload(upload))
      const version = await hub.onboard(id)
      expect(version).toMatchObject({ state: 'verified', intact: true, source: { upload, mode: 'copy' } })
      const rows = await rowsOf(id)
      expect(Object.fromEntries(rows.map(({ path, sha256, stored }) => [path, [sha256, stored]]))).toEqual(
        Object.fromEntries(Object.entries(files).map(([path, text]) => [path, [sha(text), 'blob']])),
      )
      const inode = (path: string) => statSync(path).ino
      const notes = Object.keys(files).indexOf('sub/notes.txt')
      expect(inode(await blobPath(sha(files['sub/notes.txt'])))).toBe(
        inode(join(folder.path, 'uploads', upload, String(notes))),
      )
      // Another model of the same upload, and the first one again once the upload is gone.
      expect(await hub.onboard(await register(fromUpload(upload)))).toMatchObject({ digest: version.digest })
      await uploads.sweep()
      expect(await hubErrorOf(uploads.open(upload))).toMatchObject({ code: 'upload_not_found' })
      await toAttention(id)
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', digest: version.digest })
    })

    test('a folder that was copied, such as an unpacked bundle, is needed no more', async () => {
      const bundle = join(folder.path, uniqueName('bundle'))
      mkdirSync(bundle)
      writeFileSync(join(bundle, 'README.md'), `# ${bundle}\n`)
      const id = await register({ type: 'disk', path: bundle, mode: 'copy' })
      const { digest } = await hub.onboard(id)
      rmSync(bundle, { recursive: true })
      await toAttention(id)
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', digest })
      // What is not in the store whole is not made up.
      const [row] = await rowsOf(id)
      await toAttention(id)
      rmSync(await blobPath(row?.sha256 ?? ''))
      expect(await hubErrorOf(hub.onboard(id))).toMatchObject({ code: 'path_not_found' })
    })

    test('an ingest that was stopped anywhere is done again', async () => {
      const upload = await send(texts())
      const id = await register(fromUpload(upload))
      for (const at of ['ingest', 'seal', 'inspect'] as const) {
        const stop = new AbortController()
        const before = (step: string) => {
          if (step === at) throw new Error('killed')
        }
        await expect(hub.onboard(id, { before, signal: stop.signal })).rejects.toThrow('killed')
      }
      await uploads.sweep()
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified' })
    })

    test('what is not finished, not there, or elsewhere is refused before anything is registered', async () => {
      const open = await send(texts(), false)
      expect(await hubErrorOf(register(fromUpload(open)))).toMatchObject({ kind: 'conflict', code: 'upload_not_ready' })
      expect(await hubErrorOf(register(fromUpload('upl_none')))).toMatchObject({ code: 'upload_not_found' })
      const ready = await send(texts())
      rmSync(join(folder.path, 'uploads', ready, '1'))
      const blocked = await checkSource(hub.deps(), fromUpload(ready))
      expect(blocked.notes).toContainEqual(expect.objectContaining({ level: 'blocker' }))
    })

    test('after damage the uploaded file is not believed: it was the same file', async () => {
      const files = texts()
      const upload = await send(files)
      const id = await register(fromUpload(upload))
      await hub.onboard(id)
      const readme = join(folder.path, 'uploads', upload, '0')
      writeFileSync(readme, files['README.md'].replace('Model', 'model'))
      const { scrubBlobs } = await import('../../platform/blobs/index.ts')
      await scrubBlobs({ database: getDb(), store: hub.deps().blobs })
      await withdrawDamaged(
        hub.deps(),
        { jobId: null, actor: person(), tx: (body) => getDb().transaction(body), log: () => undefined },
        { which: 'all' },
      )
      expect(await getVersion(getDb().db, id)).toMatchObject({ state: 'needs_attention', intact: false })
      expect(await hubErrorOf(hub.onboard(id))).toMatchObject({ code: 'upload_damaged' })
      writeFileSync(readme, files['README.md'])
      expect(await hub.onboard(id)).toMatchObject({ state: 'verified', intact: true })
    })

    describe('a file with another SHA-256 than was stated', () => {
      const write = (files: Record<string, string>) => {
        const path = join(folder.path, `model-${(made += 1)}`)
        for (const [name, text] of Object.entries(files)) {
          mkdirSync(join(path, name, '..'), { recursive: true })
          writeFileSync(join(path, name), text)
        }
        return path
      }
      const cases = (['in_place', 'copy'] as const).map((mode) => [mode] as const)

      test.each(cases)('fails the ingest with its name (%s), and passes once it is right', async (mode) => {
        const text = `weights of ${mode} ${lane.kind} ${made}\n`
        const path = write({ 'a.txt': 'a', 'weights.txt': text, SHA256SUMS: `${sha('other')}  weights.txt\n` })
        const id = await register({ type: 'disk', path, mode })
        const error = await hubErrorOf(hub.onboard(id))
        expect(error).toMatchObject({
          kind: 'conflict',
          code: 'checksum_mismatch',
          details: { path: 'weights.txt', sha256: sha(text), expected: sha('other'), by: 'SHA256SUMS' },
        })
        expect(error.message).toContain('weights.txt')
        expect((await rowsOf(id)).find((row) => row.path === 'weights.txt')?.sha256).toBeNull()
        expect(await hub.deps().blobs.has(sha(text))).toBe(false)
        expect(await getVersion(getDb().db, id)).toMatchObject({ state: 'needs_attention', digest: null })
        writeFileSync(join(path, 'SHA256SUMS'), `${sha(text)}  weights.txt\n`)
        expect(await hub.onboard(id)).toMatchObject({ state: 'verified' })
        expect(hub.logged()).toContain('1 of 3 files have the SHA-256 that was stated of them.')
      })

      test('is found also when its digest was known before it was stated', async () => {
        const path = write({ 'a.txt': 'same' })
        utimesSync(join(path, 'a.txt'), 1_700_000_000, 1_700_000_000)
        const id = await register({ type: 'disk', path, mode: 'in_place' })
        const before = (step: string) => {
          if (step === 'seal') throw new Error('killed')
        }
        await expect(hub.onboard(id, { before })).rejects.toThrow('killed')
        expect((await rowsOf(id))[0]?.sha256).toBe(sha('same'))
        writeFileSync(join(path, 'a.txt.sha256'), `${sha('other')}  a.txt\n`)
        expect(await hubErrorOf(hub.onboard(id))).toMatchObject({ code: 'checksum_mismatch' })
      })

      test('is found in an upload, whose checksums came with it', async () => {
        const files = { 'weights.txt': `uploaded ${lane.kind}`, 'weights.txt.sha256': `${sha('other')}\n` }
        const id = await register(fromUpload(await send(files)))
        expect(await hubErrorOf(hub.onboard(id))).toMatchObject({
          code: 'checksum_mismatch',
          details: { by: 'weights.txt.sha256' },
        })
        const several = fromUpload(await send(texts()), { sha256: sha('two') })
        expect(await hubErrorOf(register(several))).toMatchObject({ code: 'several_files' })
        const one = await send({ 'weights.txt': 'one file' })
        const wrong = await register(fromUpload(one, { sha256: sha('two') }))
        expect(await hubErrorOf(hub.onboard(wrong))).toMatchObject({ code: 'checksum_mismatch' })
        const right = await register(fromUpload(one, { sha256: sha('one file') }))
        expect(await hub.onboard(right)).toMatchObject({ state: 'verified' })
      })
    })
  },
  { shared: true },
)
