import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { blockOf, Hdf5Broken } from './access.ts'
import { coverGaps } from './cover-gaps.ts'
import { findConfigs } from './find-configs.ts'
import { createGlobalHeap } from './global-heap.ts'
import { type Attribute, readAttribute } from './read-attribute.ts'
import { readDataset } from './read-dataset.ts'
import { coverIndex, readDense } from './read-dense.ts'
import { readLink, readSymbolTable } from './read-group.ts'
import { type HeaderMessage, readMessages } from './read-messages.ts'
import { readSuperblock, type Superblock } from './read-superblock.ts'
import type { Hdf5Header } from './types.ts'
import type { Walker } from './walker.ts'

const maxObjects = 200_000
const maxAttributes = 64

/**
 * Walks every object of an HDF5 file: groups, attributes and the storage of datasets, whose values are not read.
 * Source: HDF5 File Format Specification 3.0; superblocks 0 to 3, object headers 1 and 2.
 */
export function inspectHdf5(context: InspectContext): Inspected {
  const { offset, length, observe } = context
  const header: Hdf5Header = {
    kind: 'hdf5',
    superblockVersion: 0,
    objects: 0,
    datasets: 0,
    attributes: [],
    hasModelConfig: false,
  }
  const end = offset + length
  let superblock: Superblock
  try {
    superblock = readSuperblock(context)
  } catch (error) {
    if (!(error instanceof Hdf5Broken)) throw error
    observe({ code: 'hdf5.malformed', offset: error.offset, detail: error.message })
    return { header, end }
  }
  header.superblockVersion = superblock.version
  const { access } = superblock
  const queue: { path: string; header: number }[] = [{ path: '', header: superblock.rootHeader }]
  if (superblock.extension !== undefined) queue.push({ path: '(superblock)', header: superblock.extension })
  const seen = new Set<number>()
  let path = ''
  const heap = createGlobalHeap(access)
  const walker: Walker = {
    context,
    access,
    superblock,
    object: (name, address) => {
      if (queue.length < maxObjects) queue.push({ path: `${path}/${name}`.slice(0, 500), header: address })
      else walker.unread(address, `more than ${maxObjects} objects`)
    },
    path: () => (path === '' ? '/' : path),
    member: (attribute) => `${path}@${attribute}`,
    note: (code, address, evidence, detail) =>
      observe({
        code,
        offset: access.base + address,
        member: path === '' ? '/' : path,
        evidence: escapeText(evidence),
        detail: escapeText(detail, 280),
      }),
    unread: (address, detail) => walker.note('scan.hdf5-unread', address, '', detail),
    inner: (bytes, address) => blockOf(bytes, address, access.base, access.offsetSize, access.lengthSize),
    heapObject: heap,
  }

  for (let i = 0; i < queue.length; i++) {
    const next = queue[i]
    if (next === undefined || seen.has(next.header)) continue
    seen.add(next.header)
    path = next.path
    guarded(walker, () => readObject(readMessages(access, next.header), walker, header, path === ''))
  }
  header.objects = seen.size

  const stated = superblock.endOfFile
  if (stated > access.size)
    observe({ code: 'hdf5.bounds', offset, detail: `the file says it has ${stated} bytes, it has ${access.size}` })
  const structureEnd = Math.min(stated, access.size)
  findConfigs(walker, coverGaps(access, structureEnd))
  return { header, end: access.base + structureEnd }
}

/** A part that is broken is noted, and the rest is read all the same. */
function guarded(walker: Walker, read: () => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof Hdf5Broken)) throw error
    walker.note('hdf5.malformed', error.offset - walker.access.base, '', error.message)
  }
}

function readObject(messages: readonly HeaderMessage[], walker: Walker, header: Hdf5Header, isRoot: boolean): void {
  const attributes: Attribute[] = []
  for (const { type, flags, body } of messages) {
    guarded(walker, () => {
      if ((flags & 2) !== 0 && type !== 1 && type !== 3) return
      if (type === 6) readLink(body, walker)
      else if (type === 0x11) {
        const tree = body.pointer()
        const heap = body.pointer()
        if (tree !== undefined && heap !== undefined) readSymbolTable(walker, tree, heap)
      } else if (type === 2) {
        body.skip(1)
        const linkFlags = body.uint(1)
        if ((linkFlags & 1) !== 0) body.skip(8)
        const heap = body.pointer()
        const index = body.pointer()
        const order = (linkFlags & 2) === 0 ? undefined : body.pointer()
        if (heap !== undefined) readDense(walker, heap, (block) => readLink(block, walker))
        for (const tree of [index, order]) if (tree !== undefined) coverIndex(walker, tree)
      } else if (type === 0x15) {
        body.skip(1)
        const attributeFlags = body.uint(1)
        if ((attributeFlags & 1) !== 0) body.skip(2)
        const heap = body.pointer()
        const index = body.pointer()
        const order = (attributeFlags & 2) === 0 ? undefined : body.pointer()
        if (heap !== undefined)
          readDense(walker, heap, (block) => {
            attributes.push(readAttribute(block, walker))
          })
        for (const tree of [index, order]) if (tree !== undefined) coverIndex(walker, tree)
      } else if (type === 0xc) attributes.push(readAttribute(body, walker))
    })
  }
  guarded(walker, () => readDataset(messages, walker))
  if (messages.some(({ type }) => type === 8)) header.datasets += 1
  if (attributes.some(({ name }) => name === 'model_config')) header.hasModelConfig = true
  if (!isRoot) return
  for (const { name, text } of attributes) {
    if (header.attributes.length < maxAttributes) header.attributes.push(name.slice(0, 100))
    if (name === 'keras_version' && text !== undefined) header.kerasVersion = text.slice(0, 32)
    if (name === 'backend' && text !== undefined) header.backend = text.slice(0, 32)
  }
}
