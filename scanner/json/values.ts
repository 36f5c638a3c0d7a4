import { startWithoutSecret } from '../text/without-secret.ts'
import type { Json } from '../types.ts'
import { JsonBroken, type JsonTokens } from './tokens.ts'
import type { JsonWatch } from './watch.ts'

export const maxDepth = 128
const maxText = 1024

/** How much of a value is kept, with 32 characters of text counted as a node. Everything is checked, whatever is kept. */
export type Budget = { nodes: number }

/**
 * Reads the value whose first token is current, and keeps it while the budget lasts; `undefined` stands for what was not kept.
 * Leaves its last token current. Throws `JsonBroken`. `watch` sees every member, whatever is kept.
 */
export function readValue(tokens: JsonTokens, depth: number, budget: Budget, watch?: JsonWatch): Json | undefined {
  const keep = budget.nodes > 0
  budget.nodes -= 1
  if (depth > maxDepth) throw new JsonBroken('depth', tokens.offset, `values nest deeper than ${maxDepth}`)
  if (tokens.type === '{') {
    const members: [string, Json][] = []
    watch?.objectBegins()
    readMembers(tokens, (key, keyOffset) => {
      watch?.enter(key, keyOffset)
      const value = readValue(tokens, depth + 1, budget, watch)
      watch?.leave()
      if (value !== undefined) members.push([key.slice(0, 256), value])
    })
    watch?.objectEnds(tokens.offset)
    return keep ? Object.fromEntries(members) : undefined
  }
  if (tokens.type === '[') {
    const items: Json[] = []
    readItems(tokens, () => {
      const value = readValue(tokens, depth + 1, budget, watch)
      if (value !== undefined) items.push(value)
    })
    return keep ? items : undefined
  }
  const scalar = scalarOf(tokens)
  watch?.scalar(tokens)
  if (!keep) return undefined
  if (typeof scalar !== 'string') return scalar
  const text = startWithoutSecret(scalar, maxText)
  budget.nodes -= text.length / 32
  return text
}

/** Checks a value without keeping anything of it. */
export function skipValue(tokens: JsonTokens, depth: number): void {
  const before = tokens.keepText
  tokens.keepText = false
  readValue(tokens, depth, { nodes: 0 })
  tokens.keepText = before
}

/** The current token as a scalar. Integers beyond 2^53 stay text. */
export function scalarOf(tokens: JsonTokens): Json {
  const { type, text, offset } = tokens
  if (type === 'string') return text
  if (type === 'true' || type === 'false') return type === 'true'
  if (type === 'null') return null
  if (type === 'number') {
    const value = Number(text)
    const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
    return exact ? value : text
  }
  throw new JsonBroken('syntax', offset, type === 'end' ? 'the document ends too early' : `an unexpected "${type}"`)
}

/** The current type anew: the compiler does not see that `next` changes it. */
const now = (tokens: JsonTokens): JsonTokens['type'] => tokens.type

/** With `{` current, calls `member` for each member with the first token of its value current; ends with `}` current. */
export function readMembers(tokens: JsonTokens, member: (key: string, keyOffset: number) => void): void {
  tokens.next()
  if (now(tokens) === '}') return
  for (;;) {
    if (now(tokens) !== 'string') throw new JsonBroken('syntax', tokens.offset, 'a member without a name')
    const key = tokens.text
    const keyOffset = tokens.offset
    tokens.next()
    if (now(tokens) !== ':') throw new JsonBroken('syntax', tokens.offset, 'a colon is missing')
    tokens.next()
    member(key, keyOffset)
    tokens.next()
    if (now(tokens) === '}') return
    if (now(tokens) !== ',') throw new JsonBroken('syntax', tokens.offset, 'a comma is missing')
    tokens.next()
  }
}

/** With `[` current, calls `item` for each item with its first token current; ends with `]` current. */
export function readItems(tokens: JsonTokens, item: (index: number) => void): void {
  tokens.next()
  if (now(tokens) === ']') return
  for (let index = 0; ; index++) {
    item(index)
    tokens.next()
    if (now(tokens) === ']') return
    if (now(tokens) !== ',') throw new JsonBroken('syntax', tokens.offset, 'a comma is missing')
    tokens.next()
  }
}
