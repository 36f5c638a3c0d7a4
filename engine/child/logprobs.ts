import type { LlamaModel, Token } from 'node-llama-cpp'
import type { Sampling } from './sampling.ts'

type Choice = { token: string; logprob: number; bytes: number[] }
/** OpenAI's entry for one token. Natural logarithms. */
export type TokenLogprob = Choice & { top_logprobs: Choice[] }

/** OpenAI's stand-in for a probability of 0. */
const floor = -9999

/**
 * Log-probabilities of the model itself, before temperature: the engine gives probabilities after temperature T,
 * p ∝ exp(logit/T), so exp(logit) ∝ p^T. With top-p, top-k or min-p they are relative to the tokens those left over.
 */
export function tokenLogprob(
  model: LlamaModel,
  token: Token,
  probabilities: ReadonlyMap<Token, number>,
  sampling: Sampling,
): TokenLogprob {
  const power = sampling.temperature > 0 ? sampling.temperature : 1
  let sum = 0
  for (const probability of probabilities.values()) sum += probability ** power
  const choice = (id: Token): Choice => {
    const text = model.detokenize([id], true)
    const share = (probabilities.get(id) ?? 0) ** power / sum
    return { token: text, logprob: share > 0 ? Math.log(share) : floor, bytes: [...Buffer.from(text, 'utf8')] }
  }
  const top = [...probabilities.keys()].slice(0, sampling.topLogprobs ?? 0)
  return { ...choice(token), top_logprobs: top.map(choice) }
}
