import { lookup as lookupName } from 'node:dns/promises'
import { Agent, type buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici'
import type { SnapshotRoute, UpstreamSpec, UpstreamTarget } from '../../../contract/index.ts'
import { checkBeforeProxy, guardedConnector, type Lookup } from '../../../egress/guarded-connector.ts'
import { checkUrl, type Policy, proxyFor } from '../../../egress/index.ts'
import { type HubError, messageOf } from '../../../kernel/index.ts'
import type { GatewayConfig } from '../../config.ts'
import type { Log } from '../../log.ts'
import type { Mask } from '../way.ts'
import { createMask } from './mask.ts'

/** The way out to providers; every connection passes the guard of `egress`. */
export type UpstreamLink = {
  placeOf: (spec: UpstreamSpec) => Place
  /** Tells the operator of what only the hub's side can mend; the same thing of the same target once a minute. */
  notice: (target: UpstreamTarget, route: SnapshotRoute, error: HubError) => void
  /** Cuts what is under way. */
  close: () => Promise<void>
}

/** Where a provider answers, worked out once for each credential and address. */
export type Place = {
  dispatcher: Dispatcher
  origin: string
  /** What stands before `/chat/completions`; without a slash at its end. */
  basePath: string
  mask: Mask | undefined
}

export type UpstreamLinkDeps = Pick<GatewayConfig, 'net' | 'limits'> & {
  log: Log
  /** How names are looked up; the system's way unless told. */
  lookup?: Lookup
}

const noticeEveryMs = 60_000
const mostNoticed = 1_000

export function createUpstreamLink({ net, limits, log, ...deps }: UpstreamLinkDeps): UpstreamLink {
  const policy: Policy = { allow: net.allow, httpsOnly: true }
  const lookup = oneAtATime(deps.lookup ?? ((hostname) => lookupName(hostname, { all: true })))
  const dispatchers = new Map<string, Dispatcher>()
  // A snapshot's parts never change, so a place lives as long as the part of the snapshot that it was worked out from.
  const places = new WeakMap<UpstreamSpec, Place>()
  const noticed = new Map<string, number>()

  /** An undici agent drops what it keeps of an origin with the last connection to it. */
  const makeDispatcher = (proxy: string | null, connectTimeoutMs: number): Dispatcher => {
    const shared = {
      allowH2: false,
      // Never fewer than the requests let in: a request waiting for a connection would look like a slow provider.
      connections: limits.concurrentRequests,
      maxHeaderSize: limits.upstreamHeadBytes,
      keepAliveTimeout: limits.upstreamKeepMs,
    }
    if (proxy === null) return new Agent({ ...shared, connect: guardedConnector({ policy, lookup, connectTimeoutMs }) })
    return new ProxyAgent({
      ...shared,
      uri: proxy,
      proxyTunnel: true,
      connectTimeout: connectTimeoutMs,
      factory: (origin, options) => {
        const { connect, ...rest } = options as Pool.Options & { connect: buildConnector.connector }
        return new Pool(origin, { ...rest, connect: checkedFirst(connect, policy, lookup) })
      },
    })
  }
  const dispatcherFor = (url: URL, connectTimeoutMs: number): Dispatcher => {
    const proxy = proxyFor(url, net.proxy)
    const name = `${connectTimeoutMs} ${proxy ?? ''}`
    const known = dispatchers.get(name)
    if (known !== undefined) return known
    const made = makeDispatcher(proxy, connectTimeoutMs)
    dispatchers.set(name, made)
    return made
  }
  return {
    placeOf: (spec) => {
      const known = places.get(spec)
      if (known !== undefined) return known
      const url = new URL(spec.baseUrl)
      const place: Place = {
        dispatcher: dispatcherFor(url, spec.connectTimeoutMs),
        origin: url.origin,
        basePath: url.pathname.replace(/\/+$/, ''),
        mask: createMask(spec.secrets),
      }
      places.set(spec, place)
      return place
    },
    notice: (target, route, error) => {
      const name = `${target.id} ${error.code}`
      const now = performance.now()
      if (now - (noticed.get(name) ?? Number.NEGATIVE_INFINITY) < noticeEveryMs) return
      if (noticed.size >= mostNoticed) noticed.clear()
      noticed.set(name, now)
      const { provider } = target.upstream
      const because = error.cause === undefined ? undefined : messageOf(error.cause)
      log.warn({ target: target.id, route: route.name, provider, code: error.code, because }, error.message)
    },
    close: async () => {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()))
    },
  }
}

/** Lookups wait in the few threads that files are written by too; many requests for one name shall not take them all. */
function oneAtATime(lookup: Lookup): Lookup {
  const underWay = new Map<string, ReturnType<Lookup>>()
  return (hostname) => {
    const known = underWay.get(hostname)
    if (known !== undefined) return known
    const work = lookup(hostname).finally(() => underWay.delete(hostname))
    underWay.set(hostname, work)
    return work
  }
}

/** Which peer a proxy connects to only the proxy can check; what can be said of the address is said before it is asked. */
function checkedFirst(connect: buildConnector.connector, policy: Policy, lookup: Lookup): buildConnector.connector {
  return (to, callback) => {
    const go = async () => {
      const url = new URL(`${to.protocol}//${to.host ?? to.hostname}`)
      try {
        checkUrl(url, policy)
        await checkBeforeProxy(url, policy, lookup)
      } catch (error) {
        return callback(error as Error, null)
      }
      return connect(to, callback)
    }
    void go()
  }
}
