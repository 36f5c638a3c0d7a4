import { Buffer } from 'node:buffer'
import { extraField, type ZipEntry, zipBytes } from './zip-bytes.ts'

/** A short text of a pickle of protocol 2. */
const text = (value: string): Buffer => {
  const bytes = Buffer.from(value)
  const head = Buffer.from('X\0\0\0\0', 'latin1')
  head.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}
const ascii = (value: string): Buffer => Buffer.from(value, 'latin1')
const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(5)
  bytes.write('J', 0, 'latin1')
  bytes.writeInt32LE(value, 1)
  return bytes
}

export type TorchTensor = { name: string; key: string; elements: number; storage?: string }

/** The `data.pkl` of a state dict of flat tensors, as torch writes it. */
export function stateDictPickle(tensors: readonly TorchTensor[], end: Buffer = ascii('.')): Buffer {
  const items = tensors.flatMap(({ name, key, elements, storage = 'FloatStorage' }) => [
    text(name),
    ascii('ctorch._utils\n_rebuild_tensor_v2\n(('),
    text('storage'),
    ascii(`ctorch\n${storage}\n`),
    text(key),
    text('cpu'),
    number(elements),
    ascii('tQ'),
    number(0),
    number(elements),
    ascii('\x85'),
    number(1),
    ascii('\x85\x89ccollections\nOrderedDict\n)RtR'),
  ])
  return Buffer.concat([ascii('\x80\x02ccollections\nOrderedDict\n)R('), ...items, ascii('u'), end])
}

/** Calls `os.system` before the stream ends. */
export const callAndStop: Buffer = ascii('0cos\nsystem\n(X\x02\0\0\0idtR.')

/** A member as torch writes it: aligned by a padded field, with its sizes behind it. */
export function torchMember(name: string, data: Buffer | string, more: Partial<ZipEntry> = {}): ZipEntry {
  return { name: `archive/${name}`, data, descriptor: true, extra: extraField(0x4246, Buffer.alloc(24, 'Z')), ...more }
}

export const weights = (elements: number): Buffer =>
  Buffer.from(Float32Array.from({ length: elements }, (_none, i) => Math.sin(i + 1)).buffer)

const tensors = [
  { name: 'linear.weight', key: '0', elements: 64 },
  { name: 'linear.bias', key: '1', elements: 8 },
]

/** The members of an ordinary checkpoint of two tensors. */
export function torchMembers(pickle: Buffer = stateDictPickle(tensors)): ZipEntry[] {
  return [
    torchMember('data.pkl', pickle),
    torchMember('byteorder', 'little'),
    torchMember('data/0', weights(64)),
    torchMember('data/1', weights(8)),
    torchMember('version', '3\n'),
    torchMember('.data/serialization_id', '0123456789012345678901234567890123456789'),
  ]
}

/** An ordinary checkpoint. */
export function torchBytes(): Buffer {
  return zipBytes(torchMembers(), { zip64: true })
}

/** The pickle of an ordinary checkpoint that also calls `os.system`. */
export function evilPickle(): Buffer {
  return stateDictPickle(tensors, callAndStop)
}
