import { integerOption } from './arguments.ts'
import type { Context } from './context.ts'

/** Options of every list. */
export const pageOptions = {
  limit: { type: 'string', value: 'N', description: 'Rows of a page, 1 to 200 (default 50)' },
  cursor: { type: 'string', value: 'CURSOR', description: 'Goes on after a page' },
} as const

/** The query of a page. Throws wrong use for a bad --limit. */
export function pageQuery(values: { limit?: string | undefined; cursor?: string | undefined }): {
  limit: number
  cursor?: string
} {
  const limit = integerOption(values.limit, 'limit', 1, 200) ?? 50
  return { limit, ...(values.cursor === undefined ? {} : { cursor: values.cursor }) }
}

/** Says how to get the rest of a list. */
export function notePage(ctx: Context, page: { nextCursor: string | null }): void {
  if (page.nextCursor !== null) ctx.note(`There is more: add --cursor ${page.nextCursor}`)
}
