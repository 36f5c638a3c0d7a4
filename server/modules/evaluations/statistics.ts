/** Mean of item scores and its standard error s/√n with the n−1 sample deviation; null for fewer than two scores. */
export function meanWithError(scores: readonly number[]): { mean: number; standardError: number | null } | null {
  const n = scores.length
  if (n === 0) return null
  const mean = scores.reduce((sum, score) => sum + score, 0) / n
  if (n < 2) return { mean, standardError: null }
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0)
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n) }
}

/**
 * Wilson score interval of a proportion, for scores of 0 or 1 (E. B. Wilson, JASA 22, 1927); honest near 0 and 1, where mean ± 2
 * standard errors is not. Fractional scores are treated as a proportion, which is conservative.
 * @param z normal quantile, 1.959964 for 95 %
 */
export function wilsonInterval(mean: number, n: number, z = 1.959964): [number, number] {
  const z2 = z * z
  const center = (mean + z2 / (2 * n)) / (1 + z2 / n)
  const half = (z / (1 + z2 / n)) * Math.sqrt((mean * (1 - mean)) / n + z2 / (4 * n * n))
  return [Math.max(0, center - half), Math.min(1, center + half)]
}
