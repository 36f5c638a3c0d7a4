import { Buffer } from 'node:buffer'
import { parse, tokenize } from '@huggingface/jinja'
import { startWithoutSecret } from '../text/without-secret.ts'
import type { Observation } from '../types.ts'
import { coarseCheck } from './coarse-check.ts'
import { checkInjection } from './injection.ts'
import { checkPoison } from './poison.ts'
import type { TemplateFacts } from './types.ts'

export type TemplateSource = {
  /** A metadata key, a JSON key, or a file name. */
  key: string
  text: string
  /** Where the text begins in the file. */
  offset: number
  /** Bytes of the whole text; more than `text` holds when it was cut on reading. */
  bytes: number
}

/** Published templates stay below 30 KiB; a parser's time grows with its input. */
const maxAnalyzed = 256 * 1024
const maxKept = 64 * 1024

export type TemplateProblem = { code: string; evidence: string; detail?: string }

/**
 * Looks for ways out of the sandbox and for hidden conditions in a chat template, on its syntax tree. The template is parsed, never rendered.
 * Where the parser cannot follow, a coarse check of the text is made and the file is not clean.
 */
export function analyzeTemplate(source: TemplateSource, observe: (observation: Observation) => void): TemplateFacts {
  const { key, offset } = source
  const text = source.text.length > maxAnalyzed ? source.text.slice(0, maxAnalyzed) : source.text
  if (source.bytes > maxAnalyzed)
    observe({ code: 'scan.template-size', offset, member: key, detail: `${source.bytes} bytes` })

  const problems: TemplateProblem[] = []
  let parsed = true
  try {
    const program = parse(tokenize(withoutLongSpace(text)))
    problems.push(...checkInjection(program), ...checkPoison(program))
  } catch (error) {
    // Unknown statements, syntax of later Jinja versions, or nesting beyond the stack.
    parsed = false
    observe({ code: 'scan.template-unparsed', offset, member: key, detail: shortReason(error) })
  }
  problems.push(...coarseCheck(text, parsed))

  for (const { code, evidence, detail } of problems) {
    const at = evidence === '' ? -1 : text.indexOf(evidence)
    observe({
      code,
      offset: at < 0 ? offset : offset + Buffer.byteLength(text.slice(0, at)),
      member: key,
      evidence,
      ...(detail === undefined ? {} : { detail }),
    })
  }
  const dot = key.indexOf('chat_template.')
  return {
    key,
    name: dot < 0 ? 'default' : key.slice(dot + 'chat_template.'.length),
    text: startWithoutSecret(source.text, maxKept),
    bytes: source.bytes,
    parsed,
  }
}

/** The parser's regular expression for generation tags is quadratic in runs of white space, and white space changes no meaning here. */
function withoutLongSpace(text: string): string {
  return /\s{200}/.test(text) ? text.replaceAll(/\s{200,}/g, (run) => run.slice(0, 100)) : text
}

function shortReason(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 120).replaceAll(/[^\x20-\x7e]/g, '?') : 'not a template'
}
