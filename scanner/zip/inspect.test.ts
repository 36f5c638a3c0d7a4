import { Buffer } from 'node:buffer'
import { crc32, deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { archiveHeaderOf } from '../archive/header-of.ts'
import { look } from '../testing/look.ts'
import { plainSafetensors } from '../testing/safetensors-bytes.ts'
import { extraField, type ZipEntry, type ZipOptions, zipBytes } from '../testing/zip-bytes.ts'

const text = 'weights of nothing\n'.repeat(20)
const two: ZipEntry[] = [
  { name: 'a/readme.md', data: text },
  { name: 'a/config.json', data: '{"model_type":"x"}', method: 8 },
]
const payload = Buffer.from('cos\nsystem\n(S"id"\ntR.')

test('an ordinary archive passes and tells its facts', () => {
  const { facts, verdict, findings } = look(zipBytes(two), 'm.zip')
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  expect(facts.coverage.unaccountedBytes).toBe(0)
  expect(archiveHeaderOf(facts)).toEqual({
    kind: 'zip',
    archive: 'plain',
    memberCount: 2,
    claimedBytes: text.length + 18,
    members: [
      { name: 'a/readme.md', size: text.length, method: 'stored', format: 'text' },
      { name: 'a/config.json', size: 18, method: 'deflate', format: 'json' },
    ],
  })
})

const padding = extraField(0x4246, Buffer.alloc(40, 'Z'))
const name = Buffer.from('naïve.txt')
const unicodePath = extraField(
  0x7075,
  Buffer.concat([Buffer.from([1]), Buffer.from(Uint32Array.of(crc32(name)).buffer), name]),
)
const honest: [what: string, entries: ZipEntry[], options?: ZipOptions][] = [
  ['sizes in descriptors, stored', [{ name: 'a.txt', data: text, descriptor: true }, ...two]],
  ['sizes in descriptors, deflated', [{ name: 'a.txt', data: text, method: 8, descriptor: true }, ...two]],
  ['sizes in wide descriptors', [{ name: 'a.txt', data: text, method: 8, descriptor: 'wide' }, ...two]],
  ['padding of torch', [{ name: 'a.txt', data: text, extra: padding }]],
  ['ZIP64 end record', two, { zip64: true }],
  ['a comment', two, { comment: 'made by hand' }],
  ['folders and empty files', [{ name: 'a/' }, { name: 'a/b.txt' }, { name: 'a/c.txt', data: text }]],
  [
    'an archive as the last member',
    [
      { name: 'a.txt', data: text },
      { name: 'inner.zip', data: zipBytes(two) },
    ],
  ],
  ['a name beyond ASCII, twice the same', [{ name, data: text, flags: 0x800, extra: unicodePath }]],
  ['no members', []],
  ['zeros between members', [...two, { name: 'b.txt', data: text, before: Buffer.alloc(64) }]],
]
test.each(honest)('passes: %s', (_what, entries, options) => {
  const { verdict, findings, facts } = look(zipBytes(entries, options), 'm.zip')
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  expect(facts.format).toBe('zip')
})

test('zeros behind the end are padding', () => {
  expect(look(Buffer.concat([zipBytes(two), Buffer.alloc(500)]), 'm.zip').findings).toEqual([])
})

test('a stored member that no directory lists ends where its descriptor says', () => {
  const hidden: ZipEntry = { name: 'a.txt', data: text, unlisted: true, descriptor: true }
  const { facts, ids } = look(zipBytes([hidden, ...two]), 'm.zip')
  expect(ids).toEqual(['ARC-DIVERGE-003'])
  expect(facts.coverage.unaccountedBytes).toBe(0)
})

test('weights stored in an archive count as tensors', () => {
  const { facts, verdict } = look(zipBytes([{ name: 'm.safetensors', data: plainSafetensors() }, ...two]))
  expect(verdict).toBe('pass')
  expect(archiveHeaderOf(facts)?.members[0]?.format).toBe('safetensors')
})

const stored = { name: 'a.txt', data: text }
const lies: [what: string, bytes: Buffer, rule: string][] = [
  ['other name in the directory', zipBytes([{ ...stored, central: { name: 'b.txt' } }]), 'ARC-DIVERGE-001'],
  ['other name in a unicode field', zipBytes([{ ...stored, extra: otherName('a.txt', 'x.pkl') }]), 'ARC-DIVERGE-001'],
  ['other method', zipBytes([{ ...stored, local: { method: 8 } }]), 'ARC-DIVERGE-002'],
  ['other size', zipBytes([{ ...stored, central: { packed: 4, size: 4, crc: crc32('weig') } }]), 'ARC-DIVERGE-002'],
  ['other flags', zipBytes([{ ...stored, central: { flags: 1 } }]), 'ARC-DIVERGE-002'],
  [
    'a size that the content has not',
    zipBytes([{ ...stored, method: 8, local: { size: 3 }, central: { size: 3 } }]),
    'ARC-DIVERGE-002',
  ],
  ['left out of the directory', zipBytes([{ ...stored, unlisted: true }, ...two]), 'ARC-DIVERGE-003'],
  [
    'left out of the directory, size in a descriptor',
    zipBytes([{ ...stored, unlisted: true, descriptor: true, method: 8 }, ...two]),
    'ARC-DIVERGE-003',
  ],
  ['a place without a member', zipBytes([{ ...stored, central: { offset: 7 } }]), 'ARC-DIVERGE-004'],
  ['two archives behind one another', Buffer.concat([zipBytes([stored]), zipBytes(two)]), 'ARC-DIVERGE-005'],
  ['an archive in the comment', zipBytes([stored], { comment: zipBytes(two) }), 'ARC-DIVERGE-005'],
  ['bytes between members', zipBytes([...two, { ...stored, before: Buffer.from('hidden') }]), 'ARC-DIVERGE-006'],
  [
    'bytes of unknown purpose',
    zipBytes([{ ...stored, extra: extraField(0x1234, Buffer.alloc(200, 7)) }]),
    'ARC-DIVERGE-006',
  ],
  ['a comment that is no text', zipBytes(two, { comment: Buffer.from([1, 2, 3, 4]) }), 'ARC-DIVERGE-006'],
  ['marked as encrypted', zipBytes([{ ...stored, flags: 1 }]), 'ARC-DIVERGE-007'],
  ['marked as encrypted, deflated', zipBytes([{ ...stored, flags: 1, method: 8 }]), 'ARC-DIVERGE-007'],
  ['no directory', zipBytes(two, { noDirectory: true }), 'ARC-DIVERGE-008'],
  ['bytes behind the end', Buffer.concat([zipBytes(two), Buffer.from('more')]), 'ARC-DIVERGE-009'],
  [
    'a place in the directory for two members',
    zipBytes([stored, { ...stored, name: 'b' }], { count: 3 }),
    'ARC-DIVERGE-010',
  ],
  ['another name in another directory', twoNames(), 'ARC-DIVERGE-001'],
  ['a wrong size of the directory', wrongSize(), 'ARC-DIVERGE-010'],
  ['two ZIP64 records', twoWide(), 'ARC-DIVERGE-010'],
  ['a ZIP64 record far from its locator', farWide(), 'ARC-DIVERGE-006'],
  ['a wrong count', zipBytes(two, { count: 1 }), 'ARC-DIVERGE-010'],
  [
    'bytes behind the end of the packed content',
    zipBytes([{ ...stored, method: 8, packedData: Buffer.concat([deflateRawSync(Buffer.from(text)), payload]) }]),
    'ARC-DIVERGE-011',
  ],
  ['a wrong checksum', zipBytes([{ ...stored, local: { crc: 1 }, central: { crc: 1 } }]), 'ARC-CRC-001'],
  [
    'packed content that is none',
    zipBytes([{ ...stored, method: 8, packedData: Buffer.alloc(20, 0xff) }]),
    'ARC-BROKEN-001',
  ],
  ['an unknown method', zipBytes([{ ...stored, method: 98 }]), 'ARC-OPAQUE-002'],
  ['encrypted', zipBytes([{ ...stored, flags: 1, packedData: Buffer.alloc(40, 0x5e) }]), 'ARC-OPAQUE-001'],
  ['two members over the same bytes', overlapping(), 'ARC-BOMB-002'],
  ['a member listed twice', zipBytes([stored, { ...stored, name: 'a.txt', central: { offset: 0 } }]), 'ARC-BOMB-002'],
  ['a bomb', zipBytes([{ name: 'z', data: Buffer.alloc(8 * 1024 * 1024), method: 8 }]), 'ARC-BOMB-001'],
  ['the same name twice', zipBytes([stored, { ...stored, data: 'other' }]), 'ARC-PATH-009'],
  ['a link out of the archive', zipBytes([{ name: 'l', data: '../../etc/passwd', mode: 0o120777 }]), 'ARC-PATH-003'],
  [
    'a link out of the archive, deflated',
    zipBytes([{ name: 'l', data: '/etc/passwd', mode: 0o120777, method: 8 }]),
    'ARC-PATH-003',
  ],
  ['data in front', zipBytes(two, { prefix: Buffer.alloc(100, 7) }), 'ARC-DIVERGE-014'],
  ['data in front, counted', zipBytes(two, { prefix: Buffer.alloc(100, 7), absolute: true }), 'ARC-DIVERGE-014'],
]

/** A ZIP64 record that only those readers see who go where the locator points. */
function twoWide(): Buffer {
  const hidden = zipBytes([{ name: 'x.txt', data: text }], { zip64: true }).subarray(0, -42)
  const bytes = Buffer.concat([hidden, zipBytes(two, { zip64: true })])
  bytes.writeBigUInt64LE(BigInt(hidden.length - 56), bytes.lastIndexOf('PK\x06\x07', undefined, 'latin1') + 8)
  return bytes
}

/** A locator that points far away, so that the bytes between look like part of the end. */
function farWide(): Buffer {
  const wide = Buffer.alloc(56)
  wide.write('PK\x06\x06', 0, 'latin1')
  const before = Buffer.concat([wide, Buffer.alloc(400, 7)])
  const bytes = zipBytes([...two, { ...stored, before }], { zip64: true })
  const at = bytes.indexOf('PK\x06\x06', 0, 'latin1')
  bytes.writeBigUInt64LE(BigInt(at), bytes.lastIndexOf('PK\x06\x07', undefined, 'latin1') + 8)
  return bytes
}

/** Two directories for the same member, under another name each; the last one is honest. */
function twoNames(): Buffer {
  const lying = zipBytes([{ ...stored, name: 'x.pkl', local: { name: 'a.txt' } }])
  const honest = zipBytes([stored])
  const start = honest.indexOf('PK\x01\x02', 0, 'latin1')
  const directory = Buffer.from(honest.subarray(start))
  directory.writeUInt32LE(lying.length, directory.length - 6)
  return Buffer.concat([lying, directory])
}

/** An end record whose size of the directory is a lie, so that only its offset leads there. */
function wrongSize(): Buffer {
  const bytes = zipBytes(two)
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  bytes.writeUInt32LE(bytes.readUInt32LE(end + 12) - 7, end + 12)
  return bytes
}

function otherName(real: string, other: string): Buffer {
  const head = Buffer.alloc(5)
  head[0] = 1
  head.writeUInt32LE(crc32(real), 1)
  return extraField(0x7075, Buffer.concat([head, Buffer.from(other)]))
}

/** The first member's content holds the second with its header. */
function overlapping(): Buffer {
  const length = 30 + 'a.txt'.length + text.length
  const wide = { packed: text.length + length, size: text.length + length }
  return zipBytes([{ ...stored, name: 'b.txt', local: wide, central: wide }, stored])
}

test.each(lies)('noticed: %s', (_what, bytes, rule) => {
  const { ids, verdict, facts } = look(bytes, 'm.zip')
  expect(facts.parts.map(({ format }) => format)).toContain('zip')
  expect(ids).toContain(rule)
  expect(verdict).not.toBe('pass')
})

test.each<[string, Buffer]>([
  ['under another name in the directory', zipBytes([{ name: 'data.pkl', data: payload, central: { name: 'a.txt' } }])],
  ['left out of the directory', zipBytes([{ name: 'data.pkl', data: payload, unlisted: true }, ...two])],
  ['behind a clean archive', Buffer.concat([zipBytes(two), zipBytes([{ name: 'data.pkl', data: payload }])])],
  ['in front of a clean archive', Buffer.concat([zipBytes([{ name: 'data.pkl', data: payload }]), zipBytes(two)])],
  [
    'deflated and called stored by its header',
    zipBytes([{ name: 'd', data: payload, method: 8, local: { method: 0 } }]),
  ],
  ['marked as encrypted', zipBytes([{ name: 'data.pkl', data: payload, flags: 0x2041 }])],
  ['with a wrong checksum', zipBytes([{ name: 'data.pkl', data: payload, central: { crc: 5 } }])],
  ['without a directory', zipBytes([{ name: 'data.pkl', data: payload }], { noDirectory: true })],
  ['as text, three archives deep', nested(payload, 3)],
  [
    'behind more than 64 KiB',
    Buffer.concat([zipBytes([{ name: 'data.pkl', data: payload }]), Buffer.alloc(80_000, 7)]),
  ],
])('a pickle is found %s', (_what, bytes) => {
  const { facts, findings } = look(bytes, 'm.bin')
  expect(
    findings.some(({ ruleId }) => ruleId.startsWith('PKL-')),
    JSON.stringify(findings),
  ).toBe(true)
  expect(facts.format).toBe('zip')
})

function nested(content: Buffer, depth: number): Buffer {
  return depth === 0
    ? content
    : zipBytes([{ name: depth === 1 ? 'notes.txt' : 'in.zip', data: nested(content, depth - 1) }])
}

test('a directory is found by its offset when its size is a lie', () => {
  const { facts, ids } = look(wrongSize(), 'm.zip')
  expect(archiveHeaderOf(facts)?.memberCount).toBe(2)
  expect(ids).toEqual(['ARC-DIVERGE-010'])
})

test('the directories of both ZIP64 records are read', () => {
  const { facts, ids } = look(twoWide(), 'm.zip')
  expect(archiveHeaderOf(facts)?.memberCount).toBe(3)
  expect(ids).toEqual(['ARC-DIVERGE-010'])
})

test('members that are each below the ratio of a bomb are one together', () => {
  const zeros = Array.from({ length: 40 }, (_none, i) => ({ name: `${i}`, data: Buffer.alloc(3_000_000), method: 8 }))
  const { facts, ids } = look(zipBytes(zeros), 'm.zip')
  expect(ids).toContain('ARC-BOMB-001')
  const formats = archiveHeaderOf(facts)?.members.map(({ format }) => format)
  expect([formats?.[0], formats?.at(-1)]).toEqual(['unknown', null])
})

test('depth is bounded', () => {
  const { ids, verdict } = look(nested(payload, 12), 'm.zip')
  expect(verdict).toBe('incomplete')
  expect(ids).toContain('SCAN-LIMIT-001')
})

test('many names for one place and many members over the same bytes stay cheap', () => {
  const many = Array.from({ length: 3000 }, (_none, i): ZipEntry => ({ name: `n${i}`, central: { offset: 0 } }))
  const started = performance.now()
  expect(look(zipBytes([{ name: 'a', data: text }, ...many]), 'm.zip').ids).toContain('ARC-BOMB-002')
  process.stdout.write(`3,000 names for one place: ${Math.round(performance.now() - started)} ms\n`)
})
