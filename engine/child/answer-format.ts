import type { Outcome, Piece } from './generate.ts'
import type { TokenLogprob } from './logprobs.ts'

export type Usage = { prompt_tokens: number; completion_tokens: number; total_tokens: number }

/** How one kind of answer is written, whole and as stream chunks. */
export type AnswerFormat = {
  /** Written before the first piece of a stream; undefined = nothing. */
  opening: () => object | undefined
  chunk: (piece: Piece) => object
  closing: (outcome: Outcome) => object
  /** The chunk that carries usage and no choice. */
  usage: (usage: Usage) => object
  whole: (text: string, logprobs: TokenLogprob[], outcome: Outcome, usage: Usage) => object
}

type FormatInput = { id: string; created: number; model: string; withLogprobs: boolean; includeUsage: boolean }

/** OpenAI's `chat.completion` and `chat.completion.chunk`. */
export function chatFormat(input: FormatInput): AnswerFormat {
  const frame = {
    id: `chatcmpl-${input.id}`,
    object: 'chat.completion.chunk',
    created: input.created,
    model: input.model,
  }
  const usageField = input.includeUsage ? { usage: null } : {}
  const logprobsOf = (entries: TokenLogprob[]): object | null => (input.withLogprobs ? { content: entries } : null)
  const chunk = (delta: object, logprobs: object | null, finish: string | null): object => ({
    ...frame,
    choices: [{ index: 0, delta, logprobs, finish_reason: finish }],
    ...usageField,
  })
  return {
    opening: () => chunk({ role: 'assistant', content: '' }, null, null),
    chunk: (piece) => chunk({ content: piece.text }, logprobsOf(piece.logprobs), null),
    closing: (outcome) => chunk({}, null, outcome.finishReason),
    usage: (usage) => ({ ...frame, choices: [], usage }),
    whole: (text, logprobs, outcome, usage) => ({
      ...frame,
      object: 'chat.completion',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: text, refusal: null },
          logprobs: logprobsOf(logprobs),
          finish_reason: outcome.finishReason,
        },
      ],
      usage,
    }),
  }
}

/** OpenAI's `text_completion`. */
export function completionFormat(input: FormatInput): AnswerFormat {
  const frame = { id: `cmpl-${input.id}`, object: 'text_completion', created: input.created, model: input.model }
  const usageField = input.includeUsage ? { usage: null } : {}
  let offset = 0
  const logprobsOf = (entries: TokenLogprob[]): object | null => {
    if (!input.withLogprobs) return null
    const offsets = entries.map((entry) => {
      offset += entry.token.length
      return offset - entry.token.length
    })
    return {
      tokens: entries.map((entry) => entry.token),
      token_logprobs: entries.map((entry) => entry.logprob),
      top_logprobs: entries.map((entry) =>
        Object.fromEntries(entry.top_logprobs.map((top) => [top.token, top.logprob])),
      ),
      text_offset: offsets,
    }
  }
  const chunk = (text: string, logprobs: object | null, finish: string | null): object => ({
    ...frame,
    choices: [{ index: 0, text, logprobs, finish_reason: finish }],
    ...usageField,
  })
  return {
    opening: () => undefined,
    chunk: (piece) => chunk(piece.text, logprobsOf(piece.logprobs), null),
    closing: (outcome) => chunk('', null, outcome.finishReason),
    usage: (usage) => ({ ...frame, choices: [], usage }),
    whole: (text, logprobs, outcome, usage) => ({
      ...frame,
      choices: [{ index: 0, text, logprobs: logprobsOf(logprobs), finish_reason: outcome.finishReason }],
      usage,
    }),
  }
}
