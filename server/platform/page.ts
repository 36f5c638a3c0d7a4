import { invalid } from '../../kernel/index.ts'

export type Page<T> = { items: T[]; nextCursor: string | null }

/** An opaque cursor of the sort values of the last row. */
export function encodeCursor(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

/** Throws `invalid` when the text is no cursor of `length` values. */
export function decodeCursor(text: string, length: number): (string | number)[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    if (
      Array.isArray(values) &&
      values.length === length &&
      values.every((value) => typeof value === 'string' || (typeof value === 'number' && Number.isFinite(value)))
    ) {
      return values
    }
  } catch {
    // Refused below, like any other text that is no cursor.
  }
  throw invalid('invalid_cursor', 'The cursor is not one that this hub gave.', 'Start again without a cursor.')
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
