/** A piece of a YAML document. `at` counts characters of the text. */
export type YamlToken =
  | { kind: 'scalar'; text: string; at: number; style: 'plain' | 'quoted' | 'block'; column: number }
  | { kind: 'tag' | 'anchor' | 'alias'; text: string; at: number }
  | { kind: 'key' | 'item' | 'open' | 'close' | 'comma' | 'document'; at: number; column: number }

/** Thrown where the text is not YAML, or beyond a bound. */
export class NotYaml extends Error {
  readonly at: number
  readonly reason: 'syntax' | 'depth' | 'size'
  constructor(reason: 'syntax' | 'depth' | 'size', at: number, detail: string) {
    super(detail)
    this.name = 'NotYaml'
    this.at = at
    this.reason = reason
  }
}

const maxTokens = 400_000
const maxFlow = 100
const maxItems = 100

/**
 * Splits YAML into scalars, tags, anchors and the marks between them, without building anything: what constructs objects are tags and
 * keys, and these are seen whatever the structure around them. Source: YAML 1.1 and 1.2, chapters 6 and 7. Throws `NotYaml`.
 */
export function tokenizeYaml(text: string): YamlToken[] {
  const tokens: YamlToken[] = []
  const flow: string[] = []
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  let lineStart = at
  /** Column of the innermost thing that began on this line: a block scalar must be indented deeper. */
  let parent = -1
  /** True where a new node may begin on this line: after its white space, or a mark. */
  let fresh = true
  let itemsOnLine = 0

  const push = (token: YamlToken): void => {
    if (tokens.length >= maxTokens) throw new NotYaml('size', at, `more than ${maxTokens} parts`)
    tokens.push(token)
  }
  const column = (): number => at - lineStart
  const spaceAt = (index: number): boolean => {
    const character = text[index]
    return (
      character === undefined || character === ' ' || character === '\t' || character === '\n' || character === '\r'
    )
  }
  function newLine(): void {
    at += 1
    lineStart = at
    parent = -1
    fresh = true
    itemsOnLine = 0
    if (flow.length > 0) return
    if (/^(---|\.\.\.)(\s|$)/.test(text.slice(at, at + 4))) {
      push({ kind: 'document', at, column: 0 })
      at += 3
    } else if (text[at] === '%' && /^%[A-Z]/.test(text.slice(at, at + 2))) {
      const end = endOfLine(at)
      push({ kind: 'tag', text: text.slice(at, end), at })
      at = end
    }
  }
  function endOfLine(from: number): number {
    const end = text.indexOf('\n', from)
    return end < 0 ? text.length : end
  }

  at -= 1
  newLine()
  while (at < text.length) {
    const character = text[at] ?? ''
    if (character === '\n') newLine()
    else if (character === ' ' || character === '\t' || character === '\r') at += 1
    else if (character === '#' && (at === lineStart || spaceAt(at - 1))) at = endOfLine(at)
    else if (character === '[' || character === '{') {
      if (flow.length >= maxFlow) throw new NotYaml('depth', at, `lists and maps nest deeper than ${maxFlow}`)
      flow.push(character === '[' ? ']' : '}')
      push({ kind: 'open', at, column: column() })
      at += 1
    } else if ((character === ']' || character === '}') && flow.length > 0) {
      if (flow.pop() !== character) throw new NotYaml('syntax', at, 'a list or map closes that was not opened')
      push({ kind: 'close', at, column: column() })
      at += 1
    } else if (character === ',' && flow.length > 0) {
      push({ kind: 'comma', at, column: column() })
      at += 1
    } else if (character === '-' && flow.length === 0 && fresh && spaceAt(at + 1)) {
      if (++itemsOnLine > maxItems) throw new NotYaml('depth', at, `lists nest deeper than ${maxItems}`)
      push({ kind: 'item', at, column: column() })
      parent = column()
      at += 1
    } else if (character === '?' && spaceAt(at + 1)) {
      if (++itemsOnLine > maxItems) throw new NotYaml('depth', at, `keys nest deeper than ${maxItems}`)
      parent = column()
      at += 1
    } else if (
      character === ':' &&
      (spaceAt(at + 1) || (flow.length > 0 && /[,[\]{}"']/.test(text[at + 1] ?? '')) || afterQuoted())
    ) {
      if (flow.length === 0 && ++itemsOnLine > maxItems)
        throw new NotYaml('depth', at, `keys nest deeper than ${maxItems}`)
      push({ kind: 'key', at, column: column() })
      at += 1
      fresh = false
    } else if (character === '!') readWord('tag')
    else if (character === '&') readWord('anchor')
    else if (character === '*') readWord('alias')
    else if (character === '"') readDouble()
    else if (character === "'") readSingle()
    else if (
      (character === '|' || character === '>') &&
      flow.length === 0 &&
      /^[|>][-+0-9]{0,3}[ \t]*(#[^\n]*)?\r?(\n|$)/.test(text.slice(at, at + 300))
    )
      readBlock()
    else readPlain()
  }
  if (flow.length > 0) throw new NotYaml('syntax', at, 'a list or map is not closed')
  return tokens

  function afterQuoted(): boolean {
    const last = tokens.at(-1)
    return last?.kind === 'scalar' && last.style === 'quoted' && flow.length > 0
  }

  function readWord(kind: 'tag' | 'anchor' | 'alias'): void {
    const start = at
    if (kind === 'tag' && text[at + 1] === '<') {
      const end = text.indexOf('>', at)
      if (end < 0 || end - at > 4096) throw new NotYaml('syntax', at, 'a tag does not end')
      at = end + 1
    } else while (!spaceAt(at) && !(flow.length > 0 && /[,[\]{}]/.test(text[at] ?? ''))) at += 1
    push({ kind, text: text.slice(start + 1, Math.min(at, start + 1024)), at: start })
    if (fresh && kind !== 'alias') parent = Math.max(parent, -1)
    if (kind === 'alias') fresh = false
  }

  function readDouble(): void {
    const start = at
    const from = column()
    at += 1
    while (text[at] !== '"') {
      if (at >= text.length) throw new NotYaml('syntax', start, 'a text in quotes does not end')
      at += text[at] === '\\' ? 2 : 1
    }
    at += 1
    scalar(unescapeYaml(text.slice(start + 1, at - 1)), start, 'quoted', from)
    countLines(start)
  }

  function readSingle(): void {
    const start = at
    const from = column()
    at += 1
    for (;;) {
      const end = text.indexOf("'", at)
      if (end < 0) throw new NotYaml('syntax', start, 'a text in quotes does not end')
      at = end + 1
      if (text[at] !== "'") break
      at += 1
    }
    scalar(text.slice(start + 1, at - 1).replaceAll("''", "'"), start, 'quoted', from)
    countLines(start)
  }
  function countLines(start: number): void {
    const last = text.lastIndexOf('\n', at - 1)
    if (last >= start) lineStart = last + 1
  }

  function scalar(value: string, start: number, style: 'plain' | 'quoted' | 'block', from: number): void {
    push({ kind: 'scalar', text: value.slice(0, 65_536), at: start, style, column: from })
    if (fresh) parent = from
    fresh = false
  }

  /** Text in lines of its own. They belong to it as far as they are indented deeper than what it is the value of. */
  function readBlock(): void {
    const start = at
    const indicator = /[1-9]/.exec(text.slice(at, at + 4))?.[0]
    const from = parent
    at = endOfLine(at)
    const begin = at + 1
    let end = at
    let least = indicator === undefined ? -1 : Math.max(0, from) + Number(indicator)
    for (let next = begin; next < text.length; ) {
      const stop = endOfLine(next)
      const line = text.slice(next, Math.min(stop, next + 4096))
      const indent = /^ */.exec(line)?.[0].length ?? 0
      const blank = line.trim() === ''
      if (!blank) {
        if (least < 0) least = indent
        if (indent <= from || indent < least) break
      }
      end = stop
      next = stop + 1
    }
    push({
      kind: 'scalar',
      text: text.slice(begin, Math.min(end, begin + 65_536)),
      at: start,
      style: 'block',
      column: from,
    })
    at = end
  }

  function readPlain(): void {
    const start = at
    const from = column()
    for (; at < text.length; at++) {
      const character = text[at] ?? ''
      if (character === '\n') break
      if (character === ':' && (spaceAt(at + 1) || (flow.length > 0 && /[,[\]{}]/.test(text[at + 1] ?? '')))) break
      if (character === '#' && at > start && spaceAt(at - 1)) break
      if (flow.length > 0 && /[,[\]{}]/.test(character)) break
    }
    if (at === start) at += 1
    scalar(text.slice(start, at).trim(), start, 'plain', from)
  }
}

const simple: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  v: '\v',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
}

/** Resolves escapes; a line that ends in one goes on in the next. */
function unescapeYaml(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(
    /\\(?:\r?\n[ \t]*|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (whole, x?: string, u?: string, long?: string, one?: string) => {
      const hex = x ?? u ?? long
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16)
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole
      }
      return one === undefined ? '' : (simple[one] ?? one)
    },
  )
}
