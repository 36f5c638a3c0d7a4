export type ChatOptions = {
  model: string
  content: string
  maxTokens?: number
  /** Becomes the id of the usage record. */
  requestId?: string
  /** Called with each piece of a streamed answer. */
  onPiece?: (text: string) => void
}

export type ChatAnswer = {
  status: number
  text: string
  finishReason: string | null
  /** Code of the refusal. */
  code: string | null
  promptTokens: number | null
  completionTokens: number | null
}

type Choice = { message?: { content?: string }; delta?: { content?: string }; finish_reason?: string | null }
type Chunk = {
  choices?: Choice[]
  usage?: { prompt_tokens: number; completion_tokens: number } | null
  error?: { code?: string }
}

/** `POST /v1/chat/completions` at the gateway, not streamed. */
export async function chat(gatewayUrl: string, key: string, options: ChatOptions): Promise<ChatAnswer> {
  const response = await send(gatewayUrl, key, options, false)
  const body = (await response.json()) as Chunk
  const choice = body.choices?.[0]
  return answerOf(response.status, [body], choice?.message?.content ?? '', choice?.finish_reason ?? null)
}

/** The same as a stream. Throws when it breaks off before `[DONE]`. */
export async function streamChat(gatewayUrl: string, key: string, options: ChatOptions): Promise<ChatAnswer> {
  const response = await send(gatewayUrl, key, options, true)
  if (response.status !== 200 || response.body === null) {
    return answerOf(response.status, [(await response.json()) as Chunk], '', null)
  }
  const chunks: Chunk[] = []
  let text = ''
  let finishReason: string | null = null
  for await (const data of readEvents(response.body)) {
    if (data === '[DONE]') return answerOf(response.status, chunks, text, finishReason)
    const chunk = JSON.parse(data) as Chunk
    chunks.push(chunk)
    const choice = chunk.choices?.[0]
    const piece = choice?.delta?.content ?? ''
    text += piece
    finishReason = choice?.finish_reason ?? finishReason
    if (piece !== '') options.onPiece?.(piece)
  }
  throw new Error(`the stream ended without [DONE] after "${text.slice(-80)}"`)
}

function send(gatewayUrl: string, key: string, options: ChatOptions, stream: boolean): Promise<Response> {
  return fetch(`${gatewayUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(options.requestId === undefined ? {} : { 'x-request-id': options.requestId }),
    },
    body: JSON.stringify({
      model: options.model,
      messages: [{ role: 'user', content: options.content }],
      temperature: 0,
      seed: 1,
      max_tokens: options.maxTokens ?? 64,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
    }),
    signal: AbortSignal.timeout(60_000),
  })
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let buffer = ''
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    buffer += decoder.decode(part, { stream: true })
    const lines = buffer.split('\n')
    buffer = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('data: ')) yield line.slice(6).trim()
  }
}

function answerOf(status: number, chunks: readonly Chunk[], text: string, finishReason: string | null): ChatAnswer {
  const usage = chunks.findLast((chunk) => chunk.usage)?.usage
  return {
    status,
    text,
    finishReason,
    code: chunks.find((chunk) => chunk.error)?.error?.code ?? null,
    promptTokens: usage?.prompt_tokens ?? null,
    completionTokens: usage?.completion_tokens ?? null,
  }
}
