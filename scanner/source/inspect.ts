import type { InspectContext, Inspected } from '../define-format.ts'
import { sweepText } from '../text/sweep.ts'
import { noteHostile } from './hostile.ts'

/** Names of files that desktop systems run when they are opened. */
const opens = /\.(vbs|vbe|js|jse|wsf|hta|desktop|applescript|scpt|jnlp|reg)$/i

/** Program text that no loader of models reads: read in full for what would harm whoever runs it, else inert. Declines what is no text. */
export function inspectSource(context: InspectContext): Inspected | undefined {
  const { offset, length, path, observe, cover } = context
  if (!sweepText(context, (text, from) => noteHostile(text, from, observe))) return undefined
  if (opens.test(path) && !/\.m?js$/i.test(path)) observe({ code: 'source.opens', offset })
  cover(offset, length, 'inert')
  return { end: offset + length }
}
