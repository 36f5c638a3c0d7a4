/** What matters to the gateway in one event of a completion stream. */
export type EventKind = 'content' | 'usage' | 'error' | 'other'

/**
 * Parses one event (3 µs; only done until the first content and for an event that mentions usage).
 * `content`: text, reasoning or a tool call for the reader; `usage`: the closing event with counts and no choice.
 */
export function eventKind(event: Buffer): EventKind {
  const value = eventData(event)
  if (value === undefined) return 'other'
  if (value['error'] !== undefined && value['error'] !== null) return 'error'
  const choices = value['choices']
  if (!Array.isArray(choices)) return 'other'
  if (choices.length === 0) return isObject(value['usage']) ? 'usage' : 'other'
  return choices.some(hasContent) ? 'content' : 'other'
}

/** True when the bytes end with the event that closes a whole stream. */
export function endsWithDone(bytes: Buffer): boolean {
  return /(?:^|\n)data: ?\[DONE\]\s*$/.test(bytes.toString('latin1', Math.max(0, bytes.length - 64)))
}

/** True when the bytes have an `error` member somewhere: cheap, and seldom wrong. */
export const mentionsError = (bytes: Buffer): boolean => bytes.includes('"error"')

/** What an event carries, without the names of its fields. */
export const dataOf = (event: Buffer): Buffer => Buffer.from(dataText(event))

const dataText = (event: Buffer): string =>
  event
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5))
    .join('\n')

function eventData(event: Buffer): Record<string, unknown> | undefined {
  const data = dataText(event)
  if (!data.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(data)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function hasContent(choice: unknown): boolean {
  if (!isObject(choice)) return false
  if (isFilled(choice['text'])) return true
  const delta = choice['delta']
  if (!isObject(delta)) return false
  // `role` comes alone first; any other filled member is for the reader.
  return Object.entries(delta).some(([member, value]) => member !== 'role' && isFilled(value))
}

function isFilled(value: unknown): boolean {
  if (typeof value === 'string') return value !== ''
  return Array.isArray(value) ? value.length > 0 : isObject(value)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
