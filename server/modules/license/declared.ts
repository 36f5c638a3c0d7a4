import parseExpression from 'spdx-expression-parse'
import { licensesOfTag } from './find-license.ts'
import type { License } from './license-family.ts'
import { classRank } from './strictness.ts'

type Expression = parseExpression.Info

export type Declared = {
  /** What the tags may mean; several where one tag names several texts. */
  licenses: License[]
  /** The one that decides: of AND the strictest, of OR the freest; null: nothing known here. */
  decisive: License | null
  /** The normalized expression, when it is one of several licenses or has an exception. */
  expression: string | null
}

/** What `license` and `license_name` of a card, or a header, declare: a tag of the Hub, an SPDX id or an SPDX expression. */
export function declaredLicense(tag: string | null, name: string | null): Declared {
  const tried = tag === null || tag === 'other' ? (name?.trim().toLowerCase() ?? null) : tag
  if (tried === null || tried === '') return { licenses: [], decisive: null, expression: null }
  const simple = licensesOfTag(tried)
  if (simple.length > 0) return { licenses: simple, decisive: simple[0] ?? null, expression: null }
  const expression = parse(tried)
  if (expression === null) return { licenses: [], decisive: null, expression: null }
  const all: License[] = []
  const decisive = decide(expression, all)
  return { licenses: all, decisive, expression: format(expression) }
}

function parse(text: string): Expression | null {
  if (text.length > 300) return null
  const cased = text.replaceAll(/[\w.+-]+/g, (word) =>
    /^(?:and|or|with)$/i.test(word) ? word.toUpperCase() : (licensesOfTag(word)[0]?.id ?? word),
  )
  for (const candidate of [cased, text]) {
    try {
      return parseExpression(candidate)
    } catch {
      // Not an expression: a tag of its own.
    }
  }
  return null
}

function decide(expression: Expression, all: License[]): License | null {
  if ('license' in expression) {
    const found = licensesOfTag(expression.plus === true ? `${expression.license}+` : expression.license)[0] ?? null
    if (found !== null) all.push(found)
    return found
  }
  const [left, right] = [decide(expression.left, all), decide(expression.right, all)]
  // Of a choice the known side may be taken; of a sum the unknown side decides.
  if (left === null || right === null) return expression.conjunction === 'or' ? (left ?? right) : null
  const leftIsStricter = classRank(left.class) >= classRank(right.class)
  return (expression.conjunction === 'and') === leftIsStricter ? left : right
}

function format(expression: Expression): string {
  if ('license' in expression) {
    const exception = expression.exception === undefined ? '' : ` WITH ${expression.exception}`
    return `${expression.license}${expression.plus === true ? '+' : ''}${exception}`
  }
  const side = (part: Expression) => ('license' in part ? format(part) : `(${format(part)})`)
  return `${side(expression.left)} ${expression.conjunction.toUpperCase()} ${side(expression.right)}`
}
