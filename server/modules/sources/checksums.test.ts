import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DiskSource, SourceNote } from '../../../contract/index.ts'
import { hubErrorOf, temporaryFolder } from '../../../test/support/index.ts'
import { parseChecksums } from './checksums.ts'
import { localSource, type PlannedFile } from './index.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const [a, b] = [sha('a'), sha('b')]

describe('a file of checksums', () => {
  test.each([
    ['sha256sum', `${a}  a.bin\n${b}  sub/b.bin\n`],
    ['sha256sum --binary', `${a} *a.bin\n${b} *sub/b.bin\n`],
    ['sha256sum --tag', `SHA256 (a.bin) = ${a}\nSHA256 (sub/b.bin) = ${b}\n`],
    ['openssl', `SHA2-256(a.bin)= ${a}\nSHA2-256(sub/b.bin)= ${b}\n`],
    ['Windows', `${a.toUpperCase()}  ./a.bin\r\n\r\n# comment\r\n${b}  ./sub/b.bin\r\n`],
    [
      'a manifest',
      JSON.stringify({
        files: [
          { path: 'a.bin', sha256: a, size: 1 },
          { path: 'sub/b.bin', sha256: b },
        ],
      }),
    ],
  ])('as %s writes it', (_what, text) => {
    expect(parseChecksums(text, null)).toEqual({
      entries: new Map([
        ['a.bin', a],
        ['sub/b.bin', b],
      ]),
      odd: [],
    })
  })

  test('has names that were escaped, and names with blanks', () => {
    const text = `\\${a}  line\\nbreak\\\\slash\n${b}   two  blanks \n`
    expect([...parseChecksums(text, null).entries.keys()]).toEqual(['line\nbreak\\slash', ' two  blanks '])
  })

  test('with a digest alone is about the file it is named after, and about nothing otherwise', () => {
    expect(parseChecksums(`${a}\n`, 'x.gguf').entries).toEqual(new Map([['x.gguf', a]]))
    expect(parseChecksums(`${a}\n`, null)).toEqual({ entries: new Map(), odd: [1] })
  })

  test.each([
    ['another digest', `${'0'.repeat(32)}  a.bin`],
    ['words', 'see the web page'],
    ['a digest cut short', `${a.slice(1)}  a.bin`],
    ['broken JSON', '{"files": ['],
    ['other JSON', '{"files": [{"path": "a", "sha256": "x"}]}'],
    ['JSON without files', '{}'],
  ])('of %s says that it is not understood', (_what, text) => {
    expect(parseChecksums(text, 'a.bin')).toMatchObject({ odd: [1] })
  })
})

