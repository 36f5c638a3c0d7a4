import { playgroundText } from './words.ts'

type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string }
export type ChatCall = {
  model: string
  messages: ChatMessage[]
  temperature?: number
  max_tokens?: number
  seed?: number
}
export type ChatMeasure = {
  /** Milliseconds from send to the first non-empty text, by the browser's clock. */
  ttftMs: number | null
  tokensPerSecond: number | null
  promptTokens: number | null
  completionTokens: number | null
  requestId: string | null
  target: string | null
  finish: string | null
}

/** What the gateway answered instead of text: its own sentence, code and request id. */
export class GatewayError extends Error {
  readonly code: string | undefined
  readonly remedy: string | undefined
  readonly requestId: string | undefined
  readonly status: number | undefined

  constructor(message: string, facts: { code?: string; remedy?: string; requestId?: string; status?: number }) {
    super(message)
    this.name = 'GatewayError'
    this.code = facts.code
    this.remedy = facts.remedy
    this.requestId = facts.requestId
    this.status = facts.status
  }
}

type Chunk = {
  choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null
  error?: { message?: string; code?: string }
}

/** Streams one answer from the gateway (OpenAI chat completions), telling each piece of text as it comes. */
export async function streamChat(
  options: { gatewayUrl: string; key: string; call: ChatCall; onText: (piece: string) => void },
  signal: AbortSignal,
): Promise<ChatMeasure> {
  const sent = performance.now()
  const response = await send(options, signal)
  const requestId = response.headers.get('x-modelhub-request-id')
  if (!response.ok || response.body === null) throw await refused(response, requestId)
  const measure: ChatMeasure = {
    ttftMs: null,
    tokensPerSecond: null,
    promptTokens: null,
    completionTokens: null,
    requestId,
    target: response.headers.get('x-modelhub-target'),
    finish: null,
  }
  let first = 0
  let last = 0
  for await (const chunk of chunks(response.body)) {
    if (chunk.error !== undefined) {
      throw new GatewayError(chunk.error.message ?? playgroundText.playground.badStream, {
        ...(chunk.error.code === undefined ? {} : { code: chunk.error.code }),
        ...(requestId === null ? {} : { requestId }),
      })
    }
    const piece = chunk.choices?.[0]?.delta?.content ?? ''
    if (piece !== '') {
      last = performance.now()
      if (first === 0) {
        first = last
        measure.ttftMs = first - sent
      }
      options.onText(piece)
    }
    measure.finish = chunk.choices?.[0]?.finish_reason ?? measure.finish
    if (chunk.usage != null) {
      measure.promptTokens = chunk.usage.prompt_tokens ?? null
      measure.completionTokens = chunk.usage.completion_tokens ?? null
    }
  }
  // The first token starts the clock, so one fewer tokens fall into the time between.
  if (measure.completionTokens !== null && measure.completionTokens > 1 && last > first) {
    measure.tokensPerSecond = ((measure.completionTokens - 1) * 1_000) / (last - first)
  }
  return measure
}

async function send(
  { gatewayUrl, key, call }: { gatewayUrl: string; key: string; call: ChatCall },
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(`${gatewayUrl.replace(/\/+$/, '')}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...call, stream: true, stream_options: { include_usage: true } }),
      signal,
    })
  } catch (error) {
    if (signal.aborted) throw error
    throw new GatewayError(playgroundText.playground.unreachable(gatewayUrl), {
      remedy: playgroundText.playground.unreachableFix,
    })
  }
}

async function refused(response: Response, requestId: string | null): Promise<GatewayError> {
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { message?: string; code?: string; remedy?: string }; detail?: string; code?: string; remedy?: string }
    | undefined
  const code = body?.error?.code ?? body?.code
  const remedy = body?.error?.remedy ?? body?.remedy
  return new GatewayError(body?.error?.message ?? body?.detail ?? playgroundText.playground.notJson, {
    status: response.status,
    ...(code === undefined ? {} : { code }),
    ...(remedy === undefined ? {} : { remedy }),
    ...(requestId === null ? {} : { requestId }),
  })
}

async function* chunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Chunk, void, undefined> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
  let buffer = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      buffer += value
      const lines = buffer.split(/\r?\n/)
      buffer = lines.pop() ?? ''
      for (const line of lines) {
        if (!line.startsWith('data:')) continue
        const data = line.slice(5).trim()
        if (data === '[DONE]') return
        yield JSON.parse(data) as Chunk
      }
    }
  } finally {
    reader.cancel().catch(() => undefined)
  }
}
