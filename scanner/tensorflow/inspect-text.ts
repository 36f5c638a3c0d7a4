import type { InspectContext, Inspected } from '../define-format.ts'
import { escapeText } from '../evidence.ts'
import { leavesFolder } from '../path.ts'
import { sweepText } from '../text/sweep.ts'
import { gradeTensorflowOp, operatorCodes } from './ops.ts'
import type { TensorflowHeader } from './types.ts'

const maxKinds = 10_000
const maxOperators = 300
const overlap = 4096

/** True when a text begins as a SavedModel or a graph in protobuf's text form, which TensorFlow loads as it does the binary one. */
export function isGraphText(text: string): boolean {
  const start = text.replace(/^(\s{0,64}#[^\n]{0,500}\n){0,64}/, '')
  return /^\s{0,64}(saved_model_schema_version\s{0,8}:\s{0,8}\d|(meta_graphs|meta_info_def|graph_def|node|library|versions)\s{0,8}:?\s{0,8}\{)/.test(
    start,
  )
}

/** Reads the text form of a graph: the operators it names, fixed paths of its constants. Values are text and stay so. */
export function inspectGraphText(context: InspectContext): Inspected | undefined {
  const { offset, length, observe, cover } = context
  const uses = new Map<string, { count: number; offset: number }>()
  const functions = new Set<string>()
  let carried = ''
  let nodes = 0
  const text = sweepText(context, (window, at) => {
    const seen = carried + window
    // A name that begins in what was carried over and ends in it was counted before.
    for (const { 1: double, 2: single, index, 0: whole } of seen.matchAll(
      /\bop\s{0,16}:\s{0,16}(?:"([^"\n]{0,200})"|'([^'\n]{0,200})')/g,
    )) {
      if (index + whole.length <= carried.length) continue
      nodes += 1
      const op = unescape(double ?? single ?? '')
      const known = uses.get(op)
      if (known !== undefined) known.count += 1
      else if (uses.size < maxKinds) uses.set(op, { count: 1, offset: Math.max(offset, at + index - carried.length) })
    }
    for (const match of seen.matchAll(
      /\bsignature\s{0,16}:?\s{0,16}\{\s{0,64}name\s{0,16}:\s{0,16}["']([^"'\n]{1,200})["']/g,
    ))
      if (functions.size < maxKinds) functions.add(match[1] ?? '')
    for (const match of seen.matchAll(/\b(filename|memory_region_name)\s{0,16}:\s{0,16}["']([^"'\n]{1,500})["']/g)) {
      const name = unescape(match[2] ?? '')
      if (leavesFolder(name) !== undefined)
        observe({ code: 'tf.asset-path', offset: at, evidence: escapeText(name), detail: escapeText(name, 120) })
    }
    carried = seen.slice(-overlap)
  })
  if (!text) return undefined
  for (const [op, { count, offset: at }] of uses) {
    if (functions.has(op) && ['custom', 'run'].includes(gradeTensorflowOp(op))) continue
    const grade = op === 'PrintV2' ? 'print' : gradeTensorflowOp(op)
    if (grade === 'plain') continue
    observe({
      code: grade === 'print' ? 'tf.print-unknown' : operatorCodes[grade],
      offset: at,
      evidence: escapeText(op),
      detail: `${op === '' ? 'an operator without a name' : escapeText(op, 120)}, used ${count === 1 ? 'once' : `${count} times`}`,
    })
  }
  cover(offset, length, 'parsed')
  const header: TensorflowHeader = {
    kind: 'tf-graph',
    tags: [],
    signatures: [],
    nodes,
    functions: functions.size,
    operators: Object.fromEntries(
      [...uses].slice(0, maxOperators).map(([name, { count }]) => [name.slice(0, 100), count]),
    ),
    assets: [],
  }
  return { header, end: offset + length }
}

/** Escapes of protobuf's text form: a name can be spelled with them. */
function unescape(text: string): string {
  return text
    .replace(/\\([0-7]{1,3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
    .replace(/\\x([0-9a-f]{1,2})/gi, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}
