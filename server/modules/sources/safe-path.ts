/** Names that Windows takes for devices, whatever their ending. */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i
const maxNameBytes = 255
const maxPathBytes = 1_024
const maxDepth = 32

/** Whether text is a name that every file system keeps as it is: one part, no control characters, no device, 255 bytes at most. */
export function isSafeName(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    Buffer.byteLength(name) <= maxNameBytes &&
    // Also separators of both kinds, and what turns the direction of text.
    !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd/\\]/u.test(name) &&
    name.isWellFormed() &&
    !/^[a-z]:/i.test(name) &&
    !/[ .]$/.test(name) &&
    !reserved.test(name)
  )
}

/** Whether a relative path with forward slashes is made of safe names, is no longer than 1,024 bytes and no deeper than 32. */
export function isSafePath(path: string): boolean {
  if (Buffer.byteLength(path) > maxPathBytes) return false
  const parts = path.split('/')
  return parts.length <= maxDepth && parts.every(isSafeName)
}
