import type { Matcher, TextMatch } from './match-text.ts'

/** The same matcher that remembers its last `most` texts: in a catalog most models share a few. */
export function rememberMatches(matcher: Matcher, most = 200): Matcher {
  const known = new Map<string, TextMatch>()
  return (text) => {
    const found = known.get(text) ?? matcher(text)
    known.delete(text)
    known.set(text, found)
    const oldest = known.keys().next()
    if (known.size > most && oldest.done === false) known.delete(oldest.value)
    return found
  }
}
