import type { Context } from '../context.ts'
import { pairs, table } from '../text/table.ts'
import { bytes, relative } from '../text/units.ts'

const widest = 8
/** Long texts and keys of other tables would push what matters off the screen. */
const unshown = new Set(['projectId', 'createdBy', 'explanation', 'expression', 'contentHash', 'description'])

/** A table of the plain fields of some objects: the id first, then as they come. */
export function printList(ctx: Context, items: readonly unknown[]): void {
  const rows = items.filter((item): item is Record<string, unknown> => typeof item === 'object' && item !== null)
  if (rows.length === 0) return ctx.line('Nothing to list.')
  const seen = new Set(rows.flatMap((row) => Object.keys(row).filter((key) => !unshown.has(key) && isPlain(row[key]))))
  // A field that is null in every row says nothing.
  const columns = [...seen].filter((key) => rows.some((row) => row[key] !== null && isPlain(row[key]))).slice(0, widest)
  ctx.line(
    table(
      columns.map((key) => ({ title: title(key), ...(isNumber(rows, key) ? { align: 'right' as const } : {}) })),
      rows.map((row) => columns.map((key) => cell(key, row[key], ctx.clock.now()))),
    ),
  )
}

/** The fields of one object, one per line; nested ones as JSON. */
export function printObject(ctx: Context, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null) return ctx.line(String(answer))
  ctx.line(pairs(Object.entries(answer).map(([key, value]) => [key, cell(key, value, ctx.clock.now())])))
}

const isPlain = (value: unknown): boolean =>
  value === null || typeof value !== 'object' || (Array.isArray(value) && value.every((one) => typeof one === 'string'))

const isNumber = (rows: readonly Record<string, unknown>[], key: string): boolean =>
  rows.some((row) => typeof row[key] === 'number')

const title = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter}`).toUpperCase()

function cell(key: string, value: unknown, now: number): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return /At$|^at$/.test(key) ? relative(value, now) : value
  if (typeof value === 'number') return /Bytes$|^size$/.test(key) ? bytes(value) : String(value)
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ')
  return JSON.stringify(value)
}
