import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { sweepText } from '../text/sweep.ts'
import type { XmlHeader } from './types.ts'

const active = /<script\b|<iframe\b|<object\b|<embed\b|\bon(?:load|error|click|mouseover|focus)\s{0,8}=|javascript:/i
const overlap = 64

/** True when a text begins as an HTML page, which need not be well-formed XML. */
export function isHtml(start: string): boolean {
  return /^\s{0,256}(<!--[\s\S]{0,2000}?-->\s{0,64}){0,4}<(!doctype\s{1,8}html\b|html\b)/i.test(start)
}

/** Reads an HTML page as text; notes what a browser would run. */
export function inspectHtml(context: InspectContext): Inspected | undefined {
  const { offset, length, observe, cover } = context
  let carried = ''
  let entity = false
  const text = sweepText(context, (window, at) => {
    const seen = carried + window
    const found = active.exec(seen)
    if (found !== null)
      observe({ code: 'xml.active', offset: at, evidence: escapeText(found[0]), detail: escapeText(found[0], 60) })
    if (!entity && /<!ENTITY\s/i.test(seen)) {
      entity = true
      observe({ code: 'xml.entity', offset: at, detail: 'an entity is defined' })
    }
    carried = window.slice(-overlap)
  })
  if (!text) return undefined
  cover(offset, length, 'parsed')
  const header: XmlHeader = { kind: 'xml', root: 'html', dialect: 'html', elements: 0 }
  return { header, end: offset + length }
}
