import { BrokenStream, type UnpackStream } from './types.ts'

/** Output of a decoder, with the history that matches may copy from. The fields are open because decoders live in them. */
export type Window = {
  bytes: Uint8Array
  /** Where the next byte goes. */
  at: number
  /** The first byte that was not handed out. */
  given: number
  /** Makes room for `length` more bytes, keeping the history and what was not handed out; may move both. */
  room: (length: number) => void
  /** Copies a match; throws where it begins before the history. There must be room. */
  copy: (distance: number, length: number) => void
}

/** Memory is taken in steps, so that a small stream with a large dictionary stays small. */
const firstBytes = 16 * 1024
/** Beyond this the memory for both the old and the new array is worse than zeros that nobody touches. */
const wholeFrom = 4 * 1024 * 1024
/** Room besides the history: moving 64 MiB once for each 8 MiB of output costs nothing beside making them. */
const maxSlack = 8 * 1024 * 1024

/** @param reach bytes of history that matches may use: the dictionary */
export function createWindow(reach: number): Window {
  const enough = reach + Math.min(Math.max(reach, 256 * 1024), maxSlack)
  const window: Window = {
    bytes: new Uint8Array(0),
    at: 0,
    given: 0,
    room: (length) => {
      const { bytes, at } = window
      if (at + length <= bytes.length) return
      const from = Math.max(0, Math.min(window.given, at - reach))
      if (at + length > enough && at - from + length <= bytes.length) {
        bytes.copyWithin(0, from, at)
        window.at -= from
        window.given -= from
        return
      }
      const start = at + length > enough ? from : 0
      const wanted = at - start + length
      const grown = bytes.length >= wholeFrom ? enough : Math.min(bytes.length * 2, enough)
      const larger = new Uint8Array(Math.max(firstBytes, wanted, grown))
      larger.set(bytes.subarray(start, at))
      window.bytes = larger
      window.at -= start
      window.given -= start
    },
    copy: (distance, length) => {
      const { bytes, at } = window
      if (distance > at || distance > reach || distance < 1)
        throw new BrokenStream('archive.broken', 'a match begins before the data')
      const end = at + length
      if (distance >= length && length > 32) bytes.copyWithin(at, at - distance, end - distance)
      else if (distance === 1) bytes.fill(bytes[at - 1] as number, at, end)
      else for (let to = at, from = at - distance; to < end; ) bytes[to++] = bytes[from++] as number
      window.at = end
    },
  }
  return window
}

/**
 * A stream over a decoder.
 * @param produce makes room, adds to the window and returns false when there is no more; what it added before it threw is handed out first
 */
export function streamFrom(window: Window, produce: () => boolean, consumed: () => number): UnpackStream {
  let failure: { error: unknown } | undefined
  let ended = false
  return {
    consumed,
    read: (max) => {
      while (window.given >= window.at && !ended && failure === undefined) {
        try {
          ended = !produce()
        } catch (error) {
          failure = { error }
        }
      }
      if (window.given >= window.at && failure !== undefined) throw failure.error
      const part = window.bytes.subarray(window.given, Math.min(window.at, window.given + max))
      window.given += part.length
      return part
    },
  }
}

/** Sizes of the pieces a decoder works in: small at first, so that small streams cost little. */
export function growingChunk(most: number = 256 * 1024): () => number {
  let next = 4 * 1024
  return () => {
    next = Math.min(most, next * 2)
    return next
  }
}
