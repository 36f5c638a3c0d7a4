import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { archiveHeaderOf } from '../archive/header-of.ts'
import { look } from '../testing/look.ts'
import { plainSafetensors } from '../testing/safetensors-bytes.ts'
import { paxEntry, type TarEntry, tarBytes } from '../testing/tar-bytes.ts'
import { zipBytes } from '../testing/zip-bytes.ts'

const text = 'weights of nothing\n'.repeat(40)
const two: TarEntry[] = [
  { name: './readme.md', data: text },
  { name: './config.json', data: '{"a":1}' },
]
const payload = Buffer.from('cos\nsystem\n(S"id"\ntR.')

test('an ordinary archive passes and tells its facts', () => {
  const { facts, verdict, findings } = look(tarBytes(two), 'm.tar')
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  expect(archiveHeaderOf(facts)).toEqual({
    kind: 'tar',
    archive: 'plain',
    memberCount: 2,
    claimedBytes: text.length + 7,
    members: [
      { name: './readme.md', size: text.length, method: 'stored', format: 'text' },
      { name: './config.json', size: 7, method: 'stored', format: 'json' },
    ],
  })
})

const long = `${'x'.repeat(90)}/${'y'.repeat(90)}.txt`
test.each<[string, Buffer]>([
  ['padded to 10 KiB', tarBytes(two, 17)],
  ['folders', tarBytes([{ name: 'd/', type: '5' }, ...two])],
  ['a pax name', tarBytes([paxEntry({ path: long, mtime: '1.5' }), { name: long, data: text }])],
  [
    'a GNU name',
    tarBytes([
      { name: '././@LongLink', type: 'L', data: `${long}\0` },
      { name: long, data: text },
    ]),
  ],
  ['a size in base 256', tarBytes([{ name: 'a.txt', data: text, wide: true }])],
  ['weights', tarBytes([{ name: 'm.safetensors', data: plainSafetensors() }])],
  [
    'an archive as the last member',
    tarBytes([...two, { name: 'w.zip', data: zipBytes([{ name: 'a.txt', data: text }]) }]),
  ],
  ['a ZIP64 archive as the last member', tarBytes([{ name: 'w', data: zipBytes([{ name: 'a' }], { zip64: true }) }])],
  ['a global header', tarBytes([paxEntry({ comment: 'x' }, 'g'), ...two])],
])('passes: %s', (_what, bytes) => {
  const { verdict, findings } = look(bytes, 'm.tar')
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
})

const one = { name: 'a.txt', data: text }
test.each<[what: string, bytes: Buffer, rule: string]>([
  ['a climbing name', tarBytes([{ ...one, name: '../../a.txt' }]), 'ARC-PATH-001'],
  ['a climbing name in a pax header', tarBytes([paxEntry({ path: '../a.txt' }), one]), 'ARC-PATH-001'],
  [
    'a climbing name that pax hides',
    tarBytes([paxEntry({ path: 'a.txt' }), { ...one, name: '../b.txt' }]),
    'ARC-PATH-001',
  ],
  ['a climbing name of a sparse file', tarBytes([paxEntry({ 'GNU.sparse.name': '../x' }), one]), 'ARC-PATH-001'],
  ['a climbing GNU name', tarBytes([{ name: 'l', type: 'L', data: '../../x\0' }, one]), 'ARC-PATH-001'],
  ['an absolute name', tarBytes([{ ...one, name: '/etc/x' }]), 'ARC-PATH-002'],
  ['a link out', tarBytes([{ name: 'l', type: '2', linkName: '../x' }]), 'ARC-PATH-003'],
  ['a hard link out', tarBytes([{ name: 'd/l', type: '1', linkName: '../x' }]), 'ARC-PATH-003'],
  [
    'a long link out',
    tarBytes([
      { name: 'k', type: 'K', data: '/etc/shadow\0' },
      { name: 'l', type: '2', linkName: 'x' },
    ]),
    'ARC-PATH-003',
  ],
  [
    'a pax link out',
    tarBytes([paxEntry({ linkpath: '/etc' }), { name: 'l', type: '2', linkName: 'x' }]),
    'ARC-PATH-003',
  ],
  [
    'writing through a link',
    tarBytes([
      { name: 'l', type: '2', linkName: 'd' },
      { ...one, name: 'l/x' },
    ]),
    'ARC-PATH-004',
  ],
  ['a device', tarBytes([{ name: 'sda', type: '4' }, one]), 'ARC-PATH-012'],
  ['the same name twice', tarBytes([one, { ...one, data: 'x' }]), 'ARC-PATH-009'],
  [
    'a wrong checksum in the middle',
    tarBytes([one, { ...one, name: 'b', checksum: 1 }, { ...one, name: 'c' }]),
    'ARC-DIVERGE-012',
  ],
  ['two sizes', tarBytes([paxEntry({ size: '3' }), one]), 'ARC-DIVERGE-013'],
  ['a link with content', tarBytes([{ name: 'l', type: '2', linkName: 'x', size: 512 }, one]), 'ARC-DIVERGE-013'],
  ['another archive behind the end', Buffer.concat([tarBytes(two), tarBytes([one])]), 'ARC-DIVERGE-009'],
  ['bytes behind the end', Buffer.concat([tarBytes(two), Buffer.from('x'.repeat(600))]), 'ARC-DIVERGE-009'],
  ['a filled last block', tarBytes([{ ...one, padding: 7 }]), 'ARC-DIVERGE-006'],
  ['cut inside a member', tarBytes([one]).subarray(0, 700), 'ARC-BROKEN-001'],
  ['cut between members', tarBytes(two).subarray(0, 512 + 1024), 'ARC-BROKEN-001'],
  ['cut in the zeros at the end', tarBytes(two, 1), 'ARC-BROKEN-001'],
  ['a size beyond the file', tarBytes([{ ...one, size: 2 ** 32 }]), 'ARC-BROKEN-001'],
  ['a sparse member', tarBytes([{ ...one, type: 'S' }]), 'ARC-OPAQUE-002'],
])('noticed: %s', (_what, bytes, rule) => {
  const { ids, verdict, facts } = look(bytes, 'm.tar')
  expect(facts.format).toBe('tar')
  expect(ids).toContain(rule)
  expect(verdict).not.toBe('pass')
})

test.each<[string, Buffer]>([
  ['as a member', tarBytes([...two, { name: 'x.txt', data: payload }])],
  ['behind the end', Buffer.concat([tarBytes(two), tarBytes([{ name: 'x.txt', data: payload }])])],
  ['behind a header with a wrong checksum', tarBytes([one, { name: 'b', checksum: 1 }, { name: 'x', data: payload }])],
  ['in an archive in the archive', tarBytes([{ name: 'in.tar', data: tarBytes([{ name: 'x', data: payload }]) }])],
  ['in a ZIP behind the end', Buffer.concat([tarBytes(two), zipBytes([{ name: 'x', data: payload }])])],
])('a pickle is found %s', (_what, bytes) => {
  const { findings } = look(bytes, 'm.tar')
  expect(
    findings.some(({ ruleId }) => ruleId.startsWith('PKL-')),
    JSON.stringify(findings),
  ).toBe(true)
})
