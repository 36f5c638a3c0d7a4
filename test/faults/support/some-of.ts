import { amount, seededFor } from './plan.ts'

/** Every case in a full run; otherwise `slice` of them by the seed, so that each comes up in some run. */
export function someOf<T>(name: string, cases: readonly T[], slice: number): T[] {
  const random = seededFor(name)
  return cases
    .map((one) => ({ one, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, amount({ slice, full: cases.length }))
    .map(({ one }) => one)
}
