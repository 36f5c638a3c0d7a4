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
const mebibyte = 2 ** 20

/**
 * Begins with one stream. When that one brings clearly less than the disk and the hash could take, others join, at most `most`; when
 * together they bring hardly more than one alone, the limit is not the connection and one goes on alone.
 */
export function createWidth(most: number): Width {
  let width = 1
  let began: { atMs: number; bytes: number } | null = null
  /** What one stream brought (bytes per second), since when others are there, and the bytes of then. */
  let trial: { alone: number; atMs: number; bytes: number } | null = null
  let decided = most <= 1
  return {
    now: () => width,
    lower: () => {
      width = Math.max(1, Math.floor(width / 2))
      decided = true
    },
    look: ({ atMs, bytes, remaining, capacity }) => {
      if (decided || capacity === null || bytes === 0) return
      began ??= { atMs, bytes }
      if (trial === null) {
        const [elapsed, got] = [atMs - began.atMs, bytes - began.bytes]
        if (elapsed < firstLookMs || (got < mebibyte && elapsed < 4 * firstLookMs)) return
        const alone = (got * 1_000) / elapsed
        if (got > 0 && remaining / alone < 1) return
        if (capacity < 1.5 * alone) {
          // A source that becomes slower later is looked at again.
          began = { atMs, bytes }
          return
        }
        width = Math.min(most, Math.max(2, Math.ceil(capacity / Math.max(1, alone))))
        trial = { alone, atMs, bytes }
        return
      }
      const elapsed = atMs - trial.atMs
      if (elapsed < trialMs) return
      decided = true
      if (((bytes - trial.bytes) * 1_000) / elapsed < 1.2 * trial.alone) width = 1
    },
  }
}
