import { invalid } from '../../kernel/index.ts'

export type Page<T> = { items: T[]; nextCursor: string | null }

/** An opaque cursor of the sort values of the last row. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

type CursorPart = 'text' | 'integer' | 'number' | 'date'
type CursorValue<P extends CursorPart> = P extends 'integer' | 'number' ? number : P extends 'date' ? Date : string
type CursorValues<Parts extends readonly CursorPart[]> = { [K in keyof Parts]: CursorValue<Parts[K]> }

/** The largest value of an `integer` column. */
const lastInteger = 2 ** 31 - 1
/** The end of the year 9999: later instants and those before 1970 are none that a row of the hub has. */
const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * The values of a cursor with these parts: text of at most 500 characters without NUL, whole numbers from 0 on that the column they
 * are compared with can hold (`integer`: 31 bits, `number`: 53 bits), instants of 1970 to 9999. Throws `invalid` for anything else: a
 * cursor comes back from outside.
 */
export function decodeCursor<const Parts extends readonly CursorPart[]>(
  text: string,
  parts: Parts,
): CursorValues<Parts> {
  const values = parseValues(text)
  if (values !== null && values.length === parts.length) {
    const decoded = parts.map((part, i) => decodePart(part, values[i]))
    if (decoded.every((value) => value !== null)) return decoded as CursorValues<Parts>
  }
  throw invalid('invalid_cursor', 'The cursor is not one that this hub gave.', 'Start again without a cursor.')
}

function parseValues(text: string): unknown[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return Array.isArray(values) ? values : null
  } catch {
    return null
  }
}

function decodePart(part: CursorPart, value: unknown): string | number | Date | null {
  if (part === 'integer' || part === 'number') {
    const most = part === 'integer' ? lastInteger : Number.MAX_SAFE_INTEGER
    return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most ? (value as number) : null
  }
  if (typeof value !== 'string' || value.length > 500 || value.includes('\0')) return null
  if (part === 'text') return value
  const date = new Date(value)
  return date.getTime() >= 0 && date.getTime() <= lastInstant ? date : null
}

/** Cuts `limit + 1` fetched rows to a page whose cursor names the last row kept. */
export function toPage<R, T>(
  rows: R[],
  limit: number,
  map: (row: R) => T,
  cursorOf: (row: R) => (string | number)[],
): Page<T> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return {
    items: kept.map(map),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  }
}
