import type { IncomingHttpHeaders } from 'node:http'
import { errors } from 'undici'
import type { UpstreamTarget } from '../../../contract/index.ts'
import { HubError } from '../../../kernel/index.ts'
import { withModel } from '../../http/name-model.ts'
import type { Call } from '../attempt.ts'
import type { RelayFailure } from '../relay.ts'
import type { Way } from '../way.ts'
import { judgeError, judgeUpstream } from './judge-upstream.ts'
import { type Say, sayFor } from './say.ts'
import type { UpstreamLink } from './upstream-link.ts'

const kindOf: Readonly<Record<string, 'chat.completions' | 'completions' | 'embeddings'>> = {
  '/v1/chat/completions': 'chat.completions',
  '/v1/completions': 'completions',
  '/v1/embeddings': 'embeddings',
}
/** What of the caller's headers a provider may see. Everything else is between the caller and the hub. */
const passedOn = ['openai-beta']

/** What no retry mends: somebody has to look after the credential, the address or the offering. */
const forOperators = new Set([
  'upstream_credential_refused',
  'upstream_quota_exceeded',
  'upstream_model_missing',
  'upstream_redirected',
  'upstream_unreadable',
  'upstream_address_refused',
])

/**
 * The way to a provider that speaks the OpenAI dialect: the caller's bytes with the provider's name of the model, and the provider's
 * answer as it comes. What the hub may not tell a caller, or could not believe, is held back.
 */
export function upstreamWay(link: UpstreamLink, call: Call, target: UpstreamTarget): Way {
  const spec = target.upstream
  const place = link.placeOf(spec)
  const say = sayFor(target, call.route)
  const asksUsage = spec.streamOptions !== false
  const kind = kindOf[call.endpoint]
  const plain = (bytes: Buffer) => place.mask?.hide(bytes) ?? bytes
  const told = <F extends RelayFailure>(failure: F): F => {
    if (forOperators.has(failure.error.code)) link.notice(target, call.route, failure.error)
    return failure
  }
  return {
    dispatcher: place.dispatcher,
    request: {
      origin: place.origin,
      method: 'POST',
      path:
        place.basePath +
        (kind === undefined ? call.endpoint : (spec.paths?.[kind] ?? call.endpoint.slice('/v1'.length))),
      headers: { ...passed(call.headers), ...spec.headers, ...ours(call) },
      body: withModel(asksUsage ? call.body : call.asItCame, spec.model),
      headersTimeout: spec.firstByteTimeoutMs,
      bodyTimeout: spec.idleTimeoutMs,
    },
    judge: (status, headers, body) => told(judgeUpstream(say, status, headers['retry-after'], plain(body))),
    failure: (error, sent) => told(failureOf(say, error, sent)),
    dropUsage: call.dropUsage && asksUsage,
    foreign: {
      refuseHead: (headers) => (isAnswer(headers, call.stream) ? undefined : told(unreadable(say))),
      judgeError: (body) => told(judgeError(say, plain(body))),
      unreadable: () => told(unreadable(say)),
      mask: place.mask,
    },
  }
}

const ours = (call: Call): Record<string, string> => ({
  'content-type': 'application/json',
  accept: call.stream ? 'text/event-stream' : 'application/json',
  // Bytes are looked at and passed on as they come, so they must come plain.
  'accept-encoding': 'identity',
  'user-agent': 'modelhub',
  'x-request-id': call.requestId,
})

function passed(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const name of passedOn) {
    const value = headers[name]
    if (typeof value === 'string' && /^[\x20-\x7e]{1,200}$/.test(value)) kept[name] = value
  }
  return kept
}

/** JSON, or events for a caller who asked for a stream; plain, not packed. */
function isAnswer(headers: IncomingHttpHeaders, stream: boolean): boolean {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') return false
  const type = String(headers['content-type'] ?? '').toLowerCase()
  return /^application\/(?:[\w.-]+\+)?json\b/.test(type) || (stream && /^text\/event-stream\b/.test(type))
}

const unreadable = (say: Say, cause?: Error): RelayFailure => ({
  outcome: 'upstream_error',
  error: say.unreadable(cause),
})

function failureOf(say: Say, error: Error, sent: boolean): RelayFailure {
  const code = 'code' in error ? String(error.code) : ''
  if (error instanceof HubError) return { outcome: 'upstream_unreachable', error: say.notAllowed(error) }
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return { outcome: 'timeout', error: say.timedOut(error) }
  }
  if (!sent) return { outcome: 'upstream_unreachable', error: say.unreachable(error) }
  if (error instanceof errors.HTTPParserError || code === 'UND_ERR_HEADERS_OVERFLOW') return unreadable(say, error)
  return { outcome: 'upstream_cut', error: say.cut(error) }
}
