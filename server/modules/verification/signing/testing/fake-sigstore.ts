import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign as signBytes } from 'node:crypto'
import { preAuthEncoding } from '../envelope.ts'
import { payloadType } from '../statement.ts'
import { bits, integer, octets, oid, sequence, set, time, tlv, utf8, yes } from './der.ts'

// A Sigstore of its own: an authority that issues certificates for minutes to identities (as Fulcio does), a log that signs what it was
// shown and when (as Rekor does), and a log of certificates. Formats: RFC 5280, RFC 6962, Fulcio's OID table (docs/oid-info.md), Rekor's
// entry type dsse 0.0.1, trusted_root v0.1.

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })
const digest = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const name = (common: string) => sequence(set(sequence(oid('2.5.4.3'), utf8(common))))
const extension = (id: string, value: Uint8Array, critical = false) =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value))

type Period = { from: Date; until: Date }
const minute = 60_000
export const decade: Period = { from: new Date('2020-01-01T00:00:00Z'), until: new Date('2030-01-01T00:00:00Z') }

function certificate(
  of: { issuer: string; by: KeyObject; subject: string | null; key: KeyObject; extensions: readonly Buffer[] } & Period,
): Buffer {
  const tbs = toBeSigned(of)
  return sequence(tbs, ecdsaWithSha256, bits(signBytes('sha256', tbs, of.by)))
}

function toBeSigned({
  issuer,
  subject,
  key,
  from,
  until,
  extensions,
}: { issuer: string; subject: string | null; key: KeyObject; extensions: readonly Buffer[] } & Period): Buffer {
  return sequence(
    tlv(0xa0, integer(2)),
    serialOf(key),
    ecdsaWithSha256,
    name(issuer),
    sequence(time(from), time(until)),
    subject === null ? sequence() : name(subject),
    spki(key),
    tlv(0xa3, sequence(...extensions)),
  )
}

/** A serial number: the same for the certificate that a log saw and the one that was issued. */
const serialOf = (key: KeyObject) => tlv(0x02, Buffer.from([0x01]), digest(spki(key)).subarray(0, 15))

export type SigningRequest = {
  payload: Buffer
  identity?: string
  issuer?: string
  /** When the log saw it. */
  at: Date
  /** When the certificate is in force; ten minutes from the signing unless told. */
  inForce?: Period
  /** True: the log of certificates has not seen the certificate. */
  unseen?: boolean
  /** What a time stamping authority says beside the log; absent: none does. */
  stampedAt?: Date
}

export type FakeSigstore = {
  /** `trusted_root.json`, with the time stamping authority where that is asked for. */
  root: (withStamps?: boolean) => Record<string, unknown>
  /** A bundle, as JSON. */
  sign: (request: SigningRequest) => SigstoreDocument
  /** Another signing of the same names, by other keys: what somebody makes who only knows what it says of itself. */
  twin: () => FakeSigstore
}

export type SigstoreDocument = {
  mediaType: string
  verificationMaterial: {
    certificate: { rawBytes: string }
    tlogEntries: {
      logIndex: string
      logId: { keyId: string }
      kindVersion: { kind: string; version: string }
      integratedTime: string
      inclusionPromise?: { signedEntryTimestamp: string }
      inclusionProof: { logIndex: string; rootHash: string; treeSize: string; hashes: string[]; checkpoint: unknown }
      canonicalizedBody: string
    }[]
    timestampVerificationData?: { rfc3161Timestamps: { signedTimestamp: string }[] }
  }
  dsseEnvelope: { payload: string; payloadType: string; signatures: { sig: string; keyid: string }[] }
}

const issuerName = 'acme-sigstore'
const host = 'rekor.acme.example'

