import type { ServerResponse } from 'node:http'
import { type HubError, httpStatusOf } from '../kernel/index.ts'

/** The body of an error as OpenAI clients read it; what to do about it is part of the message. */
export function openAiError(error: HubError): { status: number; body: string } {
  const told = error.details?.['status']
  const status = typeof told === 'number' ? told : httpStatusOf[error.kind]
  const param = error.details?.['param']
  const message = error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`
  const type = typeOf(status)
  return {
    status,
    body: JSON.stringify({
      error: { message, type, code: error.code, param: typeof param === 'string' ? param : null },
    }),
  }
}

/** Sends an error as the whole answer. The headers already set on `res` stay. */
export function sendError(res: ServerResponse, error: HubError): number {
  const { status, body } = openAiError(error)
  const retryAfter = error.details?.['retryAfter']
  if (typeof retryAfter === 'number' || typeof retryAfter === 'string') res.setHeader('retry-after', retryAfter)
  if (status === 401) res.setHeader('www-authenticate', 'Bearer')
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  res.end(body)
  return status
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
