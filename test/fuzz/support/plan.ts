import { seededRandom } from '../../e2e/support/model-files.ts'

/** `npm run test:fuzz` asks for the full amounts; `npm test` does a short slice of the same. */
export const full = process.env['MODELHUB_FUZZ'] === 'full'
/** Every choice of a run follows from this number; ids and times are the hub's own. */
export const seed = Number(process.env['MODELHUB_FUZZ_SEED'] ?? Date.now() % 1_000_000)

/** How much of an attack this run does. */
export const amount = (counts: { slice: number; full: number }): number => (full ? counts.full : counts.slice)

export type Random = {
  /** In [0, 1). */
  next: () => number
  /** A whole number from `low` to `high`, both included. */
  int: (low: number, high: number) => number
  chance: (share: number) => boolean
  /** Throws when there is nothing to pick from. */
  pick: <T>(from: readonly T[]) => T
}

/** Seeded choices of one case, told apart by `name`: a case is the same whatever ran before it. */
export function randomFor(name: string): Random {
  let hash = seed >>> 0
  for (const character of name) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0
  const next = seededRandom(hash ^ 0x9e3779b9)
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 4; skipped++) next()
  return {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (share) => next() < share,
    pick: (from) => {
      const picked = from[Math.floor(next() * from.length)]
      if (from.length === 0) throw new Error('nothing to pick from')
      return picked as (typeof from)[number]
    },
  }
}
