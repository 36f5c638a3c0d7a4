/** How many streams fetch a file at once. */
export type Width = {
  now: () => number
  /** Looks at the figures so far, several times a second. */
  look: (figures: { atMs: number; bytes: number; remaining: number; capacity: number | null }) => void
  /** A host asked for patience, or refuses one more connection. */
  lower: () => void
}

const firstLookMs = 200
const trialMs = 3_000
/** What others must bring to stay. */
const gain = 1.2
/** After a trial that brought nothing; each further one waits twice as long. */
const firstPauseMs = 60_000
const mebibyte = 2 ** 20

/**
 * Begins with one stream. When that one brings clearly less than the disk and the hash could take, others join, at most `most`; as long
 * as that pays, twice as many are tried, since on a busy machine the first figures say too little. When they bring hardly more, the limit
 * is not the connection: it goes on with as many as before, and tries again a minute later.
 */
export function createWidth(most: number): Width {
  let width = 1
  let began: { atMs: number; bytes: number } | null = null
  /** What came before others joined (bytes per second), how many streams that were, since when, and the bytes of then. */
  let trial: { before: number; from: number; atMs: number; bytes: number } | null = null
  let pauseMs = firstPauseMs
  let pausedUntil = 0
  let closed = most <= 1
  const widen = (to: number, before: number, now: { atMs: number; bytes: number }) => {
    trial = { before, from: width, ...now }
    width = Math.min(most, to)
  }
  return {
    now: () => width,
    lower: () => {
      width = Math.max(1, Math.floor(width / 2))
      closed = true
    },
    look: ({ atMs, bytes, remaining, capacity }) => {
      if (closed || capacity === null || bytes === 0 || atMs < pausedUntil) return
      began ??= { atMs, bytes }
      if (trial === null) {
        if (width === most) return
        const [elapsed, got] = [atMs - began.atMs, bytes - began.bytes]
        if (elapsed < firstLookMs || (got < mebibyte && elapsed < 4 * firstLookMs)) return
        const rate = (got * 1_000) / elapsed
        if (got > 0 && remaining / rate < 1) return
        if (width > 1) return widen(2 * width, rate, { atMs, bytes })
        if (capacity < 1.5 * rate) {
          // A source that becomes slower later is looked at again.
          began = { atMs, bytes }
          return
        }
        return widen(Math.max(2, Math.ceil(capacity / Math.max(1, rate))), rate, { atMs, bytes })
      }
      const elapsed = atMs - trial.atMs
      if (elapsed < trialMs) return
      const rate = ((bytes - trial.bytes) * 1_000) / elapsed
      if (rate >= gain * trial.before) {
        trial = null
        if (width < most) widen(2 * width, rate, { atMs, bytes })
        return
      }
      width = trial.from
      trial = began = null
      pausedUntil = atMs + pauseMs
      pauseMs *= 2
    },
  }
}
