/** A value of the Python literals that a NumPy header holds. */
export type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>

const maxDepth = 16
const maxItems = 10_000

/**
 * Parses a Python literal: strings, whole numbers, True, False, None, tuples, lists and dicts with text keys. Undefined for anything
 * else, so that an expression is never mistaken for data. NumPy's own reader evaluates literals only since 1.x; older ones ran the text.
 */
export function parseLiteral(text: string): Literal | undefined {
  let at = 0
  let items = 0
  const space = (): void => {
    while (at < text.length && ' \t\r\n\f'.includes(text[at] ?? '')) at++
  }
  const eat = (token: string): boolean => {
    space()
    if (!text.startsWith(token, at)) return false
    at += token.length
    return true
  }

  function value(depth: number): Literal | undefined {
    space()
    if (depth > maxDepth || ++items > maxItems) return undefined
    const character = text[at] ?? ''
    if (character === '{') return dict(depth)
    if (character === '(' || character === '[') return sequence(depth, character === '(' ? ')' : ']')
    const pattern =
      /[bu]?'((?:[^'\\\n]|\\['"\\])*)'|[bu]?"((?:[^"\\\n]|\\['"\\])*)"|(-?\d{1,18}L?)(?![\w.])|(True|False|None)(?!\w)/y
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return undefined
    at = pattern.lastIndex
    const [, single, double, digits, word] = match
    if (digits !== undefined) return Number(digits.replace('L', ''))
    if (word !== undefined) return word === 'None' ? null : word === 'True'
    return (single ?? double ?? '').replaceAll(/\\(['"\\])/g, '$1')
  }

  function sequence(depth: number, close: string): Literal[] | undefined {
    at++
    const list: Literal[] = []
    while (!eat(close)) {
      const item = value(depth + 1)
      if (item === undefined) return undefined
      list.push(item)
      if (!eat(',')) return eat(close) ? list : undefined
    }
    return list
  }

  function dict(depth: number): Map<string, Literal> | undefined {
    at++
    const map = new Map<string, Literal>()
    while (!eat('}')) {
      const key = value(depth + 1)
      if (typeof key !== 'string' || !eat(':') || map.has(key)) return undefined
      const item = value(depth + 1)
      if (item === undefined) return undefined
      map.set(key, item)
      if (!eat(',')) return eat('}') ? map : undefined
    }
    return map
  }

  const whole = value(0)
  space()
  return at === text.length ? whole : undefined
}
