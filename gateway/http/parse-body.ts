import { invalid } from '../../kernel/index.ts'
import { scanBody } from './scan-body.ts'

export type CompletionBody = {
  model: string
  stream: boolean
  /** The caller's bytes, with `stream_options.include_usage` added to a stream that lacks it. */
  bytes: Buffer
  /** True when it was added, and the event that answers to it must be taken out again. */
  dropUsage: boolean
  /** True when it names other models beside `model`, to fall back on, as OpenRouter lets a request do. */
  namesOthers: boolean
}

/**
 * Reads of a completion request only what the gateway decides on; the rest is the engine's to judge.
 * @throws HubError `invalid_body`, `body_too_deep`, `model_required`
 */
export function parseBody(bytes: Buffer, mostDepth: number): CompletionBody {
  const { depth, span } = scanBody(bytes, 'stream_options')
  if (depth > mostDepth) {
    throw invalid('body_too_deep', `The body nests deeper than ${mostDepth} levels.`, 'Send a flatter one.')
  }
  const body = parseObject(bytes)
  const model = body['model']
  if (typeof model !== 'string' || model === '' || model.length > 300) {
    throw invalid('model_required', 'The body has no "model".', 'GET /v1/models lists the names this key may call.', {
      details: { param: 'model' },
    })
  }
  const stream = body['stream'] === true
  const options = body['stream_options']
  const asked = isObject(options) && options['include_usage'] === true
  const asItCame = { model, stream, bytes, dropUsage: false, namesOthers: 'models' in body }
  if (!stream || asked) return asItCame
  if (options === undefined) return { ...asItCame, bytes: withOptions(bytes), dropUsage: true }
  // Anything but an object is an error that the engine words better than we could.
  if (span === undefined || (options !== null && !isObject(options))) return asItCame
  const value = Buffer.from(JSON.stringify({ ...options, include_usage: true }))
  const spliced = Buffer.concat([bytes.subarray(0, span.start), value, bytes.subarray(span.end)])
  return { ...asItCame, bytes: spliced, dropUsage: true }
}

/** Puts the member first; there is at least `model` after it. */
function withOptions(bytes: Buffer): Buffer {
  const brace = bytes.indexOf('{') + 1
  const member = Buffer.from('"stream_options":{"include_usage":true},')
  return Buffer.concat([bytes.subarray(0, brace), member, bytes.subarray(brace)])
}

function parseObject(bytes: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw invalid('invalid_body', 'The body is not JSON.', 'Send a JSON object.', { cause })
  }
  if (!isObject(value)) throw invalid('invalid_body', 'The body is not a JSON object.', 'Send a JSON object.')
  return value
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
