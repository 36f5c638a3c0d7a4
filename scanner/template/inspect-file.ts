import type { InspectContext, Inspected } from '../define-format.ts'
import { baseName } from '../path.ts'
import { maxRead } from '../reader.ts'
import { sweepText } from '../text/sweep.ts'
import type { FileFacts, FormatHeader } from '../types.ts'
import { analyzeTemplate } from './analyze.ts'
import type { TemplateFacts } from './types.ts'

export type TemplateHeader = FormatHeader & { kind: 'template'; chatTemplates: TemplateFacts[] }

/** A template in a file of its own. Declines bytes that are not text. */
export function inspectTemplateFile(context: InspectContext): Inspected | undefined {
  const { reader, offset, length, observe, cover } = context
  if (!sweepText(context)) return undefined
  const text = new TextDecoder().decode(reader.read(offset, Math.min(length, maxRead)))
  const key = baseName(context.path) || 'template'
  const template = analyzeTemplate({ key, text, offset, bytes: length }, observe)
  cover(offset, length, 'parsed')
  const header: TemplateHeader = { kind: 'template', chatTemplates: [template] }
  return { header, end: offset + length }
}

/** The template facts of a template file; undefined for other files. */
export function templateHeaderOf(facts: Pick<FileFacts, 'header'>): TemplateHeader | undefined {
  return facts.header?.kind === 'template' ? (facts.header as TemplateHeader) : undefined
}
