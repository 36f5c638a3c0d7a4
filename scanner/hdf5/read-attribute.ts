import { Buffer } from 'node:buffer'
import { escapeText } from '../evidence.ts'
import { analyzeKerasConfig } from '../keras/analyze-config.ts'
import { partOf } from '../nested/part-of.ts'
import { isPlainText } from '../protobuf/plain-text.ts'
import { readerOf } from '../reader.ts'
import { looksLikeCode } from '../text/looks-like-code.ts'
import { findSecrets } from '../text/secrets.ts'
import { type Block, Hdf5Broken, textOf } from './access.ts'
import { type Datatype, readDataspace, readDatatype } from './read-types.ts'
import type { Walker } from './walker.ts'

const maxValues = 100_000
const maxCode = 64 * 1024

/** What is told about an attribute. */
export type Attribute = { name: string; text?: string }

/** Reads an attribute message and looks into its value. Source: specification, section IV.A.2.m. Throws `Hdf5Broken`. */
export function readAttribute(block: Block, walker: Walker): Attribute {
  const version = block.uint(1)
  const flags = block.uint(1)
  if (version < 1 || version > 3)
    throw new Hdf5Broken(walker.access.base + block.address, `attribute of version ${version}`)
  const nameSize = block.uint(2)
  const typeSize = block.uint(2)
  const spaceSize = block.uint(2)
  if (version === 3) block.skip(1)
  const pad = (size: number): number => (version === 1 ? Math.ceil(size / 8) * 8 : size)
  const name = textOf(block.bytes(pad(nameSize)))
  const inner = (size: number): Block =>
    walker.inner(block.bytes(pad(size)), block.address + block.position() - pad(size))
  const typeBlock = inner(typeSize)
  const spaceBlock = inner(spaceSize)
  // A type or shape that is kept elsewhere in the file, for several to share.
  if (version > 1 && (flags & 3) !== 0) {
    walker.unread(block.address, `attribute "${name}" of a shared type`)
    lookAnyway(name, block, walker)
    return { name }
  }
  const type = readDatatype(typeBlock)
  const { elements } = readDataspace(spaceBlock)
  return readValues(name, type, elements, block, walker)
}

/** Without its type a value is text in place or a reference to text, which is all that loaders of models take from attributes. */
function lookAnyway(name: string, block: Block, walker: Walker): void {
  const at = block.address + block.position()
  const bytes = block.bytes(block.remaining())
  if (bytes[0] === 0x7b) lookInto(name, bytes, at, walker)
  const reference = walker.inner(bytes, at)
  if (reference.remaining() < 8 + walker.access.offsetSize) return
  const length = reference.uint(4)
  const collection = reference.pointer()
  const found = collection === undefined ? undefined : walker.heapObject(collection, reference.uint(4))
  if (found !== undefined) lookIntoLong(name, found.address, Math.min(length, found.length), walker)
}

function readValues(name: string, type: Datatype, elements: number, block: Block, walker: Walker): Attribute {
  if (type.kind === 'text' || type.kind === 'opaque') {
    const at = block.address + block.position()
    const bytes = block.bytes(Math.min(block.remaining(), elements * type.size))
    if (elements === 1) return { name, text: lookInto(name, bytes, at, walker) }
    for (let i = 0; i < Math.min(elements, maxValues); i++)
      lookInto(name, bytes.subarray(i * type.size, (i + 1) * type.size), at + i * type.size, walker)
    return { name }
  }
  if (type.kind === 'vlen-text' || type.kind === 'vlen') {
    let text: string | undefined
    for (let i = 0; i < Math.min(elements, maxValues); i++) {
      const length = block.uint(4)
      const collection = block.pointer()
      const index = block.uint(4)
      if (collection === undefined || collection === 0 || length === 0) continue
      const found = walker.heapObject(collection, index)
      if (found === undefined) continue
      if (type.kind === 'vlen') walker.access.cover(found.address, Math.min(found.length, 64 * 1024), 'parsed')
      else text = lookIntoLong(name, found.address, Math.min(length, found.length), walker)
    }
    return elements === 1 && text !== undefined ? { name, text } : { name }
  }
  return { name }
}

/** Looks into text of any length that lies in the file in one piece. */
function lookIntoLong(name: string, address: number, length: number, walker: Walker): string | undefined {
  const { access, context } = walker
  const offset = access.base + address
  if (length <= maxCode) {
    const bytes = access.peek(address, length).slice()
    const text = lookInto(name, bytes, address, walker)
    access.cover(address, length, 'parsed')
    return text
  }
  const { reader } = context
  const plain = isPlainText(reader, offset, length)
  if (reader.read(offset, 1)[0] === 0x7b)
    analyzeKerasConfig({ reader, offset, length, member: walker.member(name), certain: true }, context.observe)
  if (plain) access.cover(address, length, 'parsed')
  else walker.unread(address, `${length} bytes in attribute "${name}"`)
  return undefined
}

/** Looks into a short value: a configuration, a pickle, code, a credential. Returns its text. */
function lookInto(name: string, bytes: Uint8Array, address: number, walker: Walker): string {
  const { context, access } = walker
  const offset = access.base + address
  const text = textOf(bytes)
  if (looksPickled(bytes)) {
    const { complete, format } = context.nested({
      name: walker.member(name),
      reader: partOf(context.reader, offset, bytes.length),
      offset,
    })
    if (format === 'pickle')
      walker.note(
        'hdf5.pickle',
        address,
        text.slice(0, 60),
        `attribute "${name}"${complete ? '' : ', not read to its end'}`,
      )
    return text
  }
  if (/^\s{0,16}[{[]/.test(text)) {
    const json = Buffer.from(text)
    const member = walker.member(name)
    analyzeKerasConfig(
      { reader: readerOf(json), offset: 0, length: json.length, member, certain: /config/.test(name), placed: false },
      (seen) => {
        // An attribute that is not JSON is text; only what Keras reads must be.
        if (seen.code !== 'keras.malformed' || /^(model|training)_config$/.test(name))
          context.observe({ ...seen, ...(seen.offset === undefined ? { offset } : {}) })
      },
    )
  } else {
    const code = looksLikeCode(text)
    if (code !== undefined)
      walker.note('hdf5.code-text', address, code, `${escapeText(code, 60)} in attribute "${name}"`)
  }
  findSecrets(text, offset, context.observe)
  return text
}

/** Attributes that readers of tables and others unpickle: a protocol mark, or a text opcode stream. */
function looksPickled(bytes: Uint8Array): boolean {
  const [first = 0, second = 0] = bytes
  if (first === 0x80 && second >= 2 && second <= 5) return true
  const start = String.fromCharCode(...bytes.subarray(0, 64))
  return /^(\(?[ci][A-Za-z_][\w.]{0,60}\n|\((lp|dp|tp)\d|\(dp|\(lp|ccopy_reg\n)/.test(start)
}
