import { child, children, descendants, filterOf, type Node, operatorOf, textOf } from './nodes.ts'

/**
 * What is known of an expression: its text; that it is text put together at run time, plainly (`computed`) or in a way that can make a
 * name out of harmless pieces (`built`); or nothing.
 */
export type Folded = { text: string; computed: boolean } | 'computed' | 'built' | undefined

/** Names bound by `set`, with everything known to be assigned to them. */
export type Bindings = Map<string, Folded>

const textFilters = new Set([
  'join',
  'format',
  'replace',
  'reverse',
  'lower',
  'upper',
  'capitalize',
  'title',
  'trim',
  'string',
  'urlencode',
  'escape',
  'e',
  'safe',
  'center',
  'truncate',
  'indent',
])
/** Of these only the ones that can make a new name out of parts; `lower` and `trim` on a plain value are everyday use. */
const buildingFilters = new Set(['join', 'format', 'replace', 'reverse'])
const buildingMethods = new Set(['join', 'format', 'replace', 'format_map', 'translate', 'decode'])
const maxDepth = 200
const maxText = 4096

/** Folds constant text, following `~`, `+`, `*`, simple filters and names bound by `set`. */
export function fold(node: Node | undefined, bindings: Bindings, depth = 0): Folded {
  if (node === undefined || depth > maxDepth) return undefined
  const inner = (next: Node | undefined): Folded => fold(next, bindings, depth + 1)
  switch (node.type) {
    case 'StringLiteral':
      return { text: (textOf(node, 'value') ?? '').slice(0, maxText), computed: false }
    case 'Identifier':
      return bindings.get(textOf(node, 'value') ?? '')
    case 'BinaryExpression': {
      const operator = operatorOf(node)
      const left = inner(child(node, 'left'))
      const right = inner(child(node, 'right'))
      if (operator === '~' || operator === '+') {
        if (typeof left === 'object' && typeof right === 'object') {
          return { text: (left.text + right.text).slice(0, maxText), computed: true }
        }
        if (left === 'built' || right === 'built' || hasUnderscore(left) || hasUnderscore(right)) return 'built'
        return operator === '~' || left !== undefined || right !== undefined ? 'computed' : undefined
      }
      if (operator !== '*' && operator !== '%') return undefined
      return left !== undefined || (operator === '*' && right !== undefined) ? 'built' : undefined
    }
    case 'FilterExpression': {
      const operand = inner(child(node, 'operand'))
      const { name } = filterOf(node)
      if (buildingFilters.has(name)) return 'built'
      return textFilters.has(name) && operand !== undefined
        ? hasUnderscore(operand)
          ? 'built'
          : 'computed'
        : undefined
    }
    case 'CallExpression': {
      const callee = child(node, 'callee')
      const method = callee?.type === 'MemberExpression' ? textOf(child(callee, 'property'), 'value') : undefined
      return method !== undefined && buildingMethods.has(method) ? 'built' : undefined
    }
    case 'MemberExpression': {
      // A slice of known text, such as '__ssalc__'[::-1].
      const object = inner(child(node, 'object'))
      return child(node, 'property')?.type === 'SliceExpression' && object !== undefined ? 'built' : undefined
    }
    case 'Ternary': {
      const yes = inner(child(node, 'trueExpr'))
      return yes ?? inner(child(node, 'falseExpr'))
    }
    default:
      return undefined
  }
}

/** What `set` binds anywhere in the template. A name bound twice keeps the more suspicious value. */
export function bindingsOf(program: Node): Bindings {
  const bindings: Bindings = new Map()
  for (const node of descendants(program)) {
    if (node.type !== 'Set') continue
    const name = child(node, 'assignee')
    if (name?.type !== 'Identifier') continue
    const key = textOf(name, 'value') ?? ''
    const blockText = children(node, 'body').length > 0 ? foldBlock(node, bindings) : undefined
    const value = fold(child(node, 'value'), bindings) ?? blockText
    const before = bindings.get(key)
    if (value === undefined || isComputed(before)) continue
    bindings.set(key, value)
  }
  return bindings
}

/** True when the text did not stand in the template as written. */
export function isComputed(value: Folded): boolean {
  return typeof value === 'object' ? value.computed : value !== undefined
}

/** Text that can begin or join a double-underscore name; `param_` cannot. */
function hasUnderscore(value: Folded): boolean {
  return value === 'built' || (typeof value === 'object' && /^_|__/.test(value.text))
}

/** `{% set x %}…{% endset %}` puts text together without an operator. */
function foldBlock(node: Node, bindings: Bindings): Folded {
  let text = ''
  for (const part of children(node, 'body')) {
    const known = fold(part, bindings)
    if (typeof known !== 'object') return undefined
    text += known.text
  }
  return { text: text.slice(0, maxText), computed: true }
}
