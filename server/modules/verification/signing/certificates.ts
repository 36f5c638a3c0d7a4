import { X509Certificate } from 'node:crypto'

const mostDepth = 8
const codeSigning = '1.3.6.1.5.5.7.3.3'

/** The certificates in a text of PEM blocks. Throws an Error whose message ends a sentence. */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new Error('it holds no certificate in PEM')
  if (blocks.length > 100) throw new Error('it holds more than 100 certificates')
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    throw new Error('one of its certificates cannot be read')
  }
}

export type ChainCheck = { result: 'trusted'; expiresAt: Date } | { result: 'untrusted' | 'expired'; why: string }

/**
 * Whether a certificate may sign at this time: it or one above it is trusted, each is within its time, those above may certify, and it is
 * made for signing. Names of issuers are followed by their signatures, not by their names alone.
 */
export function checkChain(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  now: Date,
): ChainCheck {
  if (leaf.ca) return { result: 'untrusted', why: 'its certificate is that of an authority, which signs no model' }
  // The runtime lists extended uses only.
  const uses = (leaf.keyUsage as string[] | undefined) ?? []
  if (uses.length > 0 && !uses.includes(codeSigning)) {
    return { result: 'untrusted', why: 'its certificate is not made for signing' }
  }
  const isTrusted = (one: X509Certificate) => trusted.some((root) => root.fingerprint256 === one.fingerprint256)
  const pool = [...others, ...trusted]
  const path: X509Certificate[] = [leaf]
  for (let at = leaf; !isTrusted(at); ) {
    const issuer = pool.find(
      (one) => one.ca && one.fingerprint256 !== at.fingerprint256 && at.checkIssued(one) && at.verify(one.publicKey),
    )
    if (issuer === undefined || path.length > mostDepth) {
      // The name of a trusted authority is anybody's to write; its signature is not.
      const forged = trusted.some((root) => root.subject === at.issuer)
      return {
        result: 'untrusted',
        why: forged
          ? `it names ${at.issuer.replaceAll('\n', ', ')} as its issuer, whose key has not signed it: somebody else uses that name`
          : 'its certificate leads to none of the trusted ones',
      }
    }
    path.push(issuer)
    at = issuer
  }
  for (const one of path) {
    if (one.validFromDate > now)
      return { result: 'expired', why: `its certificate is valid from ${day(one.validFromDate)}` }
    if (one.validToDate < now) return { result: 'expired', why: `its certificate ended on ${day(one.validToDate)}` }
  }
  return {
    result: 'trusted',
    expiresAt: path.reduce((min, one) => (one.validToDate < min ? one.validToDate : min), leaf.validToDate),
  }
}

const day = (date: Date) => date.toISOString().slice(0, 10)

/** The names in a certificate by which a signer is known: alternative names, else the common name. */
export function identitiesOf(certificate: X509Certificate): string[] {
  const names = (certificate.subjectAltName ?? '')
    .split(', ')
    .flatMap((part) => /^(?:email|URI|DNS):(.+)$/.exec(part)?.[1] ?? [])
  if (names.length > 0) return names
  const common = /^CN=(.+)$/m.exec(certificate.subject)?.[1]
  return common === undefined ? [] : [common]
}
