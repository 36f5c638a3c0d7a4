import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  buildTar,
  buildZip,
  hubErrorOf,
  paxRecord,
  sha256Of,
  type TarMember,
  temporaryFolder,
  type ZipMember,
} from '../../../../test/support/index.ts'
import { type ArchiveKind } from './detect.ts'
import type { UnpackLimits } from './policy.ts'
import { archiveKind, unpackArchive } from './unpack.ts'

let base: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  base = temporaryFolder('archives')
})
afterEach(() => base.remove())

const pack: Record<ArchiveKind, (members: readonly { name: string; data?: string | Uint8Array }[]) => Buffer> = {
  zip: (members) => buildZip(members.map((member) => ({ ...member, deflate: true }))),
  tar: (members) => buildTar(members),
  'tar.gz': (members) => gzipSync(buildTar(members)),
  'tar.zst': (members) => zstdCompressSync(buildTar(members)),
}
const kinds = Object.keys(pack) as ArchiveKind[]

async function unpack(
  bytes: Buffer,
  options: { name?: string; limits?: Partial<UnpackLimits>; signal?: AbortSignal } = {},
) {
  const path = join(base.path, 'archive')
  writeFileSync(path, bytes)
  const kind = await archiveKind(path, options.name ?? 'archive')
  if (kind === null) throw new Error('not taken for an archive')
  const limits: UnpackLimits = {
    entries: 1_000,
    totalBytes: 2 ** 30,
    ratio: 100,
    ratioFrom: 2 ** 20,
    ...options.limits,
  }
  const members = await unpackArchive({ path, kind }, join(base.path, 'out'), {
    limits,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  })
  return { kind, members }
}

/** Nothing may be left of an archive that was refused, and nothing may have come to lie beside the folder. */
const left = () => readdirSync(base.path).filter((name) => name !== 'archive')

