import { formats } from '../formats/index.ts'
import { baseName } from '../path.ts'
import type { FileFacts } from '../types.ts'
import { defineRule, type Rule, type RuleContext } from './define-rule.ts'

/** Formats that may stand in for one another under a text-like name. */
const textLike: ReadonlySet<string> = new Set([
  'text',
  'json',
  'jinja',
  'yaml',
  'xml',
  'python',
  'source',
  'script',
  'empty',
])

/** What the name promises against what the content is. */
function broken(facts: FileFacts, context: RuleContext): { promised: string; runnable: boolean } | undefined {
  const name = baseName(context.path).toLowerCase()
  const promised = formats.all.find(
    (format) => format.extensions?.some((extension) => name.endsWith(extension)) === true,
  )
  if (promised === undefined || promised.kind === facts.format || facts.format === 'empty') return undefined
  if (textLike.has(promised.kind) && textLike.has(facts.format)) return undefined
  // A broken file of the promised kind is reported by SCAN-UNINSPECTED, not as a disguise.
  if (facts.format === 'unknown') return undefined
  return { promised: promised.title, runnable: promised.canRun !== true && formats.find(facts.format)?.canRun === true }
}

export const mismatchRules: readonly Rule[] = [
  defineRule({
    id: 'MISMATCH-RUN-001',
    title: 'The name promises data but the content can run code',
    severity: 'high',
    cwe: 'CWE-434',
    explanation: 'Loaders often go by content: a pickle named like safe weights still runs its code.',
    remedy: 'Do not load the file. Ask the publisher why it has this name.',
    check: (facts, context) => {
      const found = broken(facts, context)
      return found?.runnable === true ? [{ offset: 0, detail: `named as ${found.promised}, is ${facts.title}` }] : []
    },
  }),
  defineRule({
    id: 'MISMATCH-DATA-001',
    title: 'The content is not what the name promises',
    severity: 'low',
    cwe: 'CWE-436',
    explanation: 'Tools that go by the name and tools that go by the content treat this file differently.',
    remedy: 'Rename the file to what it is.',
    check: (facts, context) => {
      const found = broken(facts, context)
      return found?.runnable === false ? [{ offset: 0, detail: `named as ${found.promised}, is ${facts.title}` }] : []
    },
  }),
]
