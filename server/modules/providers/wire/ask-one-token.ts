import { HubError, invalid } from '../../../../kernel/index.ts'
import type { ProbeTask } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import type { Connection } from './connection.ts'

/**
 * Asks a model for one token, or for the embedding of one word. Throws the provider's refusal mapped, `invalid` `not_probeable` where
 * the dialect has no request for such a model.
 * @returns milliseconds until the whole answer was there
 */
export async function askOneToken(connection: Connection, model: string, task: ProbeTask): Promise<number> {
  const { vendor } = connection
  const request = vendor.dialect === null ? null : dialects.get(vendor.dialect).smallest(vendor, model, task)
  if (request === null) {
    throw invalid(
      'not_probeable',
      `There is no short request that would show whether ${model} of ${vendor.title} answers.`,
      'Try it from an application.',
    )
  }
  const began = performance.now()
  try {
    await connection.ask(request)
  } catch (error) {
    // A model that thinks before it speaks has thought: one token was too few for it, and it answered.
    const said = error instanceof HubError && error.code === 'request_refused' ? error.details?.['said'] : undefined
    if (!/(?:output limit|max_(?:completion_)?tokens)[^.]{0,40} (?:was )?reached/i.test(String(said))) throw error
  }
  return Math.round(performance.now() - began)
}

/** What a model is asked for, by its endpoints where they are known and by its name otherwise. */
export function taskOf(model: string, endpoints: readonly string[] | null | undefined): ProbeTask {
  if (endpoints != null && endpoints.length > 0) {
    if (endpoints.includes('chat.completions')) return 'chat'
    if (endpoints.includes('embeddings')) return 'embed'
    if (endpoints.includes('rerank')) return 'rerank'
    return 'chat'
  }
  return /rerank/i.test(model) ? 'rerank' : /embed/i.test(model) ? 'embed' : 'chat'
}
