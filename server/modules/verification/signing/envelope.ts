import * as z from 'zod'
import { payloadType } from './statement.ts'

/** Bytes of a signature bundle: one of 100,000 files has some 20 MB. */
export const mostBundleBytes = 64 * 2 ** 20

export const bundleMediaType = 'application/vnd.dev.sigstore.bundle.v0.3+json'
const mediaTypes = /^application\/vnd\.dev\.sigstore\.bundle(\.v0\.[1-9][0-9]*\+json|\+json;version=0\.[1-9][0-9]*)$/

const Certificate = z.object({ rawBytes: z.base64().max(100_000) })

const Bundle = z.object({
  mediaType: z.string().regex(mediaTypes),
  verificationMaterial: z.object({
    publicKey: z.object({ hint: z.string().max(1_000).optional() }).optional(),
    certificate: Certificate.optional(),
    x509CertificateChain: z.object({ certificates: z.array(Certificate).min(1).max(16) }).optional(),
    tlogEntries: z.array(z.unknown()).max(100).optional(),
    timestampVerificationData: z.object({ rfc3161Timestamps: z.array(z.unknown()).max(100).optional() }).nullish(),
  }),
  dsseEnvelope: z.object({
    payload: z.base64(),
    payloadType: z.string().max(200),
    signatures: z
      .array(z.object({ sig: z.base64().max(20_000), keyid: z.string().max(1_000).nullish() }))
      .min(1)
      .max(16),
  }),
})

export type SignatureBundle = {
  /** As it came, for what reads it by itself. */
  document: Record<string, unknown>
  payload: Buffer
  /** What the signature is over. */
  signed: Buffer
  signature: Buffer
} & (
  | { method: 'key' /** What the signer calls the key; null: nothing. */; hint: string | null }
  | { method: 'certificate' | 'sigstore' /** DER, that of the signer first. */; certificates: readonly Buffer[] }
)

/** A Sigstore bundle with a DSSE envelope. Throws an Error whose message ends a sentence. */
export function readBundle(bytes: Uint8Array): SignatureBundle {
  if (bytes.length > mostBundleBytes) throw new Error(`it has more than ${mostBundleBytes} bytes`)
  let document: unknown
  try {
    document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Error('it is no JSON')
  }
  const parsed = Bundle.safeParse(document)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(
      `it is no Sigstore bundle with a DSSE envelope (${issue?.path.join('.') || 'it'}: ${issue?.message ?? ''})`,
    )
  }
  const { verificationMaterial: material, dsseEnvelope: envelope } = parsed.data
  if (envelope.payloadType !== payloadType) throw new Error(`its payload is of the type ${envelope.payloadType}`)
  if (envelope.signatures.length !== 1) throw new Error('it holds more than one signature')
  const payload = Buffer.from(envelope.payload, 'base64')
  const base = {
    document: document as Record<string, unknown>,
    payload,
    signed: preAuthEncoding(envelope.payloadType, payload),
    signature: Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64'),
  }
  if (material.publicKey !== undefined) return { ...base, method: 'key', hint: material.publicKey.hint ?? null }
  const certificates = (material.x509CertificateChain?.certificates ?? [material.certificate]).flatMap((one) =>
    one === undefined ? [] : [Buffer.from(one.rawBytes, 'base64')],
  )
  if (certificates.length === 0) throw new Error('it names neither a key nor a certificate')
  const timed =
    (material.tlogEntries?.length ?? 0) + (material.timestampVerificationData?.rfc3161Timestamps?.length ?? 0) > 0
  return { ...base, method: timed ? 'sigstore' : 'certificate', certificates }
}

/** A bundle of a statement that is signed by a key. */
export function writeBundle(payload: Buffer, keyId: string, sign: (bytes: Buffer) => Buffer): Record<string, unknown> {
  return {
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: keyId }, tlogEntries: [] },
    dsseEnvelope: {
      payload: payload.toString('base64'),
      payloadType,
      signatures: [{ sig: sign(preAuthEncoding(payloadType, payload)).toString('base64'), keyid: '' }],
    },
  }
}

/** What DSSE signs: the payload with its type, each with its length. https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function preAuthEncoding(type: string, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload])
}
