import type { InspectContext, Inspected } from '../define-format.ts'
import { partOf } from '../nested/part-of.ts'
import type { FormatHeader, Json } from '../types.ts'
import { createFollower, type Follower } from './follow.ts'
import { findPickle, isPickle } from './is-pickle.ts'
import type { PickleFound } from './storages.ts'

export type PickleHeader = FormatHeader & {
  kind: 'pickle'
  /** The highest that a stream names. */
  protocol: number
  streams: number
  opcodes: number
  /** What the streams import, and what they do with it; the first 300. */
  imports: Json[]
  /** Tensor storages referred to. */
  storages: number
  /** Arrays within the streams, as joblib writes them. */
  arrays: number
}

const maxStreams = 100_000
const maxResyncs = 64
const resyncBytes = 65_536
const maxPadding = 16 * 1024 * 1024

/**
 * Reads every stream of a part: a loader may be called for each, and code may stand in any. What a broken stream did before it broke
 * counts, and behind it the next stream is looked for.
 */
export function inspectPickle(context: InspectContext): Inspected {
  const { offset, length, observe } = context
  const reader = partOf(context.reader, offset, length)
  const follower = createFollower({ ...context, reader })
  const { machine, uses } = follower
  let streams = 0
  let resyncs = 0
  let end = 0
  try {
    for (let start: number | undefined = 0; start !== undefined; ) {
      if (streams >= maxStreams) {
        uses.note('scan.limit', start, () => `more than ${maxStreams} streams`)
        break
      }
      const ended = follower.follow(start)
      streams++
      end = Math.max(end, ended.end)
      noteBreak(ended, follower)
      const at: number = ended.how === 'stopped' ? ended.end : Math.max(ended.end, start + 1)
      start = undefined
      if (at >= reader.size) break
      if (ended.how === 'stopped' && isPickle(reader.read(at, resyncBytes))) start = at
      else if (resyncs++ < maxResyncs) start = nextStream(at, follower)
      if (start !== undefined && start > at) {
        const gap = start - at
        uses.note('pickle.gap', at, () => `${gap} bytes`)
      }
    }
    if (machine.heap.full) uses.note('scan.limit', 0, () => 'more values than the scanner keeps track of')
  } finally {
    // Also when the time is up: what a stream did by then stands.
    for (const seen of uses.observations()) observe(seen)
  }
  return { header: headerOf(follower, streams), found: foundBy(follower, end), end: offset + end }
}

/** Notes why a stream broke. */
export function noteBreak(ended: ReturnType<Follower['follow']>, { uses }: Follower): void {
  const { reason } = ended
  if (reason === undefined) return
  uses.note(reason.code, ended.end, () => reason.detail)
  if (uses.any()) uses.note('pickle.broken-after-use', ended.end, () => reason.detail)
}

/** The next stream near `from`: behind zeros, or within the next 64 KiB, or in the last 64 KiB. */
export function nextStream(from: number, { machine }: Follower): number | undefined {
  const { input } = machine
  let at = from
  // Padding of any length that a download or a device leaves.
  for (let window = input.peek(at, resyncBytes); window.length > 0; window = input.peek(at, resyncBytes)) {
    if (at - from > maxPadding) return undefined
    const content = window.findIndex((byte) => byte !== 0)
    if (content < 0) {
      at += window.length
      continue
    }
    at += content
    break
  }
  if (at >= input.size) return undefined
  const window = input.peek(at, resyncBytes)
  const found = isPickle(window) ? 0 : findPickle(window, 0)
  if (found >= 0) return at + found
  const tail = Math.max(at + window.length, input.size - resyncBytes)
  const last = findPickle(input.peek(tail, resyncBytes), 0)
  return last < 0 ? undefined : tail + last
}

export function headerOf({ machine, uses, storages, arrays }: Follower, streams: number): PickleHeader {
  const { protocol, opcodes } = machine
  return { kind: 'pickle', protocol, streams, opcodes, imports: uses.imports(), storages: storages.size, arrays }
}

export function foundBy({ storages }: Follower, end: number): PickleFound {
  return { kind: 'pickle', storages: [...storages.values()], end }
}
