/** How numbers, sizes and times are written everywhere. Unknown input is the caller's: these take real values only. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 131,072 */
export const count = (value: number): string => whole.format(value)

/** 131k, 1.9 B: for lists. */
export function compactCount(value: number): string {
  if (value < 1_000) return whole.format(value)
  if (value < 1_000_000) return `${trim(value / 1_000, value < 10_000 ? 1 : 0)}k`
  if (value < 1_000_000_000) return `${trim(value / 1_000_000, 1)} M`
  return `${trim(value / 1_000_000_000, 1)} B`
}

/** A context window in whole thousands, as people name it: 8k, 131k. */
export const contextWindow = (tokens: number): string =>
  tokens < 1_000 || tokens >= 1_000_000 ? compactCount(tokens) : `${Math.floor(tokens / 1_000)}k`

/** 70.6 GB: decimal units, three significant figures. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`
  const units = ['kB', 'MB', 'GB', 'TB', 'PB']
  let scaled = value
  let unit = -1
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1_000
    unit += 1
  }
  return `${Number(scaled.toPrecision(3))} ${units[unit] ?? ''}`
}

/** 348 ms, 1.24 s, 38 µs; the number and its unit apart, for tiles. */
export function latencyParts(ms: number): { value: string; unit: string } {
  if (ms < 1) return { value: whole.format(ms * 1_000), unit: 'µs' }
  if (ms < 100) return { value: trim(ms, 1), unit: 'ms' }
  if (ms < 1_000) return { value: whole.format(ms), unit: 'ms' }
  return { value: (ms / 1_000).toFixed(2), unit: 's' }
}

export function latency(ms: number): string {
  const { value, unit } = latencyParts(ms)
  return `${value} ${unit}`
}

/** Whole tokens per second from 10, one decimal below. */
export const speed = (tokensPerSecond: number): string =>
  tokensPerSecond >= 10 ? whole.format(tokensPerSecond) : trim(tokensPerSecond, 1)

/** $0.47, $0.0014: US$ with two decimals, four below a cent. */
export const price = (dollars: number): string =>
  `$${dollars !== 0 && dollars < 0.01 ? dollars.toFixed(4) : dollars.toFixed(2)}`

/** A share of 0 to 1 as points with one decimal: 79.3 */
export const points = (share: number): string => (share * 100).toFixed(1)

/** Half width of the 95 % interval of a mean, in points: ± 1.0 */
export const halfWidth = (standardError: number): string => (1.96 * standardError * 100).toFixed(1)

/** 61% of a done/total pair; null when there is no total. */
export function percent(done: number | null, total: number | null): number | null {
  if (done === null || total === null || total <= 0) return null
  return Math.max(0, Math.min(100, Math.floor((done / total) * 100)))
}

/** A duration in words: 0.8 s, 42 s, 2 min 04 s, 3 h 10 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${trim(seconds, 1)} s`
  if (seconds < 60) return `${Math.round(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** About how long is left, rounded so that it does not flicker. */
export function remaining(seconds: number): string {
  if (seconds < 5) return 'a few seconds'
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s`
  if (seconds < 3_600) return `about ${Math.round(seconds / 60)} min`
  return `about ${trim(seconds / 3_600, 1)} h`
}

/** Relative under 24 h, else the date: 2 h, 9 Nov, 9 Nov 2025. */
export function when(iso: string, now = Date.now()): string {
  const at = new Date(iso)
  const seconds = Math.max(0, (now - at.getTime()) / 1_000)
  if (seconds < 60) return 'now'
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`
  return day(iso, now)
}

export function day(iso: string, now = Date.now()): string {
  const at = new Date(iso)
  const sameYear = at.getFullYear() === new Date(now).getFullYear()
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}

/** 22 Nov, 03:06 in the viewer's zone. */
export const dayTime = (iso: string): string => `${day(iso)}, ${clock(iso)}`

/** 03:17 or 03:14:52, 24 h, the viewer's zone. */
export const clock = (iso: string, withSeconds = false): string =>
  new Date(iso).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
  })

/** The instant in full, for hover: 22 Nov 2026, 03:06:12 UTC. */
export function exactUtc(iso: string): string {
  const [date, time] = new Date(iso).toISOString().split('T')
  return `${date ?? ''} ${(time ?? '').slice(0, 8)} UTC`
}

/** First and last four: 9f2c…77e1. A prefix such as `sha256:` and type prefixes of ids stay whole. */
export function shortId(id: string): string {
  const start = id.search(/[^:_]*$/)
  const head = id.slice(0, start)
  const tail = id.slice(start)
  return tail.length <= 10 ? id : `${head}${tail.slice(0, 4)}…${tail.slice(-4)}`
}

function trim(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.0+$/, '')
}
