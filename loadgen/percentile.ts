/**
 * The p-th percentile (0 to 100) of ascending values by linear interpolation between the two nearest ranks:
 * rank = p/100 × (n − 1) (Hyndman and Fan type 7, the default of NumPy and R). Null for no values.
 */
export function percentile(ascending: readonly number[], p: number): number | null {
  if (ascending.length === 0) return null
  const rank = (p / 100) * (ascending.length - 1)
  const low = ascending[Math.floor(rank)] ?? 0
  const high = ascending[Math.ceil(rank)] ?? low
  return low + (high - low) * (rank - Math.floor(rank))
}
