import { lookup as lookupName } from 'node:dns/promises'
import { finished } from 'node:stream'
import { Agent, type buildConnector, type Dispatcher, ProxyAgent, request as send } from 'undici'
import { checkBeforeProxy, guardedConnector, type Lookup } from '../../../egress/guarded-connector.ts'
import {
  type AllowList,
  checkUrl,
  type Policy,
  type ProxySettings,
  parseUrl,
  proxyFor,
  safeUrl,
} from '../../../egress/index.ts'
import { HubError, upstream } from '../../../kernel/index.ts'
import { createBandwidth } from './bandwidth.ts'
import type { Net, NetRequest } from './net.ts'
import { asNetError, timedOut } from './net-error.ts'
import { type Answer, presentAnswer } from './present-answer.ts'
import { type Hop, nextHop } from './redirect.ts'
import { createTurns } from './turns.ts'

export type NetOptions = {
  allow: AllowList
  /** False lets plain http reach public hosts too; only for tests of the address checks. Default true. */
  httpsOnly?: boolean
  /** With a proxy the literal and name checks hold still; which peer the proxy connects to, only the proxy can check. */
  proxy?: ProxySettings
  /** Bytes per second of all bulk requests together; null: no cap. */
  downloadRate?: number | null
  /** Requests to one host at once, counted apart for bulk and other requests. Default 8. */
  perHost?: number
  /** How names are looked up; the system's way unless told. */
  lookup?: Lookup
  /** Makes the connector that dials; undici's own unless told. */
  dial?: (options: buildConnector.BuildOptions) => buildConnector.connector
}

const mostRedirects = 5
const longestLine = 1_000
const connectTimeoutMs = 15_000
const largestHead = 64 * 1024

/** The way out to the network. `close` cuts what is still under way. */
export function createNet(options: NetOptions): Net {
  const policy: Policy = { allow: options.allow, httpsOnly: options.httpsOnly ?? true }
  const proxy = options.proxy ?? { https: null, http: null, no: '' }
  const lookup = options.lookup ?? ((hostname) => lookupName(hostname, { all: true }))
  const bandwidth = options.downloadRate == null ? null : createBandwidth(options.downloadRate)
  const turns = {
    bulk: createTurns(options.perHost ?? 8, longestLine),
    other: createTurns(options.perHost ?? 8, longestLine),
  }
  // One protocol version whose connections carry one answer at a time: what a source gives a connection is then what a request gets.
  const shared = { allowH2: false, pipelining: 1, maxHeaderSize: largestHead, keepAliveTimeout: 10_000 }
  const connect = guardedConnector({
    policy,
    lookup,
    connectTimeoutMs,
    ...(options.dial === undefined ? {} : { dial: options.dial }),
  })
  const direct = new Agent({ ...shared, connect })
  const proxies = new Map<string, ProxyAgent>()

  const dispatcherFor = async (url: URL): Promise<Dispatcher> => {
    const uri = proxyFor(url, proxy)
    if (uri === null) return direct
    await checkBeforeProxy(url, policy, lookup)
    const known = proxies.get(uri)
    if (known !== undefined) return known
    const made = new ProxyAgent({ ...shared, uri, connectTimeout: connectTimeoutMs })
    proxies.set(uri, made)
    return made
  }

  const sendOnce = async (hop: Hop, request: NetRequest, signal: AbortSignal | undefined): Promise<Answer> => {
    checkUrl(hop.url, policy)
    const giveBack = await turns[request.bulk === true ? 'bulk' : 'other'].take(hop.url.host, signal)
    const headMs = request.headTimeoutMs ?? 30_000
    const head = new AbortController()
    const timer = setTimeout(() => head.abort(timedOut(hop.url, 'did not answer', headMs)), headMs)
    try {
      const dispatcher = await dispatcherFor(hop.url)
      const answer = await send(hop.url, {
        dispatcher,
        method: hop.method,
        headers: { 'accept-encoding': 'identity', 'user-agent': 'modelhub', ...hop.headers },
        body: hop.body ?? null,
        // The head has a timer of its own: this one begins anew whenever a byte arrives.
        headersTimeout: 0,
        bodyTimeout: request.idleTimeoutMs ?? 60_000,
        signal: signal === undefined ? head.signal : AbortSignal.any([signal, head.signal]),
      })
      // A body that nobody reads may fail; that is for whoever reads it.
      answer.body.on('error', () => undefined)
      finished(answer.body, giveBack)
      if (hop.method === 'HEAD') await answer.body.dump()
      return { status: answer.statusCode, headers: answer.headers, body: answer.body }
    } catch (error) {
      giveBack()
      throw asNetError(error, hop.url, signal)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    request: async (given, request = {}, signal) => {
      signal?.throwIfAborted()
      const most = Math.min(request.redirects ?? mostRedirects, mostRedirects)
      let hop: Hop = {
        url: parseUrl(given),
        method: request.method ?? 'GET',
        headers: lowerCase(request.headers ?? {}),
        body: request.body,
      }
      for (let followed = 0; ; followed++) {
        const answer = await sendOnce(hop, request, signal)
        const next = most === 0 ? null : nextHop(hop, answer.status, answer.headers)
        if (next === null) return presentAnswer(answer, hop.url, request, bandwidth, signal)
        // Read when it is short, so that the connection can be used again.
        await answer.body
          .dump({ limit: 16 * 1024, signal: AbortSignal.timeout(2_000) })
          .catch(() => answer.body.destroy())
        if (next instanceof HubError) throw next
        if (followed >= most) {
          throw upstream(
            'too_many_redirects',
            `${safeUrl(given)} redirects more than ${most} times.`,
            'Give the address that it ends at.',
          )
        }
        hop = next
      }
    },
    close: async () => {
      await Promise.all([direct, ...proxies.values()].map((dispatcher) => dispatcher.destroy()))
    },
  }
}

const lowerCase = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
