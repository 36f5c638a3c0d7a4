import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { TokenLogprob } from './logprobs.ts'
import { tokenLogprob } from './logprobs.ts'
import type { Sampling } from './sampling.ts'
import { createTextAssembler } from './text-assembler.ts'

/** A piece of the answer. `text` is never empty except together with `logprobs` of tokens whose text is held back. */
export type Piece = { text: string; logprobs: TokenLogprob[] }

export type Outcome = { finishReason: 'stop' | 'length'; completionTokens: number }

/** Prompt tokens per step: between steps an abort is noticed. Also the engine's own batch size. */
const promptStep = 512

/**
 * Generates an answer on an empty sequence: yields pieces, returns how it ended. The end token is neither shown nor counted.
 * Leaves the sequence empty. Throws the signal's reason when aborted, after at most one token or one prompt step.
 */
export async function* generate(
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  sampling: Sampling,
  contextLength: number,
  signal: AbortSignal,
): AsyncGenerator<Piece, Outcome> {
  const { model } = sequence
  const assembler = createTextAssembler(
    (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
    sampling.stop,
  )
  let completionTokens = 0
  let logprobs: TokenLogprob[] = []
  const outcome = (finishReason: Outcome['finishReason']): Outcome => ({ finishReason, completionTokens })
  const limit = Math.min(sampling.maxTokens, contextLength - prompt.length)
  try {
    const rest = await evaluatePrompt(sequence, prompt, signal)
    for await (const { token, probabilities } of tokensOf(sequence, rest, sampling)) {
      signal.throwIfAborted()
      completionTokens++
      if (probabilities !== undefined) logprobs.push(tokenLogprob(model, token, probabilities, sampling))
      const { text, stopped } = assembler.push(token)
      if (text !== '') {
        yield { text, logprobs }
        logprobs = []
      }
      if (stopped) return outcome('stop')
      if (completionTokens >= limit) {
        const left = assembler.flush()
        if (left !== '' || logprobs.length > 0) yield { text: left, logprobs }
        return outcome('length')
      }
    }
    signal.throwIfAborted()
    const left = assembler.flush()
    if (left !== '' || logprobs.length > 0) yield { text: left, logprobs }
    return outcome('stop')
  } finally {
    await sequence.clearHistory()
  }
}

async function evaluatePrompt(
  sequence: LlamaContextSequence,
  prompt: readonly Token[],
  signal: AbortSignal,
): Promise<Token[]> {
  let at = 0
  while (prompt.length - at > promptStep) {
    signal.throwIfAborted()
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(at, at + promptStep))
    at += promptStep
  }
  signal.throwIfAborted()
  return prompt.slice(at)
}

async function* tokensOf(
  sequence: LlamaContextSequence,
  tokens: Token[],
  sampling: Sampling,
): AsyncGenerator<{ token: Token; probabilities?: Map<Token, number> }> {
  // Every sampler value is given: the engine's own defaults (top-k 40, top-p 0.95, the clock as seed) distort results.
  const options = {
    temperature: sampling.temperature,
    topP: sampling.topP,
    topK: sampling.topK,
    minP: sampling.minP,
    seed: sampling.seed,
  }
  if (sampling.topLogprobs === undefined) {
    for await (const token of sequence.evaluate(tokens, options)) yield { token }
  } else {
    yield* sequence.evaluateWithMetadata(tokens, { probabilities: true }, options)
  }
}
