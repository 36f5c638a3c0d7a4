const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Bytes in decimal units with three figures at most: `1.2 GB`. Null is unknown: `–`. */
export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  let rest = value
  let unit = 0
  // 999.5 would round to "1000 kB".
  while (rest >= 999.5 && unit < byteUnits.length - 1) {
    rest /= 1_000
    unit++
  }
  return `${unit === 0 || rest >= 99.95 ? Math.round(rest) : rest.toFixed(1).replace(/\.0$/, '')} ${byteUnits[unit]}`
}

/** A count with its noun: `1 file`, `3 files`. */
export const count = (value: number, noun: string): string => `${value} ${noun}${value === 1 ? '' : 's'}`

/** Seconds in words: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `4 d`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3_600) return two(Math.floor(whole / 60), 'min', whole % 60, 's')
  if (whole < 86_400) return two(Math.floor(whole / 3_600), 'h', Math.floor((whole % 3_600) / 60), 'min')
  return `${Math.floor(whole / 86_400)} d`
}

const two = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`

/** An instant seen from `now` (milliseconds): `just now`, `3 min ago`, `in 2 d`; null is `–`. */
export function relative(instant: string | null | undefined, now: number): string {
  if (instant === null || instant === undefined) return '–'
  const seconds = Math.round((now - Date.parse(instant)) / 1_000)
  if (Number.isNaN(seconds)) return instant
  const size = Math.abs(seconds)
  if (size < 5) return 'just now'
  const words =
    size < 60
      ? `${size} s`
      : size < 3_600
        ? `${Math.round(size / 60)} min`
        : size < 86_400
          ? `${Math.round(size / 3_600)} h`
          : `${Math.round(size / 86_400)} d`
  return seconds < 0 ? `in ${words}` : `${words} ago`
}

/** Milliseconds with three figures: `0.42`, `12.3`, `1234`; null is `–`. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
