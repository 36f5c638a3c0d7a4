export type LineWriter = {
  /** Writes text that ends with a newline. Never throws; what cannot be written is dropped and counted. */
  write: (text: string) => void
  /** Lines dropped so far. */
  dropped: () => number
}

/** How often a reader that does not keep up is given time, and for how long each (ms): one second in all. */
const tries = 20
const pauseMs = 50

/**
 * Writes lines to a place that may fail for a while: a full disk under a redirected log, a closed pipe, a terminal that is gone. None of
 * these may end the program. Once it can be written again, one line says how many are missing.
 * @param writeSome writes the bytes, or their beginning, and gives how many; throws what the system says
 */
export function createLineWriter(
  writeSome: (bytes: Uint8Array) => number,
  missing: (lines: number) => string = (lines) => `${lines} lines before this one could not be written\n`,
): LineWriter {
  let lost = 0
  let untold = 0
  /** A line was cut: the next one begins with a newline. */
  let torn = false

  const writeAll = (text: string): boolean => {
    let rest: Uint8Array = new TextEncoder().encode(torn ? `\n${text}` : text)
    for (let left = tries; rest.length > 0; ) {
      try {
        const done = writeSome(rest)
        if (done > 0) torn = done < rest.length
        rest = rest.subarray(done)
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'EAGAIN' || left-- === 0) return false
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
      }
    }
    torn = false
    return true
  }
  return {
    write: (text) => {
      if (untold > 0 && writeAll(missing(untold))) untold = 0
      if (untold === 0 && writeAll(text)) return
      untold += 1
      lost += 1
    },
    dropped: () => lost,
  }
}
