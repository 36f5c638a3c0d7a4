/** A token of Python source. `at` and `end` count characters of the text. */
export type Token = {
  kind: 'name' | 'number' | 'string' | 'operator' | 'newline' | 'indent' | 'dedent' | 'end'
  /** Of a name in its normal form, of a string its value (parts in braces left out of formatted ones). */
  text: string
  at: number
  /** Expressions inside a formatted string, each with where it begins. */
  inner?: { text: string; at: number }[]
}

/** Thrown where the text is not Python, or beyond a bound. */
export class NotPython extends Error {
  readonly at: number
  constructor(at: number, reason: string) {
    super(reason)
    this.name = 'NotPython'
    this.at = at
  }
}

const maxTokens = 600_000
const maxBrackets = 200
const maxIndents = 100
const nameStart = /[\p{L}\p{Nl}_$]/u
const nameMore = /[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}$·]/u
const operators3 = new Set(['**=', '//=', '>>=', '<<=', '...'])
const operators2 = new Set('== != <= >= -> := += -= *= /= %= &= |= ^= ** // << >> @= <>'.split(' '))

/**
 * Splits Python source into tokens, with the indentation as tokens of its own. Lenient where versions of Python differ.
 * Source: The Python Language Reference, chapter 2. Throws `NotPython`.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  const brackets: string[] = []
  const indents = [0]
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let lineStart = true

  const push = (kind: Token['kind'], value: string, start: number): void => {
    if (tokens.length >= maxTokens) throw new NotPython(start, `more than ${maxTokens} tokens`)
    tokens.push({ kind, text: value, at: start })
  }

  /** Measures the white space that a line begins with; false when the line is empty. */
  function indentation(): boolean {
    let column = 0
    for (; at < text.length; at++) {
      const character = text[at]
      if (character === ' ') column += 1
      else if (character === '\t') column = (Math.floor(column / 8) + 1) * 8
      else if (character === '\f') column = 0
      else break
    }
    const character = text[at]
    if (character === undefined || character === '#' || character === '\n' || character === '\r') return false
    if (column > (indents.at(-1) ?? 0)) {
      if (indents.length > maxIndents) throw new NotPython(at, 'blocks nest too deep')
      indents.push(column)
      push('indent', '', at)
    }
    while (column < (indents.at(-1) ?? 0)) {
      indents.pop()
      push('dedent', '', at)
    }
    return true
  }

  while (at < text.length) {
    if (lineStart && brackets.length === 0) {
      lineStart = false
      indentation()
    }
    const character = text[at]
    if (character === undefined) break
    if (character === ' ' || character === '\t' || character === '\f') at += 1
    else if (character === '#') at = endOfLine(text, at)
    else if (character === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) at += text[at + 1] === '\r' ? 3 : 2
    else if (character === '\n' || character === '\r') {
      if (brackets.length === 0 && (tokens.at(-1)?.kind ?? 'newline') !== 'newline') push('newline', '', at)
      at += 1
      lineStart = true
    } else if (character === '"' || character === "'") readString('', at)
    else if (/[0-9]/.test(character) || (character === '.' && /[0-9]/.test(text[at + 1] ?? ''))) readNumber()
    else if (isNameStart(character, at)) readName()
    else readOperator(character)
  }
  if (brackets.length > 0) throw new NotPython(at, 'a bracket is not closed')
  push('newline', '', at)
  for (let i = indents.length; i > 1; i--) push('dedent', '', at)
  push('end', '', at)
  return tokens

  function isNameStart(character: string, from: number): boolean {
    const code = character.charCodeAt(0)
    if (code < 0x80) return /[A-Za-z_$]/.test(character)
    return nameStart.test(String.fromCodePoint(text.codePointAt(from) ?? 0))
  }

  function readName(): void {
    const start = at
    while (at < text.length) {
      const code = text.charCodeAt(at)
      if (
        code < 0x80
          ? /[A-Za-z0-9_$]/.test(text[at] ?? '')
          : nameMore.test(String.fromCodePoint(text.codePointAt(at) ?? 0))
      )
        at += code >= 0xd800 && code <= 0xdbff ? 2 : 1
      else break
    }
    const word = text.slice(start, at)
    if (/^([rbuft]|br|rb|fr|rf|tr|rt)$/i.test(word) && (text[at] === '"' || text[at] === "'")) {
      readString(word.toLowerCase(), start)
      return
    }
    // Python compares names in this form, so that a look-alike spelling of eval is eval.
    push('name', word.normalize('NFKC').slice(0, 256), start)
  }

  function readNumber(): void {
    const start = at
    const match =
      /^(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*\.?[0-9_]*(?:[eE][+-]?[0-9_]+)?|\.[0-9_]+(?:[eE][+-]?[0-9_]+)?)[jJlL]?/.exec(
        text.slice(at, at + 512),
      )
    at += Math.max(1, match?.[0].length ?? 1)
    // Longer ones go on in digits.
    while (/[0-9_]/.test(text[at] ?? '')) at += 1
    push('number', text.slice(start, Math.min(at, start + 64)), start)
  }

  function readOperator(character: string): void {
    const start = at
    if ('([{'.includes(character)) {
      if (brackets.length >= maxBrackets) throw new NotPython(at, 'brackets nest too deep')
      brackets.push(character === '(' ? ')' : character === '[' ? ']' : '}')
    } else if (')]}'.includes(character)) {
      if (brackets.pop() !== character) throw new NotPython(at, 'a bracket closes that was not opened')
    } else if (!'+-*/%@&|^~<>=!.,:;?`'.includes(character)) throw new NotPython(at, 'an unexpected character')
    const three = text.slice(at, at + 3)
    const operator = operators3.has(three) ? three : operators2.has(three.slice(0, 2)) ? three.slice(0, 2) : character
    at += operator.length
    push('operator', operator, start)
  }

  function readString(prefix: string, start: number): void {
    const quote = text[at] ?? ''
    const triple = text.startsWith(quote.repeat(3), at)
    const closing = triple ? quote.repeat(3) : quote
    at += closing.length
    const formatted = /[ft]/.test(prefix)
    const raw = prefix.includes('r')
    const pieces: string[] = []
    const inner: { text: string; at: number }[] = []
    let from = at
    for (;;) {
      const character = text[at]
      if (character === undefined) throw new NotPython(start, 'a string does not end')
      if (text.startsWith(closing, at)) break
      if (!triple && (character === '\n' || character === '\r')) throw new NotPython(start, 'a string does not end')
      if (character === '\\') {
        at += text[at + 1] === '\r' && text[at + 2] === '\n' ? 3 : 2
        continue
      }
      if (formatted && character === '{') {
        if (text[at + 1] === '{') {
          at += 2
          continue
        }
        pieces.push(text.slice(from, at))
        const end = endOfField(text, at + 1, triple ? closing : '')
        inner.push({ text: text.slice(at + 1, end), at: at + 1 })
        at = end + 1
        from = at
        continue
      }
      at += 1
    }
    pieces.push(text.slice(from, at))
    at += closing.length
    const joined = pieces.join('')
    push('string', raw ? joined : unescapePython(joined), start)
    const token = tokens.at(-1)
    if (token !== undefined && (formatted || inner.length > 0)) token.inner = inner
  }
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}

/** Where the field of a formatted string ends, at its closing brace. Strings inside it may use any quote, as of Python 3.12. */
function endOfField(text: string, from: number, outer: string): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? ''
    if ('([{'.includes(character)) depth += 1
    else if (character === '}' && depth === 0) return at
    else if (')]}'.includes(character)) depth -= 1
    else if (character === '"' || character === "'") {
      if (outer !== '' && text.startsWith(outer, at)) break
      const close = text.indexOf(character, at + 1)
      if (close < 0) break
      at = close
    }
    if (at - from > 16_384) break
  }
  throw new NotPython(from, 'a field of a formatted string does not end')
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\x07',
  b: '\b',
}

/** The value of a string literal: numbers and names of characters resolved. */
function unescapePython(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, octal?: string, one?: string) => {
      const hex = x ?? u ?? long
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16)
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      }
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      return simple[one ?? ''] ?? whole
    },
  )
}
