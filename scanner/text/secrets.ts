import type { Observation } from '../types.ts'
import { type SecretShape, secretShapes } from './secret-shapes.ts'

const byAnchor = new Map<string, SecretShape[]>()
for (const shape of secretShapes) byAnchor.set(shape.anchor, [...(byAnchor.get(shape.anchor) ?? []), shape])

/** All anchors at once: fixed letters only, so the search is linear; what follows one is bounded by its shape. */
const anchors = new RegExp(
  [...byAnchor.keys()]
    .sort((a, b) => b.length - a.length)
    .map((anchor) => anchor.replace(/[.+]/g, '\\$&'))
    .join('|'),
  'g',
)

/** The longest shape, by which windows must overlap. */
export const secretOverlap = 320

/** A placeholder such as `hf_xxxxxxxx` has few letters. */
const fewestLetters = 8
const maxPerWindow = 50

/**
 * Credentials in a window of text, with their place but never their value: evidence shows the first four characters.
 * @param known characters at the start of the window that the window before had; what ends in them was noted then
 */
export function findSecrets(
  text: string,
  baseOffset: number,
  observe: (observation: Observation) => void,
  known: number = 0,
): void {
  let seen = 0
  let matchedTo = 0
  for (const { 0: anchor, index } of text.matchAll(anchors)) {
    // What lies in a match is part of it.
    if (index < matchedTo) continue
    for (const { pattern, before = 0, name, privateKey } of byAnchor.get(anchor) ?? []) {
      const start = index - before
      if (start < 0 || (before === 0 && isInsideWord(text, start))) continue
      pattern.lastIndex = start
      const match = pattern.exec(text)?.[0]
      if (match === undefined) continue
      matchedTo = start + match.length
      if (matchedTo <= known) break
      const sample = match.slice(before + anchor.length, before + anchor.length + 64)
      if (privateKey !== true && new Set(sample).size < fewestLetters) break
      if (++seen > maxPerWindow) return
      observe({
        code: privateKey === true ? 'secret.private-key' : 'secret.credential',
        offset: baseOffset + start,
        detail: name,
        evidence: `${match.slice(0, 4)}...[${match.length} characters]`,
      })
      break
    }
  }
}

/** True when the character before is part of the same word, as in `risk-`. A backslash escape such as `\n` is not. */
function isInsideWord(text: string, start: number): boolean {
  const before = text.charCodeAt(start - 1)
  const isWord =
    (before >= 48 && before <= 57) || (before >= 65 && before <= 90) || (before >= 97 && before <= 122) || before === 95
  return isWord && text.charAt(start - 2) !== '\\'
}
