/**
 * The text of `bytes` when they are well-formed UTF-8 (with or without a byte order mark) without control characters other than
 * white space, escape and backspace; else undefined. With `whole` false the bytes may end inside a character.
 */
export function decodeText(bytes: Uint8Array, whole: boolean): string | undefined {
  if (bytes.length === 0) return undefined
  for (const byte of bytes) if (isForbiddenControl(byte)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
  } catch {
    return undefined
  }
}

/** Control bytes that text files do not hold. Tab, line feed, vertical tab, form feed, carriage return, backspace and escape are fine. */
export function isForbiddenControl(byte: number): boolean {
  return (byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f
}
