import { type Clock, rememberSecret, upstream } from '../../../../kernel/index.ts'
import type { Net } from '../../../platform/net/net.ts'
import type { Vendor, VendorRequest } from '../vendor.ts'
import { failure, failureOf } from './failure.ts'
import { fill } from './fill.ts'
import { googleAssertion, googleTokenUrl } from './google-assertion.ts'
import { rowOf } from './row.ts'
import { signV4 } from './sign-v4.ts'

export type WireDeps = {
  net: Net
  clock: Clock
  providerTimeoutMs?: number
  /** Where a provider is instead of at its own address, by kind: a mirror must be asked, and nobody else told its token. */
  bases?: Readonly<Record<string, string>>
}

/** A whole answer. `json` is undefined when the text is none. */
export type ProviderAnswer = {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  text: string
  json: unknown
}

/** A provider with a credential. */
export type Connection = {
  vendor: Vendor
  fields: Readonly<Record<string, string>>
  /** Sends and answers whatever came, errors too. Throws what `Net` throws, and `upstream` `timed_out` after the time for one call. */
  send: (request: VendorRequest, maxBytes?: number) => Promise<ProviderAnswer>
  /** Sends a GET and reads no content of a good answer; `anonymous` leaves the credential out. */
  peek: (path: string, anonymous: boolean) => Promise<ProviderAnswer>
  /** The same as `send`, but throws the mapped error for a status that is no success. */
  ask: (request: VendorRequest, maxBytes?: number) => Promise<ProviderAnswer>
}

/** Milliseconds that one call may take as a whole. */
const callMs = 60_000
const defaultMaxBytes = 1 << 20

/** Binds a provider to a credential. Nothing is sent yet. */
export function connect(
  deps: WireDeps,
  vendor: Vendor,
  fields: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Connection {
  let token: Promise<string> | undefined
  const authorize = async (method: string, url: URL, headers: Record<string, string>, body: string) => {
    const { auth } = vendor
    switch (auth.type) {
      case 'none':
        return {}
      case 'bearer': {
        const value = fields[auth.field]
        return value === undefined ? {} : { authorization: `Bearer ${value}` }
      }
      case 'header': {
        const value = fields[auth.field]
        return value === undefined ? {} : { [auth.name]: value }
      }
      case 'sigv4':
        return signV4({
          method,
          url,
          headers,
          body,
          service: auth.service,
          region: fields['region'] ?? '',
          accessKeyId: fields['accessKeyId'] ?? '',
          secretAccessKey: fields['secretAccessKey'] ?? '',
          sessionToken: fields['sessionToken'],
          at: deps.clock.date(),
        })
      case 'google-service-account':
        token ??= exchange(fields[auth.field] ?? '')
        return { authorization: `Bearer ${await token}` }
    }
  }

  const exchange = async (keyFile: string): Promise<string> => {
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: googleAssertion(keyFile, deps.clock.date()),
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const answer = await exchangeOnce(new URL(googleTokenUrl), 'POST', headers, form.toString(), defaultMaxBytes)
    if (answer.status >= 300) throw failureOf(vendor, answer)
    const found = rowOf(answer.json).text('access_token')
    if (found === undefined || !/^[\x21-\x7e]{1,8192}$/.test(found)) throw unreadable(vendor, 'a token')
    rememberSecret(found)
    return found
  }

  const exchangeOnce = async (
    url: URL,
    method: 'GET' | 'POST',
    headers: Record<string, string>,
    body: string | undefined,
    maxBytes: number,
    content: 'all' | 'of errors' = 'all',
  ): Promise<ProviderAnswer> => {
    const timeout = AbortSignal.timeout(deps.providerTimeoutMs ?? callMs)
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
    try {
      const request = { method, headers, redirects: 0, ...(body === undefined ? {} : { body }) }
      const response = await deps.net.request(url, request, either)
      const wanted = content === 'all' || response.status >= 400
      if (!wanted) response.body.destroy()
      const text = wanted ? await response.text(maxBytes) : ''
      return { status: response.status, headers: response.headers, text, json: parse(text) }
    } catch (cause) {
      if (!timeout.aborted || signal?.aborted === true) throw cause
      throw upstream('timed_out', `${vendor.title} did not answer in time.`, 'Try again later.', { cause })
    }
  }

  const send: Connection['send'] = async (request, maxBytes = defaultMaxBytes) => {
    const path = fill(request.path, fields)
    const url = new URL(
      /^https?:\/\//.test(path) ? path : fill(deps.bases?.[vendor.kind] ?? vendor.base, fields) + path,
    )
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value)
    const body = request.body === undefined ? undefined : JSON.stringify(request.body)
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...request.headers,
    }
    for (const [name, value] of Object.entries(vendor.headers ?? {})) headers[name] = fill(value, fields)
    Object.assign(headers, await authorize(request.method, url, headers, body ?? ''))
    return exchangeOnce(url, request.method, headers, body, maxBytes)
  }

  return {
    vendor,
    fields,
    send,
    peek: async (path, anonymous) => {
      const url = new URL(fill(path, fields))
      const headers: Record<string, string> = { range: 'bytes=0-0', 'accept-encoding': 'identity' }
      if (!anonymous) Object.assign(headers, await authorize('GET', url, headers, ''))
      return exchangeOnce(url, 'GET', headers, undefined, defaultMaxBytes, 'of errors')
    },
    ask: async (request, maxBytes) => {
      const answer = await send(request, maxBytes)
      if (answer.status >= 200 && answer.status < 300) return answer
      // A redirect that was not followed is an answer from elsewhere than the provider.
      throw answer.status < 400
        ? failure(vendor, 'provider_failed', { status: answer.status })
        : failureOf(vendor, answer)
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** For an answer that is not what the provider documents. */
export const unreadable = (vendor: Vendor, what: string) =>
  upstream(
    'provider_answer_unreadable',
    `${vendor.title} answered something that does not hold ${what}.`,
    'Check the address; the interface of the provider may have changed.',
    { details: { provider: vendor.kind } },
  )
