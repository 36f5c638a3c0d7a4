import type { Reader } from './reader.ts'

/** Thrown out of inspectors when the time of the file is up; what they noted until then is kept. */
export class OutOfTime extends Error {}

/** The time an inspection may take. It ends itself a little before it would be ended, so that what was seen is not lost. */
export type Deadline = {
  /** The same reader, which throws `OutOfTime` once the time is up. */
  watch: (reader: Reader) => Reader
  /** More time for bytes that were unpacked. */
  unpacked: (bytes: number, msPerMiB: number) => void
  isOver: () => boolean
}

export type DeadlineOptions = {
  /** Milliseconds from now after which the inspection would be ended from outside. */
  deadlineMs: number
  /** Milliseconds, of any beginning. */
  now: () => number
  /** Told the deadline from now on, counted from the same beginning, each time it has moved by a second. */
  onMoved?: (deadlineMs: number) => void
}

/** Two hours: as much as a file may get for what it unpacks to, whatever it unpacks to. */
export const longestExtensionMs = 7_200_000
/** What is left for handing over what was seen: a fifth, two seconds at most. */
const reserve = { part: 0.2, mostMs: 2_000 }
const toldEveryMs = 1_000

/** For callers that end an inspection from outside, or not at all. */
export const noDeadline: Deadline = { watch: (reader) => reader, unpacked: () => undefined, isOver: () => false }

export function createDeadline({ deadlineMs, now, onMoved }: DeadlineOptions): Deadline {
  const began = now()
  const kept = Math.min(deadlineMs * reserve.part, reserve.mostMs)
  let extension = 0
  let told = 0
  let over = false

  function check(): void {
    over ||= now() - began > deadlineMs + extension - kept
    if (over) throw new OutOfTime(`the inspection took longer than ${Math.round(deadlineMs + extension - kept)} ms`)
  }

  return {
    watch: (reader) => ({
      size: reader.size,
      read: (offset, length) => {
        check()
        return reader.read(offset, length)
      },
    }),
    unpacked: (bytes, msPerMiB) => {
      check()
      extension = Math.min(longestExtensionMs, extension + (bytes / 1_048_576) * msPerMiB)
      if (extension - told < toldEveryMs) return
      told = extension
      onMoved?.(deadlineMs + extension)
    },
    isOver: () => over,
  }
}