describe.each(kinds)('%s', (kind) => {
  test('is known by its content, and its files come out whole, without the folder around everything', async () => {
    const big = Buffer.alloc(700_000, 'weights of a model ')
    const found = await unpack(
      pack[kind]([
        { name: 'model/config.json', data: '{}' },
        { name: 'model/sub/weights.gguf', data: big },
        { name: 'model/empty.txt' },
      ]),
    )
    expect(found.kind).toBe(kind)
    expect(found.members.map(({ path, size }) => [path, size])).toEqual([
      ['config.json', 2],
      ['sub/weights.gguf', big.length],
      ['empty.txt', 0],
    ])
    for (const { file, sha256 } of found.members) expect(sha256Of(readFileSync(file))).toBe(sha256)
    // Whatever an archive says, names on disk are numbers.
    expect(readdirSync(join(base.path, 'out')).sort()).toEqual(['0', '1', '2'])
  })

  test('within another stays as it is, and so does a file beside the top folder', async () => {
    const inner = pack.zip([{ name: 'x', data: 'y' }])
    const { members } = await unpack(
      pack[kind]([
        { name: 'a/inner.zip', data: inner },
        { name: 'README.md', data: '#' },
      ]),
    )
    expect(members.map(({ path, size }) => [path, size])).toEqual([
      ['a/inner.zip', inner.length],
      ['README.md', 1],
    ])
  })

  test.each([
    ['above its folder', ['../evil']],
    ['above by the middle', ['a/../../evil']],
    ['absolute', ['/etc/evil']],
    ['a drive', ['C:/evil']],
    ['with a backslash', ['a\\..\\evil']],
    ['with a control character', ['a\u0007b']],
    ['with turned text', ['a\u202egnp.exe']],
    ['a device of Windows', ['sub/NUL.txt']],
    ['ending in a dot', ['evil.']],
    ['with an empty part', ['a//b']],
    ['too long', ['n'.repeat(99), 'p/'.repeat(40) + 'x']],
    ['twice', ['same', 'same']],
    ['twice but for case', ['a/Model.bin', 'a/model.BIN']],
    ['twice but for how letters are composed', ['caf\u00e9', 'cafe\u0301']],
    ['folders that differ by case', ['Data/a', 'data/b']],
    ['a file and a folder', ['a', 'a/b']],
    ['a folder and a file', ['a/b', 'a']],
  ])('a name %s is refused, and nothing is left', async (_what, names) => {
    const error = await hubErrorOf(unpack(pack[kind](names.map((name) => ({ name, data: name })))))
    expect(error).toMatchObject({ kind: 'invalid', code: 'archive_refused' })
    expect(left()).toEqual([])
  })

  test('a bomb is stopped by real bytes; so are too many members and too many bytes', async () => {
    if (kind !== 'tar') {
      const bomb = pack[kind]([{ name: 'zeros', data: Buffer.alloc(32 * 2 ** 20) }])
      expect(bomb.length).toBeLessThan(200_000)
      expect(await hubErrorOf(unpack(bomb))).toMatchObject({ kind: 'limit', code: 'archive_bomb' })
    }
    const many = pack[kind](Array.from({ length: 11 }, (_, at) => ({ name: `f${at}` })))
    expect(await hubErrorOf(unpack(many, { limits: { entries: 10 } }))).toMatchObject({ code: 'archive_too_large' })
    const large = pack[kind]([
      { name: 'a', data: Buffer.alloc(3_000, 1) },
      { name: 'b', data: Buffer.alloc(3_000, 2) },
    ])
    expect(await hubErrorOf(unpack(large, { limits: { totalBytes: 4_000 } }))).toMatchObject({
      code: 'archive_too_large',
    })
    expect(left()).toEqual([])
  })

  test('cut off anywhere, or with a byte changed, it is refused or whole, never less', async () => {
    const data = Buffer.from(Array.from({ length: 4_000 }, (_, at) => (at * 7919) % 251))
    const whole = pack[kind]([
      { name: 'a', data },
      { name: 'b', data: 'second' },
    ])
    for (let part = 1; part < 8; part++) {
      const cut = whole.subarray(0, Math.floor((whole.length * part) / 8))
      const error = await hubErrorOf(unpack(cut)).catch((reason: Error) => reason)
      expect(error.message).toMatch(/The archive|not taken for an archive/)
    }
    if (kind === 'zip' || kind === 'tar.gz') {
      // The other two have no sum over what their files hold, unless they were made with one.
      const spoiled = Buffer.from(whole)
      const at = kind === 'zip' ? 60 : whole.length - 6
      spoiled[at] = (spoiled[at] ?? 0) ^ 0xff
      expect(await hubErrorOf(unpack(spoiled))).toMatchObject({ code: 'archive_refused' })
    }
    expect(left()).toEqual([])
  })

  test('ends when it is told to', async () => {
    const stop = new AbortController()
    stop.abort(new Error('stopped'))
    await expect(unpack(pack[kind]([{ name: 'a', data: 'a' }]), { signal: stop.signal })).rejects.toThrow('stopped')
    expect(left()).toEqual([])
  })
})

describe('zip only', () => {
  test.each<[string, ZipMember[], RegExp]>([
    ['a link', [{ name: 'link', data: '/etc/passwd', mode: 0o120777 }], /neither a regular file/],
    ['a device', [{ name: 'dev', mode: 0o020666 }], /neither a regular file/],
    ['a file that calls itself a folder', [{ name: 'f', mode: 0o040755, data: 'x' }], /neither a regular file/],
    ['a folder with content', [{ name: 'd/', data: 'x' }], /folder with content/],
    ['encrypted', [{ name: 'a', data: 'twelve bytes!', claim: 1, flags: 1 }], /encrypted/],
    ['strongly encrypted', [{ name: 'a', data: 'x', flags: 0x41 }], /encrypted/],
    ['another method', [{ name: 'a', data: 'x', method: 14 }], /not supported \(method 14\)/],
    ['another local name', [{ name: 'README.md', localName: 'evil.pkl', data: 'x' }], /two different things/],
    ['a wrong sum', [{ name: 'a', data: 'x', crc: 1 }], /damaged/],
    ['more than it says', [{ name: 'a', data: 'x'.repeat(5_000), deflate: true, claim: 10 }], /damaged|does not hold/],
    ['less than it says', [{ name: 'a', data: 'x', deflate: true, claim: 10_000 }], /damaged|does not hold/],
    [
      'members over one another',
      [
        { name: 'a', data: 'x'.repeat(500) },
        { name: 'a', data: 'x'.repeat(500), at: 0 },
      ],
      /two members named/,
    ],
    [
      'a member within another',
      [
        { name: 'abc', data: buildZip([{ name: 'xyz', data: 'inner' }]).subarray(0, 60) },
        { name: 'xyz', data: 'inner', at: 33 },
      ],
      /over one another/,
    ],
  ])('%s is refused', async (_what, members, message) => {
    const error = await hubErrorOf(unpack(buildZip(members)))
    expect(error).toMatchObject({ code: 'archive_refused' })
    expect(error.message).toMatch(message)
    expect(left()).toEqual([])
  })

  test('resource forks of macOS are left out', async () => {
    const { members } = await unpack(
      buildZip([
        { name: 'm/a', data: 'a' },
        { name: '__MACOSX/m/._a', data: 'fork' },
      ]),
    )
    expect(members.map(({ path }) => path)).toEqual(['a'])
  })
})

