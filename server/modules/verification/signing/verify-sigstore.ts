import { messageOf } from '../../../../kernel/index.ts'
import type { SignatureBundle } from './envelope.ts'
import { readTrustedRoot } from './trusted-root.ts'

type Result =
  | { status: 'verified'; identity: string | null; issuer: string | null; signedAt: Date | null }
  | {
      status: 'malformed' | 'expired_signer' | 'unknown_signer' | 'signature_wrong' | 'not_verifiable'
      message: string
      remedy: string
    }

/**
 * Verifies a bundle of Sigstore against a pinned trust root, without a network: the certificate at the time that a log or a time stamp
 * proves, the entry of the log, the signature. What kinds of proof the trust root knows must all be there.
 */
export async function verifySigstore({ document }: SignatureBundle, trustedRoot: string): Promise<Result> {
  let root: ReturnType<typeof readTrustedRoot>
  try {
    root = readTrustedRoot(trustedRoot)
  } catch (error) {
    return {
      status: 'not_verifiable',
      message: `The trust root of Sigstore cannot be used: ${messageOf(error)}.`,
      remedy: 'Give the trusted_root.json that the operator of that Sigstore publishes.',
    }
  }
  const { bundleFromJSON } = await import('@sigstore/bundle')
  const { toSignedEntity, toTrustMaterial, Verifier } = await import('@sigstore/verify')
  let entity: ReturnType<typeof toSignedEntity>
  try {
    entity = toSignedEntity(bundleFromJSON(document))
  } catch (error) {
    return {
      status: 'malformed',
      message: `The signature cannot be read: ${messageOf(error)}.`,
      remedy: 'Get the signature again from the publisher.',
    }
  }
  try {
    const verifier = new Verifier(toTrustMaterial(root), {
      ctlogThreshold: root.ctlogs.length > 0 ? 1 : 0,
      tlogThreshold: root.tlogs.length > 0 ? 1 : 0,
      timestampThreshold: 1,
    })
    const { identity } = verifier.verify(entity)
    return {
      status: 'verified',
      identity: identity?.subjectAlternativeName ?? null,
      issuer: identity?.extensions?.issuer ?? null,
      signedAt: timeOf(entity),
    }
  } catch (error) {
    return refusal(error)
  }
}

/** The last time that something proves: an entry of a log proves one only by a promise, which the log signs with it. */
function timeOf({ timestamps }: { timestamps: readonly unknown[] }): Date | null {
  const proved = timestamps.flatMap((one) => {
    const { tlogEntry, timestamp } = one as {
      tlogEntry?: { integratedTime?: string; inclusionPromise?: unknown }
      timestamp?: { signingTime?: Date }
    }
    if (tlogEntry?.integratedTime !== undefined && tlogEntry.inclusionPromise !== undefined) {
      return [Number(tlogEntry.integratedTime) * 1_000]
    }
    return timestamp?.signingTime === undefined ? [] : [timestamp.signingTime.getTime()]
  })
  return proved.length === 0 ? null : new Date(Math.max(...proved))
}

function refusal(error: unknown): Result {
  const messages: string[] = []
  for (let at: unknown = error; at instanceof Error && messages.length < 5; at = at.cause) messages.push(at.message)
  const why = messages.join(': ')
  const code = (error as { code?: unknown }).code
  if (/expired/.test(why)) {
    return {
      status: 'expired_signer',
      message: 'The certificate of the signer was not in force when the files were signed.',
      remedy: 'Ask the publisher to sign the files again.',
    }
  }
  if (code === 'CERTIFICATE_ERROR') {
    return {
      status: 'unknown_signer',
      message: `The signer’s certificate is none of the trusted Sigstore: ${why}.`,
      remedy: 'Check that the trust root is that of the Sigstore which the publisher uses.',
    }
  }
  return {
    status: 'signature_wrong',
    message: `The signature does not hold: ${why}.`,
    remedy: 'Get the files and their signature again from the publisher; if it stays so, do not use them.',
  }
}
