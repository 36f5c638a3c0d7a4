import { invalid } from '../../../kernel/index.ts'

/** Alternatives that the braces of one pattern may give together. */
const maxAlternatives = 64

export type Glob = (path: string) => boolean

/**
 * A test of paths against a glob: `*` and `?` stay within one part of a path, `**` spans parts, `{a,b}` gives alternatives. A pattern
 * without a slash is compared with the name of the file in whatever folder it is; one with a slash, with the whole path. Case counts.
 * Takes time proportional to pattern times path at most. Throws `invalid` `bad_glob`.
 */
export function compileGlob(pattern: string): Glob {
  const alternatives = expandBraces(pattern)
  const tests = alternatives.map((alternative) => {
    const parts = alternative.replace(/^\.?\/+/, '').split('/')
    if (parts.length === 1 && parts[0] !== '**') {
      const [name = ''] = parts
      return (path: string[]) => matchPart(name, path.at(-1) ?? '')
    }
    // A folder stands for everything in it.
    if (parts.at(-1) === '') parts[parts.length - 1] = '**'
    return (path: string[]) => matchParts(parts, path)
  })
  return (path) => {
    const parts = path.split('/')
    return tests.some((matches) => matches(parts))
  }
}

/** True when a path is included, by some pattern or because there is none, and not excluded. */
export function compileChoice(include: readonly string[] | undefined, exclude: readonly string[] | undefined): Glob {
  const wanted = include?.map(compileGlob) ?? []
  const unwanted = exclude?.map(compileGlob) ?? []
  return (path) => (wanted.length === 0 || wanted.some((one) => one(path))) && !unwanted.some((one) => one(path))
}

/** The alternatives of a pattern with its braces written out; nested ones from the inside out. */
export function expandBraces(pattern: string): string[] {
  let open = [pattern]
  const done: string[] = []
  while (open.length > 0) {
    const next: string[] = []
    for (const one of open) {
      const found = /\{([^{}]*)\}/.exec(one)
      if (found === null) {
        done.push(one)
        continue
      }
      const before = one.slice(0, found.index)
      const after = one.slice(found.index + found[0].length)
      next.push(...(found[1] ?? '').split(',').map((choice) => `${before}${choice}${after}`))
    }
    if (done.length + next.length > maxAlternatives) {
      throw invalid(
        'bad_glob',
        `The pattern ${pattern} has more than ${maxAlternatives} alternatives.`,
        'Write it as several patterns.',
      )
    }
    open = next
  }
  return [...new Set(done)]
}

/** Whole paths, part by part; each pair of positions is looked at once. */
function matchParts(pattern: readonly string[], path: readonly string[]): boolean {
  let reachable = new Set([0])
  for (const [index, part] of pattern.entries()) {
    const next = new Set<number>()
    // At the end it stands for what is in a folder, which the folder is not.
    const least = index > 0 && index === pattern.length - 1 ? 1 : 0
    for (const at of reachable) {
      if (part === '**') for (let i = at + least; i <= path.length; i++) next.add(i)
      else if (at < path.length && matchPart(part, path[at] ?? '')) next.add(at + 1)
    }
    reachable = next
    if (reachable.size === 0) return false
  }
  return reachable.has(path.length)
}

/** One part; going back only to the last star keeps this at pattern times text. */
export function matchPart(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let from = 0
  while (t < text.length) {
    if (p < pattern.length && pattern[p] === '*') {
      star = p
      from = t
      p += 1
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1
      t += 1
    } else if (star >= 0) {
      p = star + 1
      from += 1
      t = from
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
