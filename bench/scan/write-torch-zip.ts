import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { mixedBytes } from './mixed-bytes.ts'
import { stateDictPickle } from './state-dict-pickle.ts'

const storages = 32

/** A torch checkpoint as `torch.save` writes it: a ZIP with stored members, their data on multiples of 64. @param size bytes of its storages */
export function writeTorchZip(path: string, size: number): void {
  const each = size / storages
  const keys = Array.from({ length: storages }, (_none, i) => String(i))
  const file = openSync(path, 'w')
  const directory: Buffer[] = []
  let position = 0
  const put = (bytes: Uint8Array): void => {
    writeSync(file, bytes)
    position += bytes.length
  }
  const member = (name: string, length: number, crc: number, content: () => Iterable<Uint8Array>): void => {
    const named = Buffer.from(`archive/${name}`)
    const begin = position
    const padding = (64 - ((begin + 30 + named.length + 4) % 64)) % 64
    const extra = Buffer.alloc(4 + padding, 'Z')
    extra.write('FB', 0, 'latin1')
    extra.writeUInt16LE(padding, 2)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(0, 0)
    shared.writeUInt32LE(crc, 10)
    shared.writeUInt32LE(length, 14)
    shared.writeUInt32LE(length, 18)
    shared.writeUInt16LE(named.length, 22)
    put(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared.subarray(0, 24), u16(extra.length), named, extra]))
    for (const chunk of content()) put(chunk)
    const tail = Buffer.alloc(12)
    tail.writeUInt32LE(begin, 8)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), u16(0), shared.subarray(0, 24), u16(0), u16(0), tail, named]),
    )
  }
  const small = (name: string, bytes: Buffer): void => member(name, bytes.length, crc32(bytes), () => [bytes])
  small('data.pkl', stateDictPickle(keys, each / 4))
  small('byteorder', Buffer.from('little'))
  let crc = 0
  for (const chunk of mixedBytes(each)) crc = crc32(chunk, crc)
  for (const key of keys) member(`data/${key}`, each, crc, () => mixedBytes(each))
  small('version', Buffer.from('3\n'))
  const start = position
  for (const entry of directory) put(entry)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(position - start, 12)
  end.writeUInt32LE(start, 16)
  put(end)
  fsyncSync(file)
  closeSync(file)
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}
