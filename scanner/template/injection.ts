import type { TemplateProblem } from './analyze.ts'
import { type Bindings, bindingsOf, fold, isComputed } from './fold.ts'
import { child, children, descendants, filterOf, isNode, type Node, textOf } from './nodes.ts'

const dunder = /^_{2}\w+_{2}$/
/** Attributes without underscores that lead from a value to the interpreter. Source: Jinja2 sandbox.py, UNSAFE_*_ATTRIBUTES. */
const unsafeNames = new Set([
  'mro',
  'gi_frame',
  'gi_code',
  'cr_frame',
  'cr_code',
  'ag_frame',
  'ag_code',
  'tb_frame',
  'tb_next',
  'f_globals',
  'f_locals',
  'f_builtins',
  'f_back',
  'func_globals',
  'func_code',
  'im_func',
  'im_class',
  'im_self',
])
/** Globals and names of the runtime that templates call but have no reason to look into. */
const runtimeNames = new Set([
  'cycler',
  'joiner',
  'lipsum',
  'namespace',
  'self',
  'range',
  'dict',
  'url_for',
  'get_flashed_messages',
  'raise_exception',
  'strftime_now',
  'caller',
])

/** Methods that take text as text, where a marker such as '__IMAGE__' is harmless. */
const textMethods = new Set(
  'split rsplit replace startswith endswith strip lstrip rstrip find index count append'.split(' '),
)

/** Ways in which a template can reach beyond what it is given (server-side template injection, CVE-2024-34359). */
export function checkInjection(program: unknown): TemplateProblem[] {
  if (!isNode(program)) return []
  const bindings = bindingsOf(program)
  const problems: TemplateProblem[] = []
  for (const node of descendants(program)) {
    if (node.type === 'MemberExpression') problems.push(...checkMember(node, bindings))
    else if (node.type === 'FilterExpression' || node.type === 'FilterStatement')
      problems.push(...checkFilter(node, bindings))
    else if (node.type === 'CallExpression') problems.push(...checkCall(node, bindings))
    else if (node.type === 'BinaryExpression') problems.push(...checkJoined(node, bindings))
  }
  return distinct(problems)
}

function checkMember(node: Node, bindings: Bindings): TemplateProblem[] {
  const property = child(node, 'property')
  const problems: TemplateProblem[] = []
  const object = child(node, 'object')
  const base = object?.type === 'Identifier' ? (textOf(object, 'value') ?? '') : undefined
  const known = node['computed'] === true ? fold(property, bindings) : undefined
  const name =
    node['computed'] === true ? (typeof known === 'object' ? known.text : undefined) : textOf(property, 'value')
  if (name !== undefined && isUnsafeName(name)) problems.push({ code: 'template.dunder', evidence: name })
  else if (isComputed(known)) {
    const plain = known === 'computed'
    problems.push({
      code: plain ? 'template.joined-subscript' : 'template.computed-subscript',
      evidence: typeof known === 'object' ? known.text : '',
    })
  }
  if (base !== undefined && runtimeNames.has(base)) {
    problems.push({
      code: 'template.runtime-global',
      evidence: base,
      detail: name === undefined ? base : `${base}, member ${name}`,
    })
  }
  return problems
}

function checkFilter(node: Node, bindings: Bindings): TemplateProblem[] {
  const { name, args } = filterOf(node)
  const problems: TemplateProblem[] = []
  if (name === 'attr') problems.push({ code: 'template.attr-filter', evidence: 'attr' })
  const operand = child(node, 'operand')
  const base = operand?.type === 'Identifier' ? (textOf(operand, 'value') ?? '') : ''
  if (['cycler', 'joiner', 'lipsum', 'self', 'raise_exception', 'strftime_now'].includes(base)) {
    problems.push({ code: 'template.runtime-global', evidence: base, detail: `${base} in filter ${name}` })
  }
  const takesNames = ['map', 'selectattr', 'rejectattr', 'groupby', 'sort', 'sum', 'unique', 'min', 'max'].includes(
    name,
  )
  if (!takesNames && name !== 'attr') return problems
  for (const arg of args) {
    const known = fold(arg.type === 'KeywordArgumentExpression' ? child(arg, 'value') : arg, bindings)
    if (typeof known === 'object' && known.text.split('.').some(isUnsafeName)) {
      problems.push({ code: 'template.dunder', evidence: known.text })
    } else if (typeof known === 'object' && known.text === 'attr') {
      problems.push({ code: 'template.attr-filter', evidence: 'attr' })
    } else if (takesNames && isComputed(known)) problems.push({ code: 'template.computed-subscript', evidence: '' })
  }
  return problems
}

function checkCall(node: Node, bindings: Bindings): TemplateProblem[] {
  const problems: TemplateProblem[] = []
  const callee = child(node, 'callee')
  const name = callee?.type === 'Identifier' ? (textOf(callee, 'value') ?? '') : ''
  if (name === 'lipsum' || dunder.test(name)) problems.push({ code: 'template.runtime-global', evidence: name })
  const method = callee?.type === 'MemberExpression' ? (textOf(child(callee, 'property'), 'value') ?? '') : ''
  if (textMethods.has(method)) return problems
  for (const arg of children(node, 'args')) {
    const known = fold(arg.type === 'KeywordArgumentExpression' ? child(arg, 'value') : arg, bindings)
    if (typeof known === 'object' && dunder.test(known.text)) {
      problems.push({ code: 'template.dunder', evidence: known.text })
    }
  }
  return problems
}

/** Pieces that only together spell a dunder name have no honest use. */
function checkJoined(node: Node, bindings: Bindings): TemplateProblem[] {
  const known = fold(node, bindings)
  if (typeof known !== 'object' || !known.computed || !/__\w+__/.test(known.text)) return []
  const pieces = [...descendants(node)]
    .filter((piece) => piece.type === 'StringLiteral')
    .map((piece) => textOf(piece, 'value') ?? '')
  const first = pieces.find((piece) => piece.includes('_')) ?? ''
  return pieces.some((piece) => /__\w+__/.test(piece))
    ? []
    : [
        {
          code: 'template.joined-dunder',
          evidence: first,
          detail: `the pieces join to ${known.text.slice(0, 80).replaceAll(/[^\x20-\x7e]/g, '?')}`,
        },
      ]
}

function isUnsafeName(name: string): boolean {
  return dunder.test(name) || unsafeNames.has(name)
}

function distinct(problems: TemplateProblem[]): TemplateProblem[] {
  return [
    ...new Map(
      problems.map((problem) => [`${problem.code} ${problem.evidence} ${problem.detail ?? ''}`, problem]),
    ).values(),
  ]
}
