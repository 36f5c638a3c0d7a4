import { findSecrets } from './secrets.ts'

/** Shorter texts hold no credential. */
const shortest = 16
/** Characters of the longest credential, a private key in several lines. */
const longestSecret = 4_096

/** Facts are stored and shown: what is found in a file as a credential must not be in them. */
export function withoutSecret<T>(value: T): T | string {
  let found = false
  if (typeof value === 'string' && value.length >= shortest) findSecrets(value, 0, () => (found = true))
  return found ? '(a credential)' : value
}

/** The first `length` characters of a text, or what stands for them when a credential begins in them. */
export function startWithoutSecret(text: string, length: number): string {
  // The end of one that is cut would no longer be known as one.
  const seen = text.slice(0, length + longestSecret)
  const kept = withoutSecret(seen)
  return kept === seen ? text.slice(0, length) : kept
}
