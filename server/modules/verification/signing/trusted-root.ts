import type { toTrustMaterial } from '@sigstore/verify'
import * as z from 'zod'

// A trust root of Sigstore as its own tools write it: `application/vnd.dev.sigstore.trustedroot+json;version=0.1`, protobuf as JSON.

type TrustedRoot = Parameters<typeof toTrustMaterial>[0]
type Log = TrustedRoot['tlogs'][number]
type Authority = TrustedRoot['certificateAuthorities'][number]

/** Bytes of a trust root. */
export const mostRootBytes = 2 ** 20

const Bytes = z.base64().max(100_000)
const Period = z.object({
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
})
const LogEntry = z.object({
  baseUrl: z.string().max(2_000).default(''),
  publicKey: z.object({ rawBytes: Bytes, keyDetails: z.string().max(100), validFor: Period.optional() }),
  logId: z.object({ keyId: Bytes }),
  checkpointKeyId: z.object({ keyId: Bytes }).optional(),
})
const AuthorityEntry = z.object({
  subject: z
    .object({ organization: z.string().max(500).default(''), commonName: z.string().max(500).default('') })
    .optional(),
  uri: z.string().max(2_000).default(''),
  certChain: z.object({
    certificates: z
      .array(z.object({ rawBytes: Bytes }))
      .min(1)
      .max(16),
  }),
  validFor: Period.optional(),
})
const Root = z.object({
  mediaType: z.string().regex(/^application\/vnd\.dev\.sigstore\.trustedroot(\.v0\.\d+\+json|\+json;version=0\.\d+)$/),
  tlogs: z.array(LogEntry).max(100).default([]),
  certificateAuthorities: z.array(AuthorityEntry).max(100).default([]),
  ctlogs: z.array(LogEntry).max(100).default([]),
  timestampAuthorities: z.array(AuthorityEntry).max(100).default([]),
})

/** The key kinds of sigstore_common.proto that differ in how they are read: those of RSA in PKCS #1. The others are SPKI. */
const pkcs1 = new Set([
  'PKCS1_RSA_PKCS1V5',
  'PKIX_RSA_PKCS1V5',
  'PKIX_RSA_PKCS1V15_2048_SHA256',
  'PKIX_RSA_PKCS1V15_3072_SHA256',
  'PKIX_RSA_PKCS1V15_4096_SHA256',
])
const kinds = { pkcs1: 1, spki: 5 }

/** A trust root from its JSON. Throws an Error whose message ends a sentence. */
export function readTrustedRoot(text: string): TrustedRoot {
  if (text.length > mostRootBytes) throw new Error(`it has more than ${mostRootBytes} characters`)
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new Error('it is no JSON')
  }
  const parsed = Root.safeParse(document)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(`it is no trust root of Sigstore (${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''})`)
  }
  const { mediaType, tlogs, certificateAuthorities, ctlogs, timestampAuthorities } = parsed.data
  return {
    mediaType,
    tlogs: tlogs.map(toLog),
    certificateAuthorities: certificateAuthorities.map(toAuthority),
    ctlogs: ctlogs.map(toLog),
    timestampAuthorities: timestampAuthorities.map(toAuthority),
  }
}

const bytes = (text: string) => Buffer.from(text, 'base64')

const toPeriod = ({ start, end }: z.infer<typeof Period>) => ({
  ...(start === undefined ? {} : { start: new Date(start) }),
  ...(end === undefined ? {} : { end: new Date(end) }),
})

const toLog = ({ baseUrl, publicKey, logId, checkpointKeyId }: z.infer<typeof LogEntry>): Log =>
  ({
    baseUrl,
    hashAlgorithm: 1,
    publicKey: {
      rawBytes: bytes(publicKey.rawBytes),
      keyDetails: pkcs1.has(publicKey.keyDetails) ? kinds.pkcs1 : kinds.spki,
      ...(publicKey.validFor === undefined ? {} : { validFor: toPeriod(publicKey.validFor) }),
    },
    logId: { keyId: bytes(logId.keyId) },
    ...(checkpointKeyId === undefined ? {} : { checkpointKeyId: { keyId: bytes(checkpointKeyId.keyId) } }),
  }) as Log

const toAuthority = ({ subject, uri, certChain, validFor }: z.infer<typeof AuthorityEntry>): Authority =>
  ({
    subject,
    uri,
    certChain: { certificates: certChain.certificates.map(({ rawBytes }) => ({ rawBytes: bytes(rawBytes) })) },
    ...(validFor === undefined ? {} : { validFor: toPeriod(validFor) }),
  }) as Authority
