import { Buffer } from 'node:buffer'
import { deflateRawSync } from 'node:zlib'
import { sevenZipBytes, wordsOf } from '../compressed-bytes.ts'
import { plainSafetensors } from '../safetensors-bytes.ts'
import { evilPickle, torchBytes } from '../torch-bytes.ts'
import type { FormatSamples } from './types.ts'

const words = wordsOf(3000)
const notes = { name: 'notes.txt', content: words }
const evil = { name: 'weights/data.pkl', content: evilPickle() }
/** A symbolic link of Unix: mode 0o120777 in the upper half, and the bit that says so. */
const link = 0xa1ff8000
const plain = sevenZipBytes([notes])
const named = (name: string): Buffer => sevenZipBytes([{ name, content: words }])

export const sevenZipSamples: FormatSamples = {
  kind: '7z',
  malicious: [
    { name: 'pickle that calls, LZMA2', path: 'm.7z', bytes: sevenZipBytes([notes, evil]) },
    {
      name: 'pickle that calls, LZMA',
      path: 'm.7z',
      bytes: sevenZipBytes([notes, evil], { method: 'lzma', packHeader: true }),
    },
    {
      name: 'pickle that calls, deflate',
      path: 'm.7z',
      bytes: sevenZipBytes([evil], { method: 'deflate', pack: (content) => deflateRawSync(content) }),
    },
    { name: 'climbing name', path: 'm.7z', bytes: named('../../.bashrc'), rules: ['ARC-PATH-001'] },
    { name: 'absolute name', path: 'm.7z', bytes: named('/etc/cron.d/x'), rules: ['ARC-PATH-002'] },
    {
      name: 'link out of the archive',
      path: 'm.7z',
      bytes: sevenZipBytes([{ name: 'weights', content: Buffer.from('/root/.ssh'), attributes: link }]),
      rules: ['ARC-PATH-003'],
    },
    { name: 'encrypted', path: 'm.7z', bytes: sevenZipBytes([notes], { method: 'aes' }), rules: ['ARC-OPAQUE-001'] },
    {
      name: 'encrypted names',
      path: 'm.7z',
      bytes: sevenZipBytes([notes], { method: 'aes', packHeader: true }),
      rules: ['ARC-OPAQUE-001'],
    },
    {
      name: 'closed method',
      path: 'm.7z',
      bytes: sevenZipBytes([notes], { method: 'bcj2' }),
      rules: ['ARC-OPAQUE-002'],
    },
    {
      name: 'wrong checksum',
      path: 'm.7z',
      bytes: sevenZipBytes([{ ...notes, crc: 1 }, evil]),
      rules: ['ARC-CRC-001'],
    },
  ],
  benign: [
    { name: 'text', path: 'm.7z', bytes: plain },
    {
      name: 'weights and text, packed header',
      path: 'm.7z',
      bytes: sevenZipBytes([notes, { name: 'model.safetensors', content: plainSafetensors() }], { packHeader: true }),
    },
    {
      name: 'checkpoint, LZMA',
      path: 'm.7z',
      bytes: sevenZipBytes([{ name: 'm.pt', content: torchBytes() }], { method: 'lzma' }),
    },
    { name: 'stored', path: 'm.7z', bytes: sevenZipBytes([notes, { ...notes, name: 'more.txt' }], { method: 'copy' }) },
  ],
  truncated: { name: 'cut', path: 'm.7z', bytes: plain.subarray(0, plain.length - 30) },
  mutations: [
    { name: 'named as weights', path: 'pytorch_model.bin', bytes: sevenZipBytes([evil]) },
    { name: 'named as safetensors', path: 'm.safetensors', bytes: sevenZipBytes([evil]), rules: ['MISMATCH-RUN-001'] },
    {
      name: 'behind weights',
      path: 'm.safetensors',
      bytes: Buffer.concat([plainSafetensors(), sevenZipBytes([evil])]),
      rules: ['POLY-RUN-001'],
    },
    { name: 'one archive behind another', path: 'm.7z', bytes: Buffer.concat([plain, sevenZipBytes([evil])]) },
    { name: 'damaged start', path: 'm.7z', bytes: withByte(sevenZipBytes([evil]), 8), rules: ['ARC-CRC-001'] },
  ],
}

function withByte(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}
