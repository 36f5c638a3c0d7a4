import { unwrap } from '../../sdk/index.ts'
import type { Context } from '../context.ts'
import type { Hub } from '../hub.ts'
import { readDeltas } from './read-deltas.ts'
import { gatewayRefusal, gatewayUnreachable, StreamFailure } from './refusal.ts'

export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string }

type ChatOptions = {
  model: string
  stream: boolean
  temperature?: number
  maxTokens?: number
  seed?: number
}

/** Sends the conversation, prints the answer as it comes, and resolves to its text. */
export type SendMessage = (messages: readonly ChatMessage[], signal: AbortSignal) => Promise<string>

/** A new session key reaches the gateway within two seconds; until then it may not know it (ms). */
const keyPatienceMs = 3_000
/** Session keys live 15 minutes; a conversation takes a new one before that (ms). */
const keyLifeMs = 10 * 60_000

/** Prepares a chat with a model at the hub's gateway: finds its address and takes a session key. */
export async function createChat(ctx: Context, hub: Hub, options: ChatOptions): Promise<SendMessage> {
  const { gatewayUrl } = await unwrap(hub.client.GET('/version'))
  const takeKey = async () => ({ at: ctx.clock.now(), value: (await unwrap(hub.client.POST('/keys/session'))).key })
  let key = await takeKey()

  const post = async (messages: readonly ChatMessage[], signal: AbortSignal): Promise<Response> => {
    try {
      return await fetch(`${gatewayUrl.replace(/\/+$/, '')}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.value}`, 'content-type': 'application/json' },
        body: JSON.stringify(requestBody(options, messages)),
        signal,
      })
    } catch (cause) {
      if (signal.aborted) throw cause
      throw gatewayUnreachable(gatewayUrl, cause)
    }
  }

  return async (messages, signal) => {
    if (ctx.clock.now() - key.at > keyLifeMs) key = await takeKey()
    let response = await post(messages, signal)
    while (response.status === 401 && ctx.clock.now() - key.at < keyPatienceMs) {
      await response.body?.cancel()
      await ctx.sleep(150, signal)
      response = await post(messages, signal)
    }
    if (!response.ok) throw await gatewayRefusal(response)
    return options.stream ? printStream(ctx, response) : printWhole(ctx, response)
  }
}

function requestBody(options: ChatOptions, messages: readonly ChatMessage[]): Record<string, unknown> {
  return {
    model: options.model,
    messages,
    stream: options.stream,
    ...(options.temperature === undefined ? {} : { temperature: options.temperature }),
    ...(options.maxTokens === undefined ? {} : { max_tokens: options.maxTokens }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  }
}

async function printStream(ctx: Context, response: Response): Promise<string> {
  let answer = ''
  try {
    for await (const delta of readDeltas(response)) {
      answer += delta
      ctx.piece(delta)
    }
  } catch (error) {
    // What came stays on its own line; the reason follows on standard error.
    if (answer !== '') ctx.line()
    throw error instanceof TypeError ? new StreamFailure(error) : error
  }
  ctx.line()
  return answer
}

async function printWhole(ctx: Context, response: Response): Promise<string> {
  const completion = (await response.json()) as { choices?: { message?: { content?: string | null } }[] }
  const answer = completion.choices?.[0]?.message?.content ?? ''
  if (ctx.flags.json) ctx.json(completion)
  else ctx.line(answer)
  return answer
}
