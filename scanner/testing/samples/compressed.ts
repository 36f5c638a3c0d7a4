import { Buffer } from 'node:buffer'
import { deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { bzip2Bytes, gzipNamed, lz4Bytes, lzmaBytes, wordsOf, xzBytes } from '../compressed-bytes.ts'
import { plainSafetensors } from '../safetensors-bytes.ts'
import { tarBytes } from '../tar-bytes.ts'
import { evilPickle } from '../torch-bytes.ts'
import type { FormatSamples, Sample } from './types.ts'

type Codec = { kind: string; ending: string; pack: (content: Uint8Array) => Buffer; more?: Partial<FormatSamples> }

const elf = Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(57)])
const hostileTar = tarBytes([{ name: '../../.bashrc', data: 'x' }])
const bomb = Buffer.alloc(6_000_000)

const codecs: readonly Codec[] = [
  {
    kind: 'gzip',
    ending: '.gz',
    pack: (content) => gzipSync(content),
    more: {
      malicious: [
        { name: 'bomb', path: 'w.npy.gz', bytes: gzipSync(bomb), rules: ['ARC-BOMB-001'] },
        {
          name: 'stored name that climbs',
          path: 'm.gz',
          bytes: gzipNamed(deflateRawSync(wordsOf(200)), wordsOf(200), '../../etc/profile'),
          rules: ['ARC-PATH-001'],
        },
        {
          name: 'second member',
          path: 'm.gz',
          bytes: Buffer.concat([gzipSync(''), gzipSync(evilPickle())]),
        },
      ],
      benign: [
        {
          name: 'stored name, extra field, padding, two members',
          path: 'notes.txt.gz',
          bytes: Buffer.concat([
            gzipNamed(deflateRawSync(wordsOf(200)), wordsOf(200), 'notes.txt'),
            Buffer.alloc(7),
            gzipSync(wordsOf(90)),
            Buffer.alloc(512),
          ]),
        },
      ],
      mutations: [
        {
          name: 'other data in the extra field',
          path: 'notes.txt.gz',
          bytes: Buffer.from(gzipNamed(deflateRawSync(wordsOf(200)), wordsOf(200), 'notes.txt')).fill(5, 10, 11),
          rules: ['ARC-BROKEN-001'],
        },
      ],
    },
  },
  { kind: 'zlib', ending: '.joblib', pack: (content) => deflateSync(content) },
  { kind: 'bzip2', ending: '.bz2', pack: bzip2Bytes },
  { kind: 'xz', ending: '.xz', pack: (content) => xzBytes(content, 'sha256') },
  { kind: 'lzma', ending: '.lzma', pack: (content) => lzmaBytes(content) },
  {
    kind: 'zstd',
    ending: '.zst',
    pack: (content) => zstdCompressSync(content),
    more: { malicious: [{ name: 'bomb', path: 'w.zst', bytes: zstdCompressSync(bomb), rules: ['ARC-BOMB-001'] }] },
  },
  { kind: 'lz4', ending: '.lz4', pack: lz4Bytes },
]

function samplesOf({ kind, ending, pack, more = {} }: Codec): FormatSamples {
  const packed = pack(evilPickle())
  const words = pack(wordsOf(3000))
  const damaged = Buffer.from(pack(Buffer.concat([evilPickle(), wordsOf(5000)])))
  const last = damaged.length - 1
  damaged[last] = (damaged[last] ?? 0) ^ 0x5a
  const malicious: Sample[] = [
    { name: 'pickle that calls', path: `m.pkl${ending}`, bytes: packed },
    { name: 'library', path: `m${ending}`, bytes: pack(elf), rules: ['EXE-FILE-001'] },
    { name: 'tar with a climbing name', path: `m.tar${ending}`, bytes: pack(hostileTar), rules: ['ARC-PATH-001'] },
  ]
  return {
    kind,
    malicious: [...malicious, ...(more.malicious ?? [])],
    benign: [
      { name: 'text', path: `notes.txt${ending}`, bytes: words },
      {
        name: 'settings',
        path: `config.json${ending}`,
        bytes: pack(Buffer.from('{"hidden_size": 64, "layers": [1, 2]}')),
      },
      { name: 'weights', path: `model.safetensors${ending}`, bytes: pack(plainSafetensors()) },
      ...(more.benign ?? []),
    ],
    truncated: { name: 'cut text', path: `notes.txt${ending}`, bytes: words.subarray(0, words.length - 40) },
    mutations: [
      { name: 'named as weights', path: 'model.safetensors', bytes: packed, rules: ['MISMATCH-RUN-001'] },
      { name: 'without a name', bytes: packed },
      { name: 'broken behind the payload', path: `m${ending}`, bytes: damaged },
      {
        name: 'behind weights',
        path: 'model.safetensors',
        bytes: Buffer.concat([plainSafetensors(), packed]),
        rules: ['POLY-RUN-001'],
      },
      { name: 'packed twice', path: `m${ending}`, bytes: gzipSync(packed) },
      ...(more.mutations ?? []),
    ],
  }
}

export const compressedSamples: readonly FormatSamples[] = codecs.map(samplesOf)
