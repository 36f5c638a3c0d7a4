import type { TemplateProblem } from './analyze.ts'

const maxProblems = 10

/**
 * A check of the text alone. Statements that load other templates are looked for always, because the parser stops at them; the rest
 * only when there is no syntax tree, where any sign of a way out counts.
 */
export function coarseCheck(text: string, parsed: boolean): TemplateProblem[] {
  const problems: TemplateProblem[] = []
  for (const [block] of text.matchAll(/\{%[-+]?\s{0,100}(?:import|include|extends|from)\s[^%]{0,200}/g)) {
    problems.push({ code: 'template.load', evidence: block })
  }
  if (!parsed) {
    for (const code of blocksOf(text)) {
      const plain = unescaped(code)
      // Adjacent literals and `~` join without a trace once quotes, operators and white space are gone.
      const joined = plain.replaceAll(/['"~+\s]/g, '')
      const found = /__\w{2,40}?__/.exec(plain) ?? /__\w{2,40}?__/.exec(joined)
      if (found !== null) problems.push({ code: 'template.dunder', evidence: found[0] })
      if (/\|\s*attr\b/.test(plain)) problems.push({ code: 'template.attr-filter', evidence: 'attr' })
      const runtime = /\b(?:cycler|joiner|lipsum|self|namespace)\s{0,20}[.[|]/.exec(plain)
      if (runtime !== null) problems.push({ code: 'template.runtime-global', evidence: runtime[0] })
      if (problems.length >= maxProblems) break
    }
  }
  return problems.slice(0, maxProblems)
}

/** What stands between `{{ }}` and `{% %}`; an unclosed block runs to the end. */
function* blocksOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const open = nextOpen(text, from)
    if (open < 0) return
    const close = text.indexOf(text[open + 1] === '{' ? '}}' : '%}', open + 2)
    yield text.slice(open + 2, close < 0 ? text.length : close)
    if (close < 0) return
    from = close + 2
  }
}

function nextOpen(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    if (text[at + 1] === '{' || text[at + 1] === '%') return at
  }
  return -1
}

/** Python's escapes in string literals: \xhh, \uhhhh, \Uhhhhhhhh, octal, and the one name that matters. */
function unescaped(code: string): string {
  return code
    .replaceAll(/\\N\{LOW LINE\}/gi, '_')
    .replaceAll(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/gi, (all, ...groups: (string | undefined)[]) => {
      const value = Number.parseInt(groups[0] ?? groups[1] ?? groups[2] ?? '', 16)
      return value <= 0x10ffff ? String.fromCodePoint(value) : all
    })
    .replaceAll(/\\([0-3]?[0-7]{1,2})/g, (_all, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
