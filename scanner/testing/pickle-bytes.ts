import { Buffer } from 'node:buffer'

/** Pieces of pickles, for tests. Each function gives the bytes of one or few opcodes; `pickle` joins them. Nothing here is ever loaded. */
export type Piece = Buffer | string

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

export function join(...pieces: Piece[]): Buffer {
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? latin1(piece) : piece)))
}

/** A stream of a protocol: PROTO from 2 on, the pieces, STOP. */
export function pickle(protocol: number, ...pieces: Piece[]): Buffer {
  return join(protocol >= 2 ? Buffer.from([0x80, protocol]) : '', ...pieces, '.')
}

export const mark = '('
export const none = 'N'
export const pop = '0'
export const memoize = '\x94'
export const reduce = 'R'
export const build = 'b'
export const newobj = '\x81'
export const newobjEx = '\x92'
export const obj = 'o'
export const emptyTuple = ')'
export const emptyDict = '}'
export const emptyList = ']'
export const emptySet = '\x8f'
export const tuple = 't'
export const tuple1 = '\x85'
export const tuple2 = '\x86'
export const stackGlobal = '\x93'
export const setItem = 's'
export const setItems = 'u'
export const append = 'a'
export const appends = 'e'
export const addItems = '\x90'
export const binPersid = 'Q'

export const global = (module: string, name: string): Buffer => latin1(`c${module}\n${name}\n`)
export const inst = (module: string, name: string): Buffer => latin1(`i${module}\n${name}\n`)
export const byName = (module: string, name: string): Buffer => join(text(module), text(name), stackGlobal)
export const put = (index: number): Buffer => Buffer.from([0x71, index])
export const get = (index: number): Buffer => Buffer.from([0x68, index])
export const int = (value: number): Buffer => {
  const bytes = Buffer.alloc(5, 'J')
  bytes.writeInt32LE(value, 1)
  return bytes
}

/** A text by BINUNICODE. */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return join('X', u32(bytes.length), bytes)
}

/** A byte string by BINBYTES. */
export function bytes(value: Buffer): Buffer {
  return join('B', u32(value.length), value)
}

export function frame(...pieces: Piece[]): Buffer {
  const body = join(...pieces)
  return join('\x95', u64(body.length), body)
}

export function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32LE(value)
  return buffer
}

export function u64(value: number | bigint): Buffer {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(value))
  return buffer
}

/** A NumPy array of doubles as `numpy.core.multiarray._reconstruct` writes it. */
export function numpyArray(values: readonly number[]): Buffer {
  const data = Buffer.alloc(values.length * 8)
  values.forEach((value, i) => data.writeDoubleLE(value, i * 8))
  return join(
    global('numpy.core.multiarray', '_reconstruct'),
    join(global('numpy', 'ndarray'), int(0), tuple1, bytes(latin1('b')), '\x87', reduce),
    join(mark, int(1), int(values.length), tuple1, dtype('f8'), '\x89', bytes(data), tuple, build),
  )
}

export function dtype(type: string): Buffer {
  const state = join(mark, int(3), text('<'), none, none, none, int(-1), int(-1), int(0), tuple)
  return join(global('numpy', 'dtype'), text(type), '\x89\x88\x87', reduce, state, build)
}

/** joblib's wrapper of an array whose bytes follow: the dtype and what stands behind the BUILD. */
export function joblibArray(type: string, count: number, behind: Buffer, aligned: boolean = false): Buffer {
  const field = (key: string, value: Piece): Buffer => join(text(key), value)
  return join(
    join(global('joblib.numpy_pickle', 'NumpyArrayWrapper'), emptyTuple, newobj, emptyDict, mark),
    field('subclass', global('numpy', 'ndarray')),
    field('shape', join(int(count), tuple1)),
    field('order', text('C')),
    field('dtype', dtype(type)),
    field('allow_mmap', '\x88'),
    aligned ? field('numpy_array_alignment_bytes', int(16)) : '',
    join(setItems, build, behind),
  )
}

/** A tensor of a storage as torch.save refers to it, by protocol 2. */
export function torchTensor(key: string, count: number, storage: string = 'FloatStorage'): Buffer {
  const id = join(mark, text('storage'), global('torch', storage), text(key), text('cpu'), int(count), tuple, binPersid)
  return join(
    global('torch._utils', '_rebuild_tensor_v2'),
    join(mark, id, int(0), int(count), tuple1, int(1), tuple1, '\x89'),
    join(global('collections', 'OrderedDict'), emptyTuple, reduce, tuple, reduce),
  )
}

/** The magic number, protocol and system of a torch file of the old kind. */
export const legacyTorchHead: Buffer = join(
  join('\x80\x02\x8a\x0a', Buffer.from('6cfc9c46f9206aa85019', 'hex'), '.'),
  pickle(2, 'M\xe9\x03'),
  pickle(2, emptyDict, text('little_endian'), '\x88', setItem),
)

/** A torch file of the old kind with one tensor for each count of floats. */
export function legacyTorch(counts: readonly number[], behind: Piece = ''): Buffer {
  const keys = counts.map((_count, i) => String(1000 + i))
  const object = counts.map((count, i) => join(text(`w${i}`), torchTensor(keys[i] ?? '', count)))
  return join(
    legacyTorchHead,
    pickle(2, emptyDict, mark, ...object, setItems),
    pickle(2, emptyList, mark, ...keys.map(text), appends),
    ...counts.map((count) => join(u64(count), Buffer.alloc(count * 4, 1))),
    behind,
  )
}

/** An npy file of version 1. */
export function npy(header: string, data: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16LE(header.length + 1)
  return join('\x93NUMPY\x01\x00', length, header, '\n', data)
}
