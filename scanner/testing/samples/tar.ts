import { Buffer } from 'node:buffer'
import { plainSafetensors } from '../safetensors-bytes.ts'
import { paxEntry, type TarEntry, tarBytes } from '../tar-bytes.ts'
import { evilPickle, torchBytes } from '../torch-bytes.ts'
import type { FormatSamples } from './types.ts'

const config = { name: './model_config.yaml', data: 'name: tiny\nlayers: 2\n' }
const evil: TarEntry = { name: './model_weights.ckpt', data: evilPickle() }
const long = `${'d'.repeat(80)}/${'n'.repeat(120)}.md`

export const tarSamples: FormatSamples = {
  kind: 'tar',
  malicious: [
    { name: 'checkpoint that calls', path: 'm.nemo', bytes: tarBytes([config, evil]) },
    {
      name: 'climbing name',
      path: 'm.tar',
      bytes: tarBytes([{ ...config, name: '../../.profile' }]),
      rules: ['ARC-PATH-001'],
    },
    {
      name: 'hard link out of the archive',
      path: 'm.tar',
      bytes: tarBytes([{ name: 'w', type: '1', linkName: '../../etc/passwd' }]),
      rules: ['ARC-PATH-003'],
    },
    {
      name: 'link, then a member through it',
      path: 'm.tar',
      bytes: tarBytes([
        { name: 'd', type: '2', linkName: '/tmp' },
        { name: 'd/x.md', data: 'x' },
      ]),
      rules: ['ARC-PATH-003', 'ARC-PATH-004'],
    },
    { name: 'device', path: 'm.tar', bytes: tarBytes([config, { name: 'sda', type: '4' }]), rules: ['ARC-PATH-012'] },
  ],
  benign: [
    { name: 'NeMo model', path: 'm.nemo', bytes: tarBytes([config, { ...evil, data: torchBytes() }]) },
    {
      name: 'weights in folders',
      path: 'm.tar',
      bytes: tarBytes(
        [
          { name: 'd/', type: '5' },
          { name: 'd/w.safetensors', data: plainSafetensors() },
        ],
        18,
      ),
    },
    { name: 'pax', path: 'm.tar', bytes: tarBytes([paxEntry({ path: long }), { name: long, data: 'text\n' }]) },
    {
      name: 'GNU',
      path: 'm.tar',
      bytes: tarBytes([
        { name: '././@LongLink', type: 'L', data: `${long}\0` },
        { name: long, data: 'text\n', wide: true },
      ]),
    },
  ],
  truncated: {
    name: 'cut in its weights',
    path: 'm.nemo',
    bytes: tarBytes([config, { ...evil, data: torchBytes() }]).subarray(0, 2048),
  },
  mutations: [
    { name: 'as text', bytes: tarBytes([config, { ...evil, name: 'readme.md' }]) },
    {
      name: 'behind the end',
      bytes: Buffer.concat([tarBytes([config]), tarBytes([evil])]),
      rules: ['ARC-DIVERGE-009'],
    },
    {
      name: 'behind a broken header',
      bytes: tarBytes([config, { name: 'x', checksum: 3 }, evil]),
      rules: ['ARC-DIVERGE-012'],
    },
    {
      name: 'in a member that pax makes longer',
      bytes: tarBytes([paxEntry({ size: '1536' }), { ...config, size: 0, data: '' }, evil]),
      rules: ['ARC-DIVERGE-013'],
    },
    { name: 'in a tar in a tar', bytes: tarBytes([{ name: 'in', data: tarBytes([evil]) }]) },
    {
      name: 'name that only pax tells',
      bytes: tarBytes([paxEntry({ path: '../../x.py' }), config]),
      rules: ['ARC-PATH-001'],
    },
    {
      name: 'link that only pax tells',
      bytes: tarBytes([paxEntry({ linkpath: '/etc' }), { name: 'l', type: '2', linkName: 'x' }]),
      rules: ['ARC-PATH-003'],
    },
  ],
}
