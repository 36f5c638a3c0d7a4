import type { LlamaModel, Token } from 'node-llama-cpp'
import type { AnswerFormat } from './answer-format.ts'
import { chatFormat, completionFormat } from './answer-format.ts'
import type { ChatPrompt } from './chat-prompt.ts'
import { completionPrompt, parseMessages } from './chat-prompt.ts'
import { badRequest } from './failure.ts'
import { booleanField, integerField, isRecord } from './fields.ts'
import type { Sampling } from './sampling.ts'
import { parseSampling } from './sampling.ts'

/** A request that is ready to run. */
export type ParsedRequest = {
  prompt: Token[]
  sampling: Sampling
  stream: boolean
  includeUsage: boolean
  format: AnswerFormat
}

export type ParseContext = {
  model: LlamaModel
  deploymentId: string
  chatPrompt: ChatPrompt
  contextLength: number
  requestId: string
  /** Seconds since 1970. */
  created: number
}

/** Body of `POST /v1/chat/completions`. Rejects with RequestFailure 400. */
export async function parseChat(body: Record<string, unknown>, context: ParseContext): Promise<ParsedRequest> {
  const wanted = booleanField(body, 'logprobs') ?? false
  const top = integerField(body, 'top_logprobs', 0, 20)
  if (top !== undefined && !wanted) throw badRequest('"top_logprobs" needs "logprobs": true.', 'top_logprobs')
  const sampling = parseSampling(body, context.requestId, wanted ? (top ?? 0) : undefined)
  const prompt = await context.chatPrompt(parseMessages(body['messages']))
  return finish(body, context, prompt, sampling, chatFormat)
}

/** Body of `POST /v1/completions`. Throws RequestFailure 400. */
export function parseCompletion(body: Record<string, unknown>, context: ParseContext): ParsedRequest {
  if (booleanField(body, 'echo') === true) throw badRequest('This engine does not support "echo".', 'echo')
  const sampling = parseSampling(body, context.requestId, integerField(body, 'logprobs', 0, 5))
  const given = body['prompt']
  const text: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given
  if (typeof text !== 'string') throw badRequest('"prompt" must be one text.', 'prompt')
  return finish(body, context, completionPrompt(context.model, text), sampling, completionFormat)
}

function finish(
  body: Record<string, unknown>,
  context: ParseContext,
  prompt: Token[],
  sampling: Sampling,
  makeFormat: typeof chatFormat,
): ParsedRequest {
  const { contextLength } = context
  if (prompt.length >= contextLength) {
    const words = `The prompt has ${prompt.length} tokens; this model's context holds ${contextLength} including the answer.`
    throw badRequest(words, 'messages', 'context_length_exceeded')
  }
  const options = body['stream_options']
  const includeUsage = isRecord(options) && booleanField(options, 'include_usage') === true
  const stream = booleanField(body, 'stream') ?? false
  const model = typeof body['model'] === 'string' ? body['model'] : context.deploymentId
  const format = makeFormat({
    id: context.requestId,
    created: context.created,
    model,
    withLogprobs: sampling.topLogprobs !== undefined,
    includeUsage: includeUsage && stream,
  })
  return { prompt, sampling, stream, includeUsage: includeUsage && stream, format }
}
