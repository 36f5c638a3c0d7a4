import type { Row } from '../vendor.ts'

/** Readers over one JSON value. A path is field names joined by "."; what is missing or of another type is undefined. */
export function rowOf(value: unknown): Row {
  const at = (path: string): unknown => {
    let found = value
    for (const name of path === '' ? [] : path.split('.')) {
      if (typeof found !== 'object' || found === null) return undefined
      found = Object.hasOwn(found, name) ? (found as Record<string, unknown>)[name] : undefined
    }
    return found
  }
  return {
    text: (path) => {
      const found = at(path)
      return typeof found === 'string' && found !== '' ? found : undefined
    },
    // Prices come as text from some.
    number: (path) => {
      const found = at(path)
      const number = typeof found === 'string' && found.trim() !== '' ? Number(found) : found
      return typeof number === 'number' && Number.isFinite(number) ? number : undefined
    },
    flag: (path) => {
      const found = at(path)
      return typeof found === 'boolean' ? found : undefined
    },
    texts: (path) => {
      const found = at(path)
      return Array.isArray(found) ? found.filter((one): one is string => typeof one === 'string') : undefined
    },
    rows: (path) => {
      const found = at(path)
      return Array.isArray(found) ? found.map(rowOf) : []
    },
  }
}
