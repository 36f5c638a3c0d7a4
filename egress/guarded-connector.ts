import type { LookupAddress } from 'node:dns'
import type { Socket } from 'node:net'
import { buildConnector, errors } from 'undici'
import { HubError } from '../kernel/index.ts'
import { type Address, parseAddress } from './address.ts'
import { checkAddress, checkUrl, type Policy, portOf, refusedAddress } from './check-url.ts'

/** All addresses of a name, as `dns.lookup` with `all` gives them. */
export type Lookup = (hostname: string) => Promise<LookupAddress[]>

type Connector = buildConnector.connector

/**
 * Connects for undici, and only to what the policy allows: the literal is checked (undici and Node look up no literal), then every
 * address of the name, then, once connected, the peer. The name is looked up once and exactly the checked addresses are dialed, so that
 * a second, different answer of the name server changes nothing.
 */
export function guardedConnector(options: {
  policy: Policy
  lookup: Lookup
  connectTimeoutMs: number
  /** Makes the connector that dials; undici's own unless told. */
  dial?: (options: buildConnector.BuildOptions) => Connector
}): Connector {
  const { policy, lookup, connectTimeoutMs, dial = buildConnector } = options
  const connect = async (to: buildConnector.Options): Promise<Socket> => {
    const url = new URL(`${to.protocol}//${to.host ?? to.hostname}`)
    checkUrl(url, policy)
    const { addresses, check } = await checkedAddresses(url, policy, (name) => inTime(lookup(name), connectTimeoutMs))
    const connector = dial({
      allowH2: false,
      timeout: connectTimeoutMs,
      maxCachedSessions: 0,
      ...(addresses === null ? {} : { lookup: answering(addresses) }),
    })
    const socket = await new Promise<Socket>((resolve, reject) => {
      connector(to, (...[error, made]) => (error === null ? resolve(made) : reject(error)))
    })
    const peer = parseAddress(socket.remoteAddress ?? '')
    try {
      if (peer === null) throw refusedAddress(url)
      check(peer)
    } catch (error) {
      // Not a byte was sent: undici writes only to a connection that it was given.
      socket.destroy()
      throw error
    }
    return socket
  }
  return (to, callback) => {
    const answer = async () => {
      let socket: Socket
      try {
        socket = await connect(to)
      } catch (error) {
        return callback(error as Error, null)
      }
      return callback(null, socket)
    }
    void answer()
  }
}

/** The addresses to dial (null for a literal), and what every address and the peer must pass. Throws as `checkAddress` does. */
export async function checkedAddresses(
  url: URL,
  policy: Policy,
  lookup: Lookup,
): Promise<{ addresses: LookupAddress[] | null; check: (address: Address) => void }> {
  const named = policy.allow.allowsHost(url.hostname, portOf(url))
  const check = (address: Address) => {
    if (!named) checkAddress(address, url, policy)
  }
  const literal = parseAddress(url.hostname)
  if (literal !== null) {
    check(literal)
    return { addresses: null, check }
  }
  const addresses = await lookup(url.hostname)
  if (addresses.length === 0) throw Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' })
  for (const { address } of addresses) {
    const parsed = parseAddress(address)
    if (parsed === null) throw refusedAddress(url)
    check(parsed)
  }
  return { addresses, check }
}

/** Throws what the policy says about an address that a proxy will look up; a name that only the proxy knows passes. */
export async function checkBeforeProxy(url: URL, policy: Policy, lookup: Lookup): Promise<void> {
  await checkedAddresses(url, policy, lookup).catch((error: unknown) => {
    if (error instanceof HubError) throw error
  })
}

/** The system's lookup cannot be called off, and takes as long as its name servers let it. */
async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new errors.ConnectTimeoutError('the name server does not answer in time')),
    ms,
  )
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** A lookup for `net.connect` that knows the answer. */
function answering(addresses: readonly LookupAddress[]) {
  return (
    _hostname: string,
    options: { all?: boolean | undefined },
    callback: (error: null, address: string | LookupAddress[], family?: number) => void,
  ): void => {
    const [first] = addresses
    if (options.all === true || first === undefined) callback(null, [...addresses])
    else callback(null, first.address, first.family)
  }
}
