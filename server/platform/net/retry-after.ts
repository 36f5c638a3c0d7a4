import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../../../kernel/index.ts'
import type { Net, NetRequest, NetResponse } from './net.ts'
import { rest } from './rest.ts'

/** Milliseconds an answer asks to wait (RFC 9110, §10.2.3: seconds or a date); null when it does not say. Never negative. */
export function retryAfterMs(headers: IncomingHttpHeaders, clock: Clock): number | null {
  const value = headers['retry-after']?.trim()
  if (value === undefined || value === '') return null
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - clock.now())
}

/** True for an answer that asks to come again later. */
export const asksToWait = (status: number): boolean => status === 429 || status === 503

export type Patience = {
  /** Requests in all. Default 4. */
  tries?: number
  /** The longest single wait in milliseconds; an answer that asks for more is given back at once. Default 30,000. */
  longestWaitMs?: number
}

/**
 * Sends a request, and again after the wait that a 429 or 503 asks for (without one: 1 s, 2 s, 4 s …). Gives the last answer, whatever
 * it is. Only for requests that may be repeated.
 */
export async function requestPatiently(
  deps: { net: Net; clock: Clock },
  url: string | URL,
  request: NetRequest & { patience?: Patience } = {},
  signal?: AbortSignal,
): Promise<NetResponse> {
  const { patience: { tries = 4, longestWaitMs = 30_000 } = {}, ...sent } = request
  for (let attempt = 1; ; attempt++) {
    const response = await deps.net.request(url, sent, signal)
    if (!asksToWait(response.status) || attempt >= tries) return response
    const waitMs = retryAfterMs(response.headers, deps.clock) ?? 1_000 * 2 ** (attempt - 1)
    if (waitMs > longestWaitMs) return response
    response.body.destroy()
    await rest(waitMs, signal)
  }
}
