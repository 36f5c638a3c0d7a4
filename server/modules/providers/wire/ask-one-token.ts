import type { EndpointKind } from '../../../../contract/index.ts'
import { HubError, invalid } from '../../../../kernel/index.ts'
import type { ProbeTask } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import type { Connection } from './connection.ts'

/**
 * Asks a model for one token, or for the embedding of one word. Throws the provider's refusal mapped, `invalid` `not_probeable` where
 * the dialect has no request for such a model.
 * @returns milliseconds until the whole answer was there
 */
export async function askOneToken(connection: Connection, model: string, task: ProbeTask | null): Promise<number> {
  const { vendor } = connection
  const request =
    vendor.dialect === null || task === null ? null : dialects.get(vendor.dialect).smallest(vendor, model, task)
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

const endpointOf: Readonly<Record<ProbeTask, EndpointKind>> = {
  chat: 'chat.completions',
  embed: 'embeddings',
  rerank: 'rerank',
}

/** The endpoint that an answer to the short request shows; null: there is no such request. */
export function probedEndpoint(model: string, endpoints: readonly string[] | null | undefined): EndpointKind | null {
  const task = taskOf(model, endpoints)
  return task === null ? null : endpointOf[task]
}

/** What a model is asked for, by its endpoints where they are known and by its name otherwise; null: it answers nothing short. */
export function taskOf(model: string, endpoints: readonly string[] | null | undefined): ProbeTask | null {
  if (endpoints != null && endpoints.length > 0) {
    if (endpoints.includes('chat.completions')) return 'chat'
    if (endpoints.includes('embeddings')) return 'embed'
    if (endpoints.includes('rerank')) return 'rerank'
    return endpoints.some((one) => one === 'completions' || one === 'responses') ? 'chat' : null
  }
  return /rerank/i.test(model) ? 'rerank' : /embed/i.test(model) ? 'embed' : 'chat'
}