export function createFakeSigstore(): FakeSigstore {
  const authority = newAuthority()
  const log = newKey()
  const certificateLog = newKey()
  const stamper = newKey()
  const stamperCertificate = certificate({
    issuer: issuerName,
    by: authority.privateKey,
    subject: 'acme-time',
    key: stamper.publicKey,
    ...decade,
    extensions: [extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.8')), true)],
  })
  /** A time stamp of a signature (RFC 3161, RFC 5652). */
  const timeStamp = (signature: Buffer, at: Date): Buffer => {
    const sha256 = sequence(oid('2.16.840.1.101.3.4.2.1'))
    const infoType = oid('1.2.840.113549.1.9.16.1.4')
    const info = sequence(
      integer(1),
      oid('1.3.6.1.4.1.57264.2'),
      sequence(sha256, octets(digest(signature))),
      integer(1),
      time(at),
    )
    const attributes = [
      sequence(oid('1.2.840.113549.1.9.3'), set(infoType)),
      sequence(oid('1.2.840.113549.1.9.4'), set(octets(digest(info)))),
    ]
    const signer = sequence(
      integer(1),
      sequence(name(issuerName), serialOf(stamper.publicKey)),
      sha256,
      tlv(0xa0, ...attributes),
      ecdsaWithSha256,
      octets(signBytes('sha256', set(...attributes), stamper.privateKey)),
    )
    const signedData = sequence(integer(3), set(sha256), sequence(infoType, tlv(0xa0, octets(info))), set(signer))
    return sequence(sequence(integer(0)), sequence(oid('1.2.840.113549.1.7.2'), tlv(0xa0, signedData)))
  }
  const logId = digest(spki(log.publicKey))
  const certificateLogId = digest(spki(certificateLog.publicKey))
  const validFor = { start: decade.from.toISOString(), end: decade.until.toISOString() }
  const logEntry = (key: KeyObject, baseUrl: string) => ({
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: {
      rawBytes: spki(key).toString('base64'),
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor,
    },
    logId: { keyId: digest(spki(key)).toString('base64') },
  })
  const issue = (
    key: KeyObject,
    { identity, issuer, unseen }: { identity: string; issuer: string; unseen: boolean },
    period: Period,
  ) => {
    const seen = {
      issuer: issuerName,
      subject: null,
      key,
      ...period,
      extensions: [
        ...leafExtensions(identity),
        extension('1.3.6.1.4.1.57264.1.1', Buffer.from(issuer)),
        extension('1.3.6.1.4.1.57264.1.8', utf8(issuer)),
      ],
    }
    const stamps = unseen ? [] : [stampOf(toBeSigned(seen), period.from)]
    return certificate({ ...seen, by: authority.privateKey, extensions: [...seen.extensions, ...stamps] })
  }
  /** What the log of certificates says of one that is about to be issued (RFC 6962, 3.2 and 3.3). */
  const stampOf = (tbs: Buffer, at: Date): Buffer => {
    const when = Buffer.alloc(8)
    when.writeBigUInt64BE(BigInt(at.getTime()))
    const length = Buffer.alloc(3)
    length.writeUIntBE(tbs.length, 0, 3)
    const signed = Buffer.concat([
      Buffer.from([0, 0]),
      when,
      Buffer.from([0, 1]),
      digest(spki(authority.publicKey)),
      length,
      tbs,
      Buffer.from([0, 0]),
    ])
    const signature = signBytes('sha256', signed, certificateLog.privateKey)
    const stamp = Buffer.concat([
      Buffer.from([0]),
      certificateLogId,
      when,
      Buffer.from([0, 0, 4, 3]),
      short(signature.length),
      signature,
    ])
    const list = Buffer.concat([short(stamp.length), stamp])
    return extension('1.3.6.1.4.1.11129.2.4.2', octets(short(list.length), list))
  }
  const show = (body: Buffer, at: Date): SigstoreDocument['verificationMaterial']['tlogEntries'][number] => {
    const integratedTime = Math.floor(at.getTime() / 1_000)
    const promised = JSON.stringify({
      body: body.toString('base64'),
      integratedTime,
      logID: logId.toString('hex'),
      logIndex: 0,
    })
    const rootHash = digest(Buffer.from([0]), body)
    const note = `${host}\n1\n${rootHash.toString('base64')}\n`
    const noteSignature = Buffer.concat([
      logId.subarray(0, 4),
      signBytes('sha256', Buffer.from(note), log.privateKey),
    ]).toString('base64')
    return {
      logIndex: '0',
      logId: { keyId: logId.toString('base64') },
      kindVersion: { kind: 'dsse', version: '0.0.1' },
      integratedTime: String(integratedTime),
      inclusionPromise: {
        signedEntryTimestamp: signBytes('sha256', Buffer.from(promised), log.privateKey).toString('base64'),
      },
      inclusionProof: {
        logIndex: '0',
        rootHash: rootHash.toString('base64'),
        treeSize: '1',
        hashes: [],
        checkpoint: { envelope: `${note}\n— ${host} ${noteSignature}\n` },
      },
      canonicalizedBody: body.toString('base64'),
    }
  }
  return {
    root: (withStamps = false) => ({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [logEntry(log.publicKey, `https://${host}`)],
      certificateAuthorities: [
        {
          subject: { organization: 'acme', commonName: issuerName },
          uri: 'https://fulcio.acme.example',
          certChain: { certificates: [{ rawBytes: authority.certificate.toString('base64') }] },
          validFor,
        },
      ],
      ctlogs: [logEntry(certificateLog.publicKey, 'https://ct.acme.example')],
      timestampAuthorities: withStamps
        ? [
            {
              subject: { organization: 'acme', commonName: 'acme-time' },
              uri: 'https://time.acme.example',
              certChain: {
                certificates: [stamperCertificate, authority.certificate].map((der) => ({
                  rawBytes: der.toString('base64'),
                })),
              },
              validFor,
            },
          ]
        : [],
    }),
    sign: ({
      payload,
      identity = 'https://acme.example/release',
      issuer = 'https://login.acme.example',
      at,
      inForce,
      unseen = false,
      stampedAt,
    }) => {
      const key = newKey()
      const period = inForce ?? { from: at, until: new Date(at.getTime() + 10 * minute) }
      const leaf = issue(key.publicKey, { identity, issuer, unseen }, period)
      const signature = signBytes('sha256', preAuthEncoding(payloadType, payload), key.privateKey)
      const body = Buffer.from(
        JSON.stringify({
          apiVersion: '0.0.1',
          kind: 'dsse',
          spec: {
            envelopeHash: { algorithm: 'sha256', value: randomBytes(32).toString('hex') },
            payloadHash: { algorithm: 'sha256', value: digest(payload).toString('hex') },
            signatures: [{ signature: signature.toString('base64'), verifier: leaf.toString('base64') }],
          },
        }),
      )
      return {
        mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
        verificationMaterial: {
          certificate: { rawBytes: leaf.toString('base64') },
          tlogEntries: [show(body, at)],
          ...(stampedAt === undefined
            ? {}
            : {
                timestampVerificationData: {
                  rfc3161Timestamps: [{ signedTimestamp: timeStamp(signature, stampedAt).toString('base64') }],
                },
              }),
        },
        dsseEnvelope: {
          payload: payload.toString('base64'),
          payloadType,
          signatures: [{ sig: signature.toString('base64'), keyid: '' }],
        },
      }
    },
    twin: createFakeSigstore,
  }
}

/** A certificate for an identity by an authority of its own, which is always of the same name. */
export function certificateFor(
  identity: string,
  period: Period,
): { leaf: Buffer; privateKey: KeyObject /** Of the authority, DER. */; root: Buffer } {
  const authority = newAuthority()
  const { publicKey, privateKey } = newKey()
  const leaf = certificate({
    issuer: issuerName,
    by: authority.privateKey,
    subject: 'release',
    key: publicKey,
    ...period,
    extensions: leafExtensions(identity),
  })
  return { leaf, privateKey, root: authority.certificate }
}

function newAuthority() {
  const { publicKey, privateKey } = newKey()
  const extensions = [
    extension('2.5.29.19', sequence(yes), true),
    // keyCertSign and cRLSign.
    extension('2.5.29.15', bits(Buffer.from([0x06]), 1), true),
  ]
  return {
    publicKey,
    privateKey,
    certificate: certificate({
      issuer: issuerName,
      by: privateKey,
      subject: issuerName,
      key: publicKey,
      ...decade,
      extensions,
    }),
  }
}

const leafExtensions = (identity: string): Buffer[] => [
  extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
  extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.3'))),
  extension('2.5.29.17', sequence(tlv(0x86, Buffer.from(identity))), true),
]

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
