/** The only source of time in product code, so that tests can move it. */
export type Clock = {
  /** Milliseconds since 1970-01-01 UTC. */
  now: () => number
  /** The same instant as a Date. */
  date: () => Date
}

export const systemClock: Clock = { now: () => Date.now(), date: () => new Date() }

/** A clock for tests: stands still until moved. */
export function fixedClock(startMs: number): Clock & { advance: (ms: number) => void } {
  let current = startMs
  return {
    now: () => current,
    date: () => new Date(current),
    advance: (ms) => {
      current += ms
    },
  }
}
