import { invalid } from '../kernel/index.ts'
import { type Address, isInRange, parseAddress, parseRange } from './address.ts'

/** What an operator lets the hub reach although it is private, or speaks plain http. */
export type AllowList = {
  /** True when the list names this host itself; its port decides where the list gives one. */
  allowsHost: (host: string, port: number) => boolean
  allowsAddress: (address: Address, port: number) => boolean
  /** True when the list holds a range, so that a name may turn out to be allowed by its addresses. */
  hasRanges: boolean
}

type Entry = { port: number | null } & ({ range: [Address, number] } | { host: string })

/** A range or a host name (of a name only what DNS knows); IPv6 in brackets when more follows. */
const piece =
  /^(\[[0-9a-f:.]+\](?:\/\d{1,3})?|\d+(?:\.\d+){3}\/\d{1,2}|[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\*\.[a-z0-9._-]+)(?::|$)/i

/**
 * Reads the list of MODELHUB_NET_ALLOW: hosts (`nas.local`, `*.corp.example` for all below), addresses and CIDRs, separated by commas,
 * spaces or colons, each with a port behind a colon or not. An IPv6 address stands in brackets or between commas.
 * Throws `invalid` `invalid_config` that names the entry.
 */
export function parseAllowList(text: string): AllowList {
  const entries = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .flatMap(readItem)
  const fits = (entry: Entry, port: number) => entry.port === null || entry.port === port
  return {
    allowsHost: (host, port) => {
      const address = parseAddress(host)
      const name = host.toLowerCase().replace(/\.$/, '')
      return entries.some(
        (entry) =>
          fits(entry, port) &&
          ('range' in entry ? address !== null && isInRange(address, entry.range) : isNamed(name, entry.host)),
      )
    },
    allowsAddress: (address, port) =>
      entries.some((entry) => 'range' in entry && fits(entry, port) && isInRange(address, entry.range)),
    hasRanges: entries.some((entry) => 'range' in entry),
  }
}

const isNamed = (name: string, entry: string): boolean =>
  entry.startsWith('*.') ? name.endsWith(entry.slice(1)) : name === entry

function readItem(item: string): Entry[] {
  const range = parseRange(item)
  if (range !== null) return [{ range, port: null }]
  const entries: Entry[] = []
  for (let rest = item; rest !== ''; ) {
    const found = piece.exec(rest)?.[1]
    if (found === undefined) throw notAnEntry(item)
    rest = rest.slice(found.length).replace(/^:/, '')
    const last = entries.at(-1)
    if (/^\d{1,5}$/.test(found)) {
      if (last === undefined || last.port !== null || Number(found) > 65_535) throw notAnEntry(item)
      last.port = Number(found)
      continue
    }
    const [literal = '', bits] = found.split('/')
    const one = parseRange(literal.replace(/^\[|\]$/g, '') + (bits === undefined ? '' : `/${bits}`))
    if (one === null && /[[\]/]/.test(found)) throw notAnEntry(item)
    entries.push(one === null ? { host: found.toLowerCase(), port: null } : { range: one, port: null })
  }
  return entries
}

const notAnEntry = (item: string) =>
  invalid(
    'invalid_config',
    `MODELHUB_NET_ALLOW: "${item.slice(0, 100)}" is neither a host nor an address nor a CIDR.`,
    'Give hosts, addresses or CIDRs separated by commas, such as nas.local:9000,10.0.0.0/8,[fd00::1]:8443.',
  )
