import ipaddr from 'ipaddr.js'

export type Address = ipaddr.IPv4 | ipaddr.IPv6

/** What the IANA has given out as global unicast so far; everything else is special or unused (RFC 4291, §2.4). */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]
/** Answers only inside Azure, where it gives out certificates and keys, although it lies among the public addresses. */
const azurePlatform = '168.63.129.16'

/** An address literal, a mapped IPv4 address as IPv4; null for anything else, such as a name. Brackets are taken off. */
export function parseAddress(text: string): Address | null {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  if (bare.includes(':')) return ipaddr.IPv6.isValid(bare) ? ipaddr.process(bare) : null
  return ipaddr.IPv4.isValidFourPartDecimal(bare) ? ipaddr.IPv4.parse(bare) : null
}

/**
 * True for an address of the public internet. Loopback, private, link-local (with the metadata services of the clouds), carrier-grade
 * NAT, multicast, documentation and reserved ranges are not, and neither is an IPv6 address that carries an IPv4 address inside: NAT64,
 * 6to4, Teredo, IPv4-compatible.
 */
export function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4'
    ? address.toString() !== azurePlatform
    : (address as ipaddr.IPv6).match(globalUnicast)
}

/** `10.0.0.0/8` or a single address as a range; null for anything else. */
export function parseRange(text: string): [Address, number] | null {
  const [literal = '', bits, ...more] = text.split('/')
  const address = parseAddress(literal)
  if (address === null || more.length > 0) return null
  const longest = address.kind() === 'ipv4' ? 32 : 128
  if (bits === undefined) return [address, longest]
  return /^\d{1,3}$/.test(bits) && Number(bits) <= longest ? [address, Number(bits)] : null
}

export const isInRange = (address: Address, [base, bits]: [Address, number]): boolean =>
  address.kind() === base.kind() && address.match([base, bits] as never)
