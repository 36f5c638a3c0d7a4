import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import { messageOf } from '../../kernel/index.ts'
import { LoadFailure } from './failure.ts'

/**
 * Evaluates one token and looks at every probability: llama.cpp loads NaN weights and bad end tokens without complaint.
 * Throws LoadFailure: `nan_logits`, `not_generative` (an encoder), or `broken_model`.
 */
export async function probeLogits(sequence: LlamaContextSequence): Promise<void> {
  const { model } = sequence
  checkSpecialTokens(model.fileInfo.metadata.tokenizer.ggml)
  const start = model.tokens.bos ?? model.tokens.eos ?? (0 as Token)
  try {
    for (const probability of await nextProbabilities(sequence, start)) {
      if (!Number.isFinite(probability)) throw notFinite()
    }
  } catch (error) {
    if (error instanceof LoadFailure) throw error
    const message = messageOf(error)
    if (message.includes('does not support token generation')) {
      throw new LoadFailure('not_generative', 'The model does not generate text.', error)
    }
    if (message.includes('sample')) throw notFinite()
    throw new LoadFailure('broken_model', message, error)
  } finally {
    await sequence.clearHistory()
  }
}

async function nextProbabilities(sequence: LlamaContextSequence, token: Token): Promise<Iterable<number>> {
  const output = await sequence.controlledEvaluate([
    [token, { generateNext: { probabilities: true, options: { temperature: 0, topK: 0, topP: 1, seed: 1 } } }],
  ])
  return output[0]?.next.probabilities?.values() ?? [Number.NaN]
}

const notFinite = (): LoadFailure =>
  new LoadFailure('nan_logits', 'The model computes values that are not numbers (NaN) for its first token.')

/** llama.cpp replaces a special token outside the vocabulary by a default of its own and says nothing. */
function checkSpecialTokens(tokenizer: { tokens?: unknown; bos_token_id?: unknown; eos_token_id?: unknown }): void {
  const { tokens } = tokenizer
  if (!Array.isArray(tokens)) return
  for (const name of ['bos_token_id', 'eos_token_id'] as const) {
    const id = tokenizer[name]
    if (typeof id === 'number' && id >= tokens.length) {
      const words = `The file names token ${id} as ${name}, outside its vocabulary of ${tokens.length} tokens.`
      throw new LoadFailure('broken_model', words)
    }
  }
}
