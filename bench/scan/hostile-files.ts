import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { zipBytes } from '../../scanner/testing/zip-bytes.ts'

const mebibyte = 2 ** 20
const large = 40 * mebibyte

/** Files that are made to cost memory, by name and what is in them; each writes itself to the path it is given. */
export const hostileFiles: Record<string, (path: string) => void> = {
  'sparse.bin, 20 GB of nothing': (path) => sparse(path, Buffer.alloc(0)),
  'sparse.safetensors, 20 GB behind a header': (path) => {
    const header = Buffer.from(JSON.stringify({ w: { dtype: 'U8', shape: [20e9], data_offsets: [0, 20e9] } }))
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    sparse(path, Buffer.concat([length, header]))
  },
  'bomb.gz, 4 GiB': (path) => writeFileSync(path, repeated(gzipSync(Buffer.alloc(256 * mebibyte), { level: 9 }), 16)),
  'bomb.zst, 4 GiB': (path) => writeFileSync(path, repeated(zstdCompressSync(Buffer.alloc(256 * mebibyte)), 16)),
  'bomb.zip, 1 GiB': (path) => {
    const data = Buffer.alloc(1_024 * mebibyte)
    writeFileSync(path, zipBytes([{ name: 'a', data, method: 8 }]))
  },
  'members.zip, 100,000': (path) => {
    const data = Buffer.alloc(0)
    writeFileSync(path, zipBytes(Array.from({ length: 100_000 }, (_none, i) => ({ name: `member-${i}`, data }))))
  },
  'memo.pkl, 8 million strings': (path) => pickle(path, Buffer.from([0x8c, 1, 0x61, 0x94, 0x30])),
  'stack.pkl, 20 million lists': (path) => pickle(path, Buffer.from([0x5d, 0x28])),
  'names.pkl, 8 million names': (path) => pickle(path, Buffer.from('ca\nb\n0', 'latin1')),
  'lists.json, 13 million': (path) => writeFileSync(path, `[${'[],'.repeat(large / 3)}0]`),
  'open.json, 20 million': (path) => writeFileSync(path, '['.repeat(large / 2)),
  'string.json, 40 MB': (path) => writeFileSync(path, JSON.stringify('a'.repeat(large))),
  'elements.xml, 8 million': (path) => writeFileSync(path, `<?xml version="1.0"?><a>${'<b/>'.repeat(8e6)}</a>`),
  'keys.yaml, 4 million': (path) => writeFileSync(path, 'a: {b: c}\n'.repeat(4e6)),
  'calls.py, 10 million': (path) => writeFileSync(path, 'f(f(1))\n'.repeat(5e6)),
}

function sparse(path: string, start: Buffer): void {
  const file = openSync(path, 'w')
  writeSync(file, start)
  ftruncateSync(file, start.length + 20e9)
  closeSync(file)
}

const repeated = (bytes: Buffer, count: number) => Buffer.concat(Array.from({ length: count }, () => bytes))

function pickle(path: string, opcodes: Buffer): void {
  const bytes = Buffer.alloc(large, opcodes)
  bytes.set([0x80, 4])
  writeFileSync(path, Buffer.concat([bytes.subarray(0, 2), Buffer.alloc(large, opcodes), Buffer.from([0x2e])]))
}
