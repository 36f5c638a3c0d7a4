import { refusalOf } from './refusal.ts'

type Chunk = { choices?: { delta?: { content?: string | null } }[]; error?: unknown }

/**
 * The pieces of text of a streamed chat completion (server-sent events, ended by `[DONE]`). Throws the refusal of an `error`
 * event, and when the stream ends without its `[DONE]`.
 */
export async function* readDeltas(response: Response): AsyncGenerator<string, void, undefined> {
  if (response.body === null) throw refusalOf({ message: 'The gateway sent no answer.' }, 502)
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data:')) continue
      const data = line.slice(5).trim()
      if (data === '[DONE]') return
      const chunk = JSON.parse(data) as Chunk
      if (chunk.error !== undefined) throw refusalOf(chunk.error, 502)
      const content = chunk.choices?.[0]?.delta?.content
      if (typeof content === 'string' && content !== '') yield content
    }
  }
  throw refusalOf({ message: 'The answer was cut off.', code: 'upstream_cut' }, 502)
}
