import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { messageOf } from '../../kernel/index.ts'
import type { Usage } from './answer-format.ts'
import { errorBody, RequestFailure } from './failure.ts'
import type { Outcome, Piece } from './generate.ts'
import type { TokenLogprob } from './logprobs.ts'
import type { ParsedRequest } from './parse-request.ts'

type Answer = AsyncGenerator<Piece, Outcome>

/** Sends the whole answer as one JSON body. */
export async function respondWhole(request: ParsedRequest, answer: Answer, response: ServerResponse): Promise<void> {
  let text = ''
  const logprobs: TokenLogprob[] = []
  const outcome = await forEachPiece(answer, (piece) => {
    text += piece.text
    logprobs.push(...piece.logprobs)
  })
  const body = JSON.stringify(request.format.whole(text, logprobs, outcome, usageOf(request, outcome)))
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

/**
 * Sends the answer as server-sent events, one per piece, waiting when the client reads slowly. An engine error after the
 * first byte becomes an error event without `[DONE]`, so that a cut answer is never taken for a whole one.
 */
export async function respondStream(
  request: ParsedRequest,
  answer: Answer,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const { format } = request
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' })
  const send = async (event: object): Promise<void> => {
    if (!response.write(`data: ${JSON.stringify(event)}\n\n`)) await once(response, 'drain', { signal })
  }
  try {
    const opening = format.opening()
    if (opening !== undefined) await send(opening)
    const outcome = await forEachPiece(answer, async (piece) => await send(format.chunk(piece)))
    await send(format.closing(outcome))
    if (request.includeUsage) await send(format.usage(usageOf(request, outcome)))
    response.end('data: [DONE]\n\n')
  } catch (error) {
    if (signal.aborted) throw error
    const failure = error instanceof RequestFailure ? error : new RequestFailure(500, 'engine_error', messageOf(error))
    response.end(`data: ${errorBody(failure)}\n\n`)
  }
}

async function forEachPiece(answer: Answer, act: (piece: Piece) => void | Promise<void>): Promise<Outcome> {
  try {
    for (;;) {
      const step = await answer.next()
      if (step.done === true) return step.value
      await act(step.value)
    }
  } finally {
    // Runs the generator's own clean-up when `act` threw.
    await answer.return({ finishReason: 'stop', completionTokens: 0 })
  }
}

function usageOf(request: ParsedRequest, outcome: Outcome): Usage {
  const prompt = request.prompt.length
  return {
    prompt_tokens: prompt,
    completion_tokens: outcome.completionTokens,
    total_tokens: prompt + outcome.completionTokens,
  }
}
