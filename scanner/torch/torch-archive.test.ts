import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { archiveHeaderOf } from '../archive/header-of.ts'
import { look } from '../testing/look.ts'
import { evilPickle, stateDictPickle, torchBytes, torchMember, torchMembers, weights } from '../testing/torch-bytes.ts'
import { type ZipEntry, zipBytes } from '../testing/zip-bytes.ts'

test('an ordinary checkpoint passes, its tensors proven and not read', () => {
  const { facts, verdict, findings } = look(torchBytes(), 'pytorch_model.bin')
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  expect(facts.coverage).toMatchObject({ tensorBytes: 72 * 4, unaccountedBytes: 0 })
  expect(archiveHeaderOf(facts)).toMatchObject({
    archive: 'torch',
    memberCount: 6,
    torch: {
      storages: 2,
      storageBytes: 288,
      dtypes: { float32: { storages: 2, elements: 72, bytes: 288 } },
      byteOrder: 'little',
      version: '3',
      script: false,
    },
  })
})

const replace = (name: string, data: Buffer, more: Partial<ZipEntry> = {}): Buffer =>
  zipBytes(torchMembers().map((entry) => (entry.name === `archive/${name}` ? torchMember(name, data, more) : entry)))
const add = (...entries: ZipEntry[]): Buffer => zipBytes([...torchMembers(), ...entries])
const rename = (change: (name: string) => string): Buffer =>
  zipBytes(torchMembers().map((entry) => ({ ...entry, name: change(String(entry.name)) })))

const script = `class Net(Module):
  __parameters__ = ["weight", ]
  training : bool
  def forward(self: __torch__.Net,
    x: Tensor) -> Tensor:
    _0 = torch.relu(ops.quantized.linear(x, self.weight, 1., 0))
    return torch.add(_0, x, alpha=1)
`
test.each<[string, Buffer]>([
  ['deflated', zipBytes(torchMembers().map((entry) => ({ ...entry, method: 8 })))],
  ['without a folder', rename((name) => name.replace('archive/', ''))],
  ['names in capitals, as torch finds them', rename((name) => name.toUpperCase())],
  [
    'TorchScript',
    add(torchMember('code/__torch__.py', script), torchMember('constants.pkl', Buffer.from('\x80\x02).', 'latin1'))),
  ],
  [
    'half the tensors in constants.pkl',
    add(
      torchMember('constants.pkl', stateDictPickle([{ name: 'c', key: '0', elements: 5, storage: 'BFloat16Storage' }])),
      torchMember('constants/0', Buffer.alloc(10, 9)),
    ),
  ],
  [
    'a package of torch',
    zipBytes([
      torchMember('model/model.pkl', stateDictPickle([{ name: 'c', key: '0', elements: 4 }])),
      torchMember('.data/0.storage', weights(4)),
    ]),
  ],
])('passes: %s', (_what, bytes) => {
  const { verdict, findings, facts } = look(bytes, 'm.pt')
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
  expect(facts.coverage.tensorBytes).toBeGreaterThan(0)
})

const elf = Buffer.alloc(256)
elf.write('\x7fELF\x02\x01\x01', 0, 'latin1')
elf.writeUInt16LE(2, 16)
elf.writeUInt16LE(62, 18)
elf.writeUInt32LE(1, 20)
elf.writeUInt16LE(64, 52)
const fill = (start: string): Buffer => Buffer.concat([Buffer.from(start, 'latin1'), weights(64)]).subarray(0, 256)

test.each<[what: string, bytes: Buffer, rule: string]>([
  ['a tensor with fewer bytes', replace('data/0', weights(63)), 'TORCH-STORAGE-001'],
  ['a tensor with more bytes', replace('data/0', weights(65)), 'TORCH-STORAGE-001'],
  ['a file that no tensor refers to', add(torchMember('data/7', weights(4))), 'TORCH-STORAGE-002'],
  [
    'a tensor that is not there',
    zipBytes(torchMembers().filter(({ name }) => name !== 'archive/data/1')),
    'TORCH-STORAGE-003',
  ],
  ['a program in the place of a tensor', replace('data/0', elf), 'TORCH-STORAGE-004'],
  [
    'a pickle in the place of a tensor',
    replace('data/0', fill('\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x94')),
    'TORCH-STORAGE-004',
  ],
  ['an old pickle in the place of a tensor', replace('data/0', fill('cos\nsystem\n')), 'TORCH-STORAGE-004'],
  ['an archive in the place of a tensor', replace('data/0', fill('PK\x03\x04')), 'TORCH-STORAGE-004'],
  ['a script in the place of a tensor', replace('data/0', fill('#!/bin/sh\n')), 'TORCH-STORAGE-004'],
  [
    'a script that reads files',
    add(torchMember('code/__torch__.py', 'def f(x: str):\n  return torch.from_file(x, False, 9)\n')),
    'TORCH-CODE-001',
  ],
  [
    'a script that writes files',
    add(torchMember('code/m.py', 'def f(x: Tensor):\n  torch.save(x, "/tmp/x")\n')),
    'TORCH-CODE-001',
  ],
  [
    'a script with a foreign operator',
    add(torchMember('code/m.py', 'def f(x: Tensor):\n  return ops.evil.run(x)\n')),
    'TORCH-CODE-002',
  ],
])('noticed: %s', (_what, bytes, rule) => {
  const { ids, verdict } = look(bytes, 'm.pt')
  expect(ids).toContain(rule)
  expect(verdict).not.toBe('pass')
})

test('a call in the pickle blocks, wherever the pickle is', () => {
  expect(look(zipBytes(torchMembers(evilPickle())), 'm.pt').verdict).toBe('block')
  expect(look(add(torchMember('extra/notes.txt', evilPickle())), 'm.pt').verdict).toBe('block')
  expect(look(add(torchMember('code/m.py.debug_pkl', evilPickle())), 'm.pt').verdict).toBe('block')
  expect(look(add({ ...torchMember('data.pkl', evilPickle()), unlisted: true }), 'm.pt').verdict).toBe('block')
})

test('tensors that share bytes with other members are not proven', () => {
  const hidden = zipBytes([torchMember('x', 'y')])
  const inside = Buffer.concat([weights(8), hidden, weights(64)]).subarray(0, 256)
  const bytes = zipBytes([
    ...torchMembers().map((one) => (one.name === 'archive/data/0' ? torchMember('data/0', inside) : one)),
    { name: 'archive/y', data: 'y', local: { name: 'archive/x' }, central: { offset: 0 } },
  ])
  const at = bytes.indexOf(inside) + 32
  bytes.writeUInt32LE(at, bytes.lastIndexOf('archive/y', undefined, 'latin1') - 4)
  const { facts, ids } = look(bytes, 'm.pt')
  expect(ids).toContain('ARC-BOMB-002')
  expect(archiveHeaderOf(facts)?.torch?.storages).toBe(1)
})

test('bytes like a program somewhere inside a tensor are weights', () => {
  const bytes = weights(4096)
  elf.copy(bytes, 5000)
  bytes.write('PK\x05\x06', 9000, 'latin1')
  bytes.write('\x80\x04', 0, 'latin1')
  const pickle = stateDictPickle([{ name: 'w', key: '0', elements: 4096 }])
  const { verdict, findings } = look(zipBytes([torchMember('data.pkl', pickle), torchMember('data/0', bytes)]), 'm.pt')
  expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
})
