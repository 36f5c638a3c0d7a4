/** The only source of time in product code, so that tests can move it. */
export type Clock = {
  /** Milliseconds since 1970-01-01 UTC. */
  now: () => number
  /** The same instant as a Date. */
  date: () => Date
}

export const systemClock: Clock = { now: () => Date.now(), date: () => new Date() }

/**
 * For spans: reads like the system clock at the start of the process and then runs steadily, whatever the system clock is set to.
 * Stands still while the machine sleeps.
 */
export const steadyClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  date: () => new Date(performance.timeOrigin + performance.now()),
}

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
