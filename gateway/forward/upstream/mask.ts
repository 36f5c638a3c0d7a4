import type { Mask } from '../way.ts'

/** Shorter ones would take ordinary words out of answers. */
const shortest = 8
const instead = Buffer.from('[redacted]')

/**
 * Takes secrets out of bytes, plain and as JSON or a URL would write them: a provider that repeats what it was sent must not hand the
 * hub's credential to a caller. Undefined when there is nothing to hide.
 */
export function createMask(secrets: readonly string[]): Mask | undefined {
  const forms = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
  const needles = [...new Set(forms)].map((form) => Buffer.from(form)).sort((a, b) => b.length - a.length)
  if (needles.length === 0) return undefined
  return {
    longest: needles[0]?.length ?? 0,
    hide: (bytes) => {
      let clean = bytes
      for (const needle of needles) clean = without(clean, needle)
      return clean
    },
  }
}

function without(bytes: Buffer, needle: Buffer): Buffer {
  let at = bytes.indexOf(needle)
  if (at === -1) return bytes
  const parts: Buffer[] = []
  let from = 0
  for (; at !== -1; at = bytes.indexOf(needle, from)) {
    parts.push(bytes.subarray(from, at), instead)
    from = at + needle.length
  }
  return Buffer.concat([...parts, bytes.subarray(from)])
}
