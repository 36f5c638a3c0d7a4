const maxEvidence = 200

/** Text made safe to show and store: printable ASCII kept, everything else escaped, at most `max` characters. */
export function escapeText(text: string, max: number = maxEvidence): string {
  let result = ''
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const next =
      code >= 0x20 && code < 0x7f && code !== 0x5c
        ? character
        : code === 0x5c
          ? '\\\\'
          : code === 0x0a
            ? '\\n'
            : code > 0xffff
              ? `\\u{${code.toString(16)}}`
              : code > 0xff
                ? `\\u${code.toString(16).padStart(4, '0')}`
                : `\\x${code.toString(16).padStart(2, '0')}`
    if (result.length + next.length > max - 3) return `${result}...`
    result += next
  }
  return result
}

/** The first bytes as hexadecimal pairs, for bytes that are not text. */
export function hexOf(bytes: Uint8Array, max: number = 16): string {
  return [...bytes.subarray(0, max)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
