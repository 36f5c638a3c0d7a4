import { wrongUse } from './usage-error.ts'

const units = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** An instant from `30d`, `12h`, `2w`, `2027-01-31` (its end, UTC) or a full ISO date. Throws wrong use when it is not ahead of `now`. */
export function expiryOption(text: string | undefined, name: string, now: number): string | undefined {
  if (text === undefined) return undefined
  const span = /^(\d{1,5})([hdw])$/.exec(text)
  const at =
    span === null
      ? Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text)
      : now + Number(span[1]) * units[span[2] as keyof typeof units]
  if (Number.isNaN(at)) throw wrongUse(`--${name} takes a span such as 30d or a date such as 2027-01-31.`)
  if (at <= now) throw wrongUse(`--${name} must lie ahead.`)
  return new Date(at).toISOString()
}
