/** Bytes so far, and per second over the last few seconds. */
export type Meter = { add: (bytes: number) => void; total: () => number; rate: () => number | null }

const spanMs = 5_000

export function createMeter(): Meter {
  let total = 0
  const marks: { at: number; total: number }[] = []
  return {
    add: (bytes) => {
      total += bytes
    },
    total: () => total,
    rate: () => {
      const at = performance.now()
      marks.push({ at, total })
      while (marks.length > 2 && at - (marks[0]?.at ?? at) > spanMs) marks.shift()
      const [first] = marks
      return first === undefined || at - first.at < 200 ? null : ((total - first.total) * 1_000) / (at - first.at)
    },
  }
}
