import type { InspectContext, Inspected } from '../define-format.ts'
import { partOf } from '../nested/part-of.ts'
import type { FormatHeader } from '../types.ts'
import { createFollower, type Follower } from './follow.ts'
import { foundBy, headerOf, nextStream, noteBreak, type PickleHeader } from './inspect.ts'
import { isPickle } from './is-pickle.ts'
import { storageItemBytes } from './storages.ts'

/** The number 0x1950a86a20f9469cfc6c, little-endian, that begins the file as a pickle of its own. */
const magic = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
const magicLine = '119547037146038801333356'

/** Where the pickle of the magic number ends; undefined when the bytes do not begin with it, in whatever protocol. */
export function legacyTorchStart(head: Uint8Array): number | undefined {
  let at = 0
  if (head[0] === 0x80 && (head[1] ?? 0xff) <= 5) at = 2
  if (head[at] === 0x95) at += 9
  if (head[at] === 0x8a && head[at + 1] === magic.length) {
    if (!magic.every((byte, i) => head[at + 2 + i] === byte)) return undefined
    at += 2 + magic.length
  } else if (head[at] === 0x4c) {
    const line = String.fromCharCode(...head.subarray(at + 1, at + 1 + magicLine.length + 2))
    if (!line.startsWith(magicLine)) return undefined
    at += 1 + line.indexOf('\n', magicLine.length) + 1
    if (line.indexOf('\n', magicLine.length) < 0) return undefined
  } else return undefined
  return head[at] === 0x2e ? at + 1 : undefined
}

type LegacyTorchHeader = Omit<PickleHeader, 'kind'> & FormatHeader & { kind: 'torch-legacy'; storageBytes: number }

/**
 * Five pickles (magic number, protocol, system, the object, the keys of its storages), then each storage as a count of elements and its
 * bytes. A storage is accounted for when the object names its key, type and count, and the file agrees.
 */
export function inspectLegacyTorch(context: InspectContext): Inspected {
  const { offset, length, observe } = context
  const reader = partOf(context.reader, offset, length)
  const follower = createFollower({ ...context, reader })
  let at = 0
  let streams = 0
  let keys: string[] | undefined
  let storageBytes = 0
  try {
    for (const name of ['magic', 'protocol', 'system', 'object', 'keys']) {
      if (streams > 0 && !isPickle(reader.read(at, 65_536)) && !looksShort(reader.read(at, 16))) break
      if (name === 'keys') follower.texts = []
      const ended = follower.follow(at)
      streams++
      at = ended.end
      if (ended.how === 'broken') {
        noteBreak(ended, follower)
        break
      }
      if (name === 'keys') keys = follower.texts
    }
    follower.texts = undefined
    if (keys === undefined)
      observe({ code: 'torch-legacy.streams', offset: offset + at, detail: `${streams} of 5 pickles` })
    else {
      const done = readStorages(context, follower, keys, at)
      at = done.end
      storageBytes = done.bytes
    }
    // A pickle right behind is a format of its own to the caller; one behind a gap would be missed.
    const hidden = at < reader.size && !isPickle(reader.read(at, 65_536)) ? nextStream(at, follower) : undefined
    if (hidden !== undefined) {
      follower.uses.note('pickle.gap', at, () => `${hidden - at} bytes`)
      noteBreak(follower.follow(hidden), follower)
    }
  } finally {
    for (const seen of follower.uses.observations()) observe(seen)
  }
  const header: LegacyTorchHeader = { ...headerOf(follower, streams), kind: 'torch-legacy', storageBytes }
  return { header, found: foundBy(follower, at), end: offset + at }
}

/** A pickle of one number, which is too little for `isPickle` to be sure of without a protocol. */
function looksShort(head: Uint8Array): boolean {
  return head[0] === 0x80 || head[0] === 0x4d || head[0] === 0x4b || head[0] === 0x49
}

function readStorages(
  { cover, observe, offset, reader }: InspectContext,
  { storages }: Follower,
  keys: readonly string[],
  start: number,
): { end: number; bytes: number } {
  let at = start
  let bytes = 0
  const seen = new Set<string>()
  for (const key of keys) {
    const storage = storages.get(key)
    const item = storage === undefined ? undefined : storageItemBytes(storage.dtype)
    const head = reader.read(offset + at, 8)
    const left = reader.size - offset - at - 8
    const count =
      head.length < 8 ? Number.NaN : Number(new DataView(head.buffer, head.byteOffset, 8).getBigInt64(0, true))
    const size = item === undefined ? Number.NaN : count * item
    const agreed = storage !== undefined && (storage.elements === null || storage.elements === count) && !seen.has(key)
    seen.add(key)
    if (!agreed || !(size >= 0 && size <= left)) {
      observe({
        code: 'torch-legacy.storage',
        offset: offset + at,
        member: key,
        detail: `${count} elements of ${storage?.dtype ?? 'an unnamed storage'}, ${Math.max(0, left)} bytes left`,
      })
      break
    }
    cover(offset + at, 8, 'parsed')
    cover(offset + at + 8, size, 'tensor')
    at += 8 + size
    bytes += size
  }
  return { end: at, bytes }
}
