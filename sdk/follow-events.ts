import { HubApiError } from './unwrap.ts'

/** One server-sent event: its id (for resuming) and its JSON. */
export type HubEvent<T> = { id: string | undefined; data: T }

/**
 * Reads a text/event-stream of the hub until it ends. Reconnecting is the caller's: pass the last id as `lastEventId`.
 * Throws `HubApiError` when the hub refuses.
 * Protocol: WHATWG HTML, server-sent events.
 */
export async function* followEvents<T>(
  url: string,
  options: { token?: string; lastEventId?: string; fetch?: typeof fetch },
  signal?: AbortSignal,
): AsyncGenerator<HubEvent<T>, void, undefined> {
  const headers: Record<string, string> = { accept: 'text/event-stream' }
  if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`
  if (options.lastEventId !== undefined) headers['last-event-id'] = options.lastEventId
  const response = await (options.fetch ?? fetch)(url, { headers, ...(signal === undefined ? {} : { signal }) })
  if (!response.ok || response.body === null) {
    const problem = await response.json().catch(() => undefined)
    throw new HubApiError(response.status, problem as never)
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      buffer += value
      const blocks = buffer.split(/\r?\n\r?\n/)
      buffer = blocks.pop() ?? ''
      for (const block of blocks) {
        const event = parseEvent<T>(block)
        if (event !== undefined) yield event
      }
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

function parseEvent<T>(block: string): HubEvent<T> | undefined {
  let id: string | undefined
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith('id:')) id = line.slice(3).trim()
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''))
  }
  if (data.length === 0) return undefined
  return { id, data: JSON.parse(data.join('\n')) as T }
}
