/** What a Range header asks of a file: all of it, one part, or what cannot be given. */
export type Range = { is: 'all' } | { is: 'part'; start: number; end: number } | { is: 'none' } | { is: 'several' }

/** Reads a Range header (RFC 9110, 14.2). What is no range of bytes counts as none given. */
export function readRange(header: string | null, size: number): Range {
  const specs = /^\s*bytes\s*=(.*)$/i.exec(header ?? '')?.[1]?.split(',')
  if (specs === undefined) return { is: 'all' }
  const parts = specs.map((spec) => /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(spec))
  if (parts.some((part) => part === null || (part[1] === '' && part[2] === ''))) return { is: 'all' }
  if (parts.length > 1) return { is: 'several' }
  const [, first = '', last = ''] = parts[0] ?? []
  // Of a file without a byte nothing can be left out.
  if (size === 0) return { is: 'all' }
  if (first === '') {
    const count = Number(last)
    return count === 0 ? { is: 'none' } : { is: 'part', start: Math.max(0, size - count), end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return { is: 'all' }
  return start >= size ? { is: 'none' } : { is: 'part', start, end }
}

/** True when a list of entity tags names this one, by weak comparison (RFC 9110, 8.8.3.2). */
export function namesTag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}
