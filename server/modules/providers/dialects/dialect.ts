import type { Capability } from '../../../../contract/index.ts'
import type { DialectName, Row, Vendor, VendorRequest } from '../vendor.ts'
import type { ProviderAnswer } from '../wire/connection.ts'

/** What a model is asked for in a probe. */
export type ProbeTask = 'chat' | 'embed' | 'rerank'

/** A short request that shows whether a model can do something. */
export type Trial = {
  request: VendorRequest
  /** Of a good answer: whether it shows the capability; null: it does not tell. */
  shows: (answer: ProviderAnswer, row: Row) => boolean | null
}

/** How one family of interfaces is asked for a token. */
export type Dialect = {
  kind: DialectName
  /** The smallest request that a model must answer; null where the dialect has none for the task. */
  smallest: (vendor: Vendor, model: string, task: ProbeTask) => VendorRequest | null
  /** Null where the dialect has no such thing. */
  trial: (vendor: Vendor, model: string, capability: Capability) => Trial | null
}

/** What trials ask: short, and the same for all dialects. */
export const questions = {
  hello: 'Hi',
  tool: 'What is the weather in Paris? Use the tool.',
  json: 'Answer with a JSON object that has the one field "ok" with the value true.',
  picture: 'Name the color of this picture in one word.',
}

export const toolName = 'get_weather'
export const toolDescription = 'The weather in a city'
export const toolParameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
/** Room for a short tool call or JSON object. */
export const trialTokens = 128

export const post = (path: string, body: unknown): VendorRequest => ({ method: 'POST', path, body })

/** Server-sent events with at least one that has data. */
export const isEventStream = ({ headers, text }: ProviderAnswer): boolean =>
  String(headers['content-type'] ?? '').startsWith('text/event-stream') && /^data: ?\S/m.test(text)

/** Whether a text is a JSON object, with or without a code fence; null for no text. */
export function isJsonObject(text: string | undefined): boolean | null {
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
