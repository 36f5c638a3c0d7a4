import { Buffer } from 'node:buffer'
import { plainSafetensors } from '../safetensors-bytes.ts'
import { evilPickle, torchBytes, torchMember, torchMembers } from '../torch-bytes.ts'
import { type ZipEntry, zipBytes } from '../zip-bytes.ts'
import type { FormatSamples } from './types.ts'

const notes = { name: 'notes.md', data: 'Nothing to see here.\n' }
const evil = { name: 'archive/data.pkl', data: evilPickle() }
const clean = torchMembers().find(({ name }) => name === 'archive/data.pkl')?.data ?? ''
const rest = torchMembers().slice(1)
const torch = (first: Partial<ZipEntry>): Buffer => zipBytes([{ ...evil, ...first }, ...rest])

export const zipSamples: FormatSamples = {
  kind: 'zip',
  malicious: [
    { name: 'torch checkpoint that calls', path: 'pytorch_model.bin', bytes: torch({}) },
    {
      name: 'climbing name',
      path: 'm.zip',
      bytes: zipBytes([{ ...notes, name: '../../.bashrc' }]),
      rules: ['ARC-PATH-001'],
    },
    {
      name: 'absolute name',
      path: 'm.keras',
      bytes: zipBytes([{ ...notes, name: '/etc/cron.d/x' }]),
      rules: ['ARC-PATH-002'],
    },
    {
      name: 'link out of the archive',
      path: 'm.zip',
      bytes: zipBytes([{ name: 'weights', data: '/root/.ssh', mode: 0o120777 }]),
      rules: ['ARC-PATH-003'],
    },
    {
      name: 'bomb',
      path: 'm.npz',
      bytes: zipBytes([{ name: 'w.bin', data: Buffer.alloc(6_000_000), method: 8 }]),
      rules: ['ARC-BOMB-001'],
    },
    { name: 'pickle as text', path: 'm.zip', bytes: zipBytes([notes, { name: 'vocab.txt', data: evilPickle() }]) },
    {
      name: 'script that writes files',
      path: 'm.pt',
      bytes: zipBytes([...torchMembers(), torchMember('code/m.py', 'def f(x: Tensor):\n  torch.save(x, "x")\n')]),
      rules: ['TORCH-CODE-001'],
    },
  ],
  benign: [
    { name: 'torch checkpoint', path: 'pytorch_model.bin', bytes: torchBytes() },
    {
      name: 'deflated torch checkpoint',
      path: 'm.ckpt',
      bytes: zipBytes(torchMembers().map((one) => ({ ...one, method: 8 }))),
    },
    {
      name: 'texts',
      path: 'm.zip',
      bytes: zipBytes([notes, { name: 'd/' }, { name: 'd/a.json', data: '{"a":[1,2]}', method: 8 }]),
    },
    { name: 'weights', path: 'm.zip', bytes: zipBytes([{ name: 'm.safetensors', data: plainSafetensors() }, notes]) },
    { name: 'an archive in an archive', path: 'm.zip', bytes: zipBytes([{ name: 'in.zip', data: zipBytes([notes]) }]) },
  ],
  truncated: { name: 'checkpoint cut in its tensors', path: 'm.pt', bytes: torchBytes().subarray(0, 700) },
  mutations: [
    { name: 'deflated', bytes: torch({ method: 8 }) },
    {
      name: 'other name in the directory',
      bytes: torch({ central: { name: 'archive/readme.md' } }),
      rules: ['ARC-DIVERGE-001'],
    },
    { name: 'marked as encrypted', bytes: torch({ flags: 1 }), rules: ['ARC-DIVERGE-007'] },
    {
      name: 'marked as encrypted in the directory',
      bytes: torch({ central: { flags: 0x2041 } }),
      rules: ['ARC-DIVERGE-007'],
    },
    { name: 'wrong checksum', bytes: torch({ local: { crc: 1 }, central: { crc: 1 } }), rules: ['ARC-CRC-001'] },
    { name: 'left out of the directory', bytes: torch({ unlisted: true }), rules: ['ARC-DIVERGE-003'] },
    {
      name: 'same name as a clean one',
      bytes: zipBytes([{ ...evil, data: clean }, evil, ...rest]),
      rules: ['ARC-PATH-009'],
    },
    {
      name: 'same name but for capitals',
      bytes: zipBytes([{ ...evil, data: clean }, { ...evil, name: 'archive/DATA.pkl' }, ...rest]),
    },
    { name: 'behind a clean one', bytes: Buffer.concat([torchBytes(), torch({})]), rules: ['ARC-DIVERGE-005'] },
    { name: 'in front of a clean one', bytes: Buffer.concat([torch({}), torchBytes()]), rules: ['ARC-DIVERGE-005'] },
    { name: 'in the comment', bytes: zipBytes([notes], { comment: torch({}) }), rules: ['ARC-DIVERGE-005'] },
    { name: 'without directory', bytes: zipBytes([evil], { noDirectory: true }), rules: ['ARC-DIVERGE-008'] },
    {
      name: 'behind a picture',
      path: 'm.png',
      bytes: zipBytes([evil], { prefix: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') }),
    },
    { name: 'behind other data', bytes: zipBytes([evil], { prefix: Buffer.alloc(70_000, 3) }) },
    { name: 'as a tensor', bytes: zipBytes([...torchMembers(), torchMember('data/2', evilPickle())]) },
    {
      name: 'two archives deep',
      bytes: zipBytes([{ name: 'a', data: zipBytes([{ name: 'b', data: torch({}), method: 8 }]) }]),
    },
  ],
}
