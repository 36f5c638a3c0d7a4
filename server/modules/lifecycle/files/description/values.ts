export type JsonObject = { readonly [key: string]: unknown }

/**
 * The value of a JSON text; undefined when it is none. `NaN` and `Infinity`, which Python writes, become null. Depth needs no bound:
 * the parser keeps its own stack, and nothing here walks a document beyond the keys it knows.
 */
export function parseJson(text: string): unknown {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text
  try {
    return JSON.parse(source)
  } catch {
    if (!/Infinity|NaN/.test(source)) return undefined
  }
  try {
    return JSON.parse(source.replaceAll(/([[,:]\s{0,64})-?(?:Infinity|NaN)\b/g, '$1null'))
  } catch {
    return undefined
  }
}

/** The value as an object; undefined for lists, scalars and nothing. */
export const asObject = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined

/** A text of 1 to 200 characters. */
export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' && value.length <= 200 ? value.trim() : undefined

/** A whole number from `min` to `max`. */
export const asCount = (value: unknown, max = Number.MAX_SAFE_INTEGER, min = 1): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined

/** A finite number above zero. */
export const asFactor = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 && value <= 1e6 ? value : undefined

/** The texts of a list, the first `most` of them. */
export const asTexts = (value: unknown, most = 100): string[] =>
  Array.isArray(value)
    ? value
        .slice(0, most * 4)
        .flatMap((item) => asText(item) ?? [])
        .slice(0, most)
    : []

/** What stands under the first of the keys that `read` accepts. */
export function firstOf<T>(object: JsonObject, keys: readonly string[], read: (value: unknown) => T | undefined) {
  for (const key of keys) {
    const value = read(object[key])
    if (value !== undefined) return value
  }
  return undefined
}