describe('tar only', () => {
  test.each<[string, TarMember[]]>([
    ['a link', [{ name: 'l', type: '2', link: '/etc/passwd' }]],
    [
      'a hard link',
      [
        { name: 'a', data: 'x' },
        { name: 'l', type: '1', link: 'a' },
      ],
    ],
    [
      'a link and a file through it',
      [
        { name: 'l', type: '2', link: '/tmp' },
        { name: 'l/evil', data: 'x' },
      ],
    ],
    ['a character device', [{ name: 'd', type: '3' }]],
    ['a block device', [{ name: 'd', type: '4' }]],
    ['a pipe', [{ name: 'p', type: '6' }]],
    ['a sparse file', [{ name: 's', type: 'S', data: 'x' }]],
    [
      'a path in a pax header',
      [
        { name: 'h', type: 'x', data: paxRecord('path', '../evil') },
        { name: 'a', data: 'x' },
      ],
    ],
    ['more than there is', [{ name: 'a', data: 'x', claim: 5_000_000 }]],
    ['nothing but folders', [{ name: 'd/', type: '5' }]],
  ])('%s is refused', async (_what, members) => {
    expect(await hubErrorOf(unpack(buildTar(members)))).toMatchObject({ code: 'archive_refused' })
    expect(left()).toEqual([])
  })

  test('a sum that stands behind all padding is compared too', async () => {
    const packed = gzipSync(Buffer.concat([buildTar([{ name: 'a', data: 'x' }]), Buffer.alloc(900_000)]))
    expect((await unpack(packed)).members).toHaveLength(1)
    packed[packed.length - 6] = (packed[packed.length - 6] ?? 0) ^ 0xff
    expect(await hubErrorOf(unpack(packed))).toMatchObject({ code: 'archive_refused' })
  })

  test('long names of pax headers, folders and "./" are taken as they are meant', async () => {
    const long = `${'deep/'.repeat(20)}${'n'.repeat(120)}.txt`
    const { members } = await unpack(
      buildTar([
        { name: './', type: '5' },
        { name: './sub/', type: '5' },
        { name: './sub/a.txt', data: 'a' },
        { name: 'h', type: 'x', data: paxRecord('path', long) },
        { name: 'short', data: 'b' },
      ]),
    )
    expect(members.map(({ path }) => path)).toEqual(['sub/a.txt', long])
  })
})

describe('what is not taken for an archive', () => {
  const torch = buildZip([
    { name: 'archive/data.pkl', data: '\x80\x02.' },
    { name: 'archive/version', data: '3' },
  ])
  test.each<[string, string, Buffer]>([
    ['a torch checkpoint', 'pytorch_model.bin', torch],
    ['a torch checkpoint under any name', 'weights', torch],
    ['numpy arrays', 'arrays.npz', buildZip([{ name: 'a.npy', data: 'x' }])],
    ['one compressed file', 'model.gguf.gz', gzipSync('GGUF and so on')],
    ['text', 'notes.zip', Buffer.from('no archive at all')],
    ['nothing', 'empty.tar', Buffer.alloc(0)],
    ['zeros', 'zeros.tar', Buffer.alloc(2_048)],
  ])('%s', async (_what, name, bytes) => {
    const path = join(base.path, 'file')
    writeFileSync(path, bytes)
    expect(await archiveKind(path, name)).toBeNull()
  })
})
