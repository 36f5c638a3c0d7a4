/** Arrays one after the other. @param length their lengths together */
export function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const only = parts[0]
  if (only !== undefined && parts.length === 1) return only
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