describe('the files of a folder', () => {
  let base: ReturnType<typeof temporaryFolder>
  let model: string
  beforeEach(() => {
    base = temporaryFolder('checksums')
    model = join(base.path, 'root', 'model')
    mkdirSync(model, { recursive: true })
    write('a.bin', 'a')
    write('sub/b.bin', 'b')
  })
  afterEach(() => base.remove())
  const write = (path: string, text: string | Buffer) => {
    const full = join(model, path)
    mkdirSync(dirname(full), { recursive: true })
    writeFileSync(full, text)
    return full
  }
  async function list(over: Partial<DiskSource> = {}) {
    const notes: SourceNote[] = []
    const files: PlannedFile[] = []
    const source: DiskSource = { type: 'disk', path: model, mode: 'in_place', ...over }
    const roots = [join(base.path, 'root')]
    for await (const file of localSource('disk').list(source, { roots }, (note) => notes.push(note))) files.push(file)
    const stated = Object.fromEntries(
      files.flatMap(({ path, ref }) => (ref?.stated === undefined ? [] : [[path, ref.stated]])),
    )
    return { stated, notes: notes.map(({ message }) => message) }
  }

  test('are stated by the list at the top, by a checksum beside a file, and by both', async () => {
    write('SHA256SUMS', `${a}  a.bin\n${b}  sub/b.bin\n`)
    write('sub/b.bin.sha256', `${b}  b.bin\n`)
    expect(await list()).toEqual({
      stated: {
        'a.bin': [{ sha256: a, by: 'SHA256SUMS' }],
        'sub/b.bin': [
          { sha256: b, by: 'SHA256SUMS' },
          { sha256: b, by: 'sub/b.bin.sha256' },
        ],
      },
      notes: ['2 files will be compared with the SHA-256 that is stated.'],
    })
  })

  test('are stated by the manifest of a bundle that was unpacked there', async () => {
    write('files/c.bin', 'c')
    write(
      'bundle.json',
      JSON.stringify({ format: 'modelhub-bundle/1', files: [{ path: 'c.bin', size: 1, sha256: sha('c') }] }),
    )
    expect((await list()).stated).toEqual({ 'files/c.bin': [{ sha256: sha('c'), by: 'bundle.json' }] })
    write('bundle.json', JSON.stringify({ files: [{ path: 'c.bin', sha256: a }] }))
    expect((await list()).stated).toEqual({})
  })

  test('that a list at the top names and that are not there, and lists that say nothing, are doubts', async () => {
    write('sha256sums.txt', `${a}  a.bin\n${a}  gone.bin\nnonsense\n`)
    write('a.bin.sha256', 'nonsense')
    write('checksums.txt', Buffer.from([0xff, 0xfe]))
    const { stated, notes } = await list()
    expect(stated).toEqual({ 'a.bin': [{ sha256: a, by: 'sha256sums.txt' }] })
    expect(notes).toEqual([
      'checksums.txt looks like a list of checksums, but it cannot be read as SHA-256.',
      'sha256sums.txt looks like a list of checksums, but 1 of its lines cannot be read as SHA-256.',
      'a.bin.sha256 holds no SHA-256 of a.bin.',
      'sha256sums.txt names 1 file that is not there, such as gone.bin.',
      '1 file will be compared with the SHA-256 that is stated.',
    ])
  })

  test('are stated by a list that a person names, wherever below the roots that is; it must be whole and understood', async () => {
    write('sub/list', `${b}  b.bin\n`)
    expect((await list({ checksums: 'sub/list' })).stated).toEqual({ 'sub/b.bin': [{ sha256: b, by: 'sub/list' }] })
    const far = join(base.path, 'root', 'list.json')
    writeFileSync(far, JSON.stringify({ files: [{ path: 'a.bin', sha256: a }] }))
    expect((await list({ checksums: far })).stated).toEqual({ 'a.bin': [{ sha256: a, by: far }] })

    writeFileSync(far, `${a}  a.bin\n${b}  gone.bin\n`)
    const missing = await hubErrorOf(list({ checksums: far }))
    expect(missing).toMatchObject({ kind: 'invalid', code: 'file_missing' })
    expect(missing.message).toContain('gone.bin')
    writeFileSync(far, `${a}  a.bin\nmd5 of b\n`)
    expect(await hubErrorOf(list({ checksums: far }))).toMatchObject({
      code: 'bad_checksums',
      message: `Line 2 of ${far} is no line with a SHA-256 and a name.`,
    })
    writeFileSync(far, '')
    expect(await hubErrorOf(list({ checksums: far }))).toMatchObject({ code: 'bad_checksums' })
    expect(await hubErrorOf(list({ checksums: 'none' }))).toMatchObject({ kind: 'not_found', code: 'no_checksums' })
    writeFileSync(join(base.path, 'outside'), `${a}  a.bin\n`)
    expect(await hubErrorOf(list({ checksums: join(base.path, 'outside') }))).toMatchObject({ kind: 'forbidden' })
    expect(await hubErrorOf(list({ checksums: '../../outside' }))).toMatchObject({ kind: 'forbidden' })
  })

  test('one digest is given for one file, never for a folder', async () => {
    expect((await list({ path: join(model, 'a.bin'), sha256: b })).stated).toEqual({
      'a.bin': [{ sha256: b, by: 'The given SHA-256' }],
    })
    expect(await hubErrorOf(list({ sha256: b }))).toMatchObject({ code: 'several_files' })
    writeFileSync(join(model, 'a.bin.sha256'), `${a}\n`)
    expect((await list({ path: join(model, 'a.bin') })).stated).toEqual({
      'a.bin': [{ sha256: a, by: 'a.bin.sha256' }],
    })
    const sums = join(base.path, 'root', 'SUMS')
    writeFileSync(sums, `${b}  elsewhere/other.bin\n${a}  elsewhere/a.bin\n`)
    expect((await list({ path: join(model, 'a.bin'), checksums: sums })).stated['a.bin']).toHaveLength(2)
    writeFileSync(sums, `${b}  elsewhere/other.bin\n`)
    expect(await hubErrorOf(list({ path: join(model, 'a.bin'), checksums: sums }))).toMatchObject({
      code: 'not_listed',
    })
    writeFileSync(join(model, 'SHA256SUMS'), `${b}  other.bin\n${a}  a.bin\n`)
    expect(await list({ path: join(model, 'a.bin') })).toMatchObject({
      stated: { 'a.bin': [{ by: 'SHA256SUMS' }, { by: 'a.bin.sha256' }] },
      notes: ['1 file will be compared with the SHA-256 that is stated.'],
    })
  })

  test('of a Hugging Face cache are stated by the names of their blobs', async () => {
    const cache = join(base.path, 'root', 'hub', 'models--a--b')
    mkdirSync(join(cache, 'blobs'), { recursive: true })
    mkdirSync(join(cache, 'snapshots', 'rev'), { recursive: true })
    writeFileSync(join(cache, 'blobs', a), 'a')
    writeFileSync(join(cache, 'blobs', 'f'.repeat(40)), '{}')
    symlinkSync(`../../blobs/${a}`, join(cache, 'snapshots', 'rev', 'model.safetensors'))
    symlinkSync(`../../blobs/${'f'.repeat(40)}`, join(cache, 'snapshots', 'rev', 'config.json'))
    expect((await list({ path: cache })).stated).toEqual({
      'model.safetensors': [{ sha256: a, by: 'Its name in the cache' }],
    })
  })
})
