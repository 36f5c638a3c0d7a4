import { X509Certificate } from 'node:crypto'
import { messageOf } from '../../../../kernel/index.ts'
import { checkChain, identitiesOf, readCertificates } from './certificates.ts'
import { compareFiles } from './compare-files.ts'
import { readBundle, type SignatureBundle } from './envelope.ts'
import { isSignedWith, keyIdOf, readPublicKey } from './keys.ts'
import { type ModelStatement, readStatement, type SignedFile } from './statement.ts'
import { verifySigstore } from './verify-sigstore.ts'

/** Somebody whose signatures count. */
export type Signer = {
  /** As people call them. */
  name: string
  /** Sources they may sign, with `*` for anything; absent: every source. */
  sources?: readonly string[]
  /** When this trust ends; null: it does not. */
  expiresAt: Date | null
} & (
  | { kind: 'key' /** PEM. */; material: string }
  | {
      kind: 'certificate' /** PEM; chains end in one of these. */
      material: string /** Null: whoever they certify. */
      identity: string | null
    }
  | { kind: 'sigstore'; identity: string; issuer: string }
)

export type Trust = {
  signers: readonly Signer[]
  /** JSON of the trust root of Sigstore; null: there is none, and its bundles cannot be verified. */
  trustedRoot: string | null
  now: Date
  /** Where the model comes from, such as `huggingface:org/name`; absent: signers are not asked what they may sign. */
  source?: string
}

/** Stable words of the API. */
export type SignatureStatus =
  | 'verified'
  | 'unknown_signer'
  | 'expired_signer'
  | 'signer_not_allowed'
  | 'changed_file'
  | 'removed_file'
  | 'added_file'
  | 'signature_wrong'
  | 'malformed'
  | 'not_verifiable'

export type SignedBy = {
  name: string | null
  keyId: string | null
  identity: string | null
  issuer: string | null
  /** When what was trusted ends. */
  expiresAt: Date | null
}

export type SignatureCheck = {
  status: SignatureStatus
  /** One sentence. */
  message: string
  remedy: string | null
  method: SignatureBundle['method'] | null
  signer: SignedBy
  /** Files that the signature lists; null: it could not be read. */
  files: number | null
  /** When it was signed, where that is proved. */
  signedAt: Date | null
}

export const nobody: SignedBy = { name: null, keyId: null, identity: null, issuer: null, expiresAt: null }

/**
 * Whether these are the files that somebody trusted has signed. Opens nothing: the digests are the caller's. Never throws for what is wrong
 * with a signature; the first that applies is told: malformed, unknown or expired signer, wrong signature, changed, removed, added file.
 * @param own paths that hold signatures and are left out of the comparison
 */
export async function verifySignature(
  bundleBytes: Uint8Array,
  files: readonly SignedFile[],
  own: readonly string[],
  trust: Trust,
): Promise<SignatureCheck> {
  let bundle: SignatureBundle
  let statement: ModelStatement
  try {
    bundle = readBundle(bundleBytes)
    statement = readStatement(bundle.payload)
  } catch (error) {
    return fail('malformed', `The signature cannot be read: ${messageOf(error)}.`, askAgain)
  }
  const base = { method: bundle.method, files: statement.files.length }
  // The same key may be trusted more than once: for this source before another, in force before what has ended.
  const rank = (signer: Signer) =>
    (mayBeSigned(signer, trust.source) ? 0 : 2) + (signer.expiresAt === null || signer.expiresAt > trust.now ? 0 : 1)
  const signers = [...trust.signers].sort((a, b) => rank(a) - rank(b))
  const found = await findSigner(bundle, { ...trust, signers })
  if (found.status !== 'verified') return { ...found, ...base }
  const { by, ...proved } = found
  if (!mayBeSigned(by, trust.source)) {
    return {
      ...proved,
      ...base,
      status: 'signer_not_allowed',
      message: `${by.name} signed the files, and is not trusted for what comes from ${trust.source}.`,
      remedy: 'Allow that source in the trust policy, if it is right.',
    }
  }
  const difference = compareFiles(statement, files, own)
  if (difference !== null) return { ...proved, ...difference, ...base }
  return { ...proved, ...base }
}

type Found =
  | (Omit<SignatureCheck, 'method' | 'files'> & { status: Exclude<SignatureStatus, 'verified'> })
  | (Omit<SignatureCheck, 'method' | 'files'> & { status: 'verified'; by: Signer })

async function findSigner(bundle: SignatureBundle, trust: Trust): Promise<Found> {
  if (bundle.method === 'key') return byKey(bundle, trust)
  if (bundle.method === 'certificate') return byCertificate(bundle, trust)
  return await bySigstore(bundle, trust)
}

function byKey(bundle: SignatureBundle & { method: 'key' }, trust: Trust): Found {
  const keys = trust.signers.flatMap((signer) => {
    if (signer.kind !== 'key') return []
    const key = readPublicKey(signer.material)
    return [{ signer, key, keyId: keyIdOf(key) }]
  })
  const named = keys.filter(({ keyId }) => keyId === bundle.hint)
  const match = (named.length > 0 ? named : keys).find(({ key }) => isSignedWith(key, bundle.signed, bundle.signature))
  if (match === undefined) {
    const [known] = named
    if (known !== undefined) {
      return failed(
        'signature_wrong',
        { ...nobody, name: known.signer.name, keyId: known.keyId },
        wrong(known.signer.name),
        askAgain,
      )
    }
    return failed(
      'unknown_signer',
      { ...nobody, keyId: bundle.hint },
      `The files are signed by a key that is not trusted${bundle.hint === null ? '' : `: ${bundle.hint.slice(0, 200)}`}.`,
      'Get the key of the publisher by another way than the files, and compare it; then trust it.',
    )
  }
  const { signer, keyId } = match
  const signedBy = { ...nobody, name: signer.name, keyId, expiresAt: signer.expiresAt }
  return good(signer, signedBy, null, trust.now)
}

function byCertificate(bundle: SignatureBundle & { method: 'certificate' | 'sigstore' }, trust: Trust): Found {
  let chain: X509Certificate[]
  try {
    chain = bundle.certificates.map((der) => new X509Certificate(der))
  } catch {
    return failed('malformed', nobody, 'The signature cannot be read: one of its certificates is none.', askAgain)
  }
  const [leaf, ...others] = chain
  if (leaf === undefined) throw new Error('a bundle of a certificate without one')
  const names = identitiesOf(leaf)
  const claimed = names[0] ?? null
  let why: { status: 'expired_signer' | 'unknown_signer'; why: string } | null = null
  for (const signer of trust.signers) {
    if (signer.kind !== 'certificate') continue
    const checked = checkChain(leaf, others, readCertificates(signer.material), trust.now)
    if (checked.result === 'expired') why = { status: 'expired_signer', why: checked.why }
    if (checked.result !== 'trusted') {
      why ??= { status: 'unknown_signer', why: checked.why }
      continue
    }
    const { identity } = signer
    if (identity !== null && !names.includes(identity)) {
      why ??= { status: 'unknown_signer', why: `its certificate is that of ${claimed ?? 'nobody'}, not of ${identity}` }
      continue
    }
    const by = {
      ...nobody,
      name: signer.name,
      keyId: keyIdOf(leaf.publicKey),
      identity: identity ?? claimed,
      issuer: leaf.issuer.replaceAll('\n', ', '),
      expiresAt: earlier(checked.expiresAt, signer.expiresAt),
    }
    if (!isSignedWith(leaf.publicKey, bundle.signed, bundle.signature))
      return failed('signature_wrong', by, wrong(signer.name), askAgain)
    return good(signer, by, null, trust.now)
  }
  if (why?.status === 'expired_signer') {
    return failed(
      'expired_signer',
      { ...nobody, identity: claimed },
      `The signer is not in force: ${why.why}, and nothing proves when the files were signed.`,
      'Ask the publisher to sign them again.',
    )
  }
  return failed(
    'unknown_signer',
    { ...nobody, identity: claimed },
    `The files are signed by somebody who is not trusted: ${why?.why ?? 'no certificate is trusted'}.`,
    'Get the certificate of the publisher by another way than the files; then trust it.',
  )
}

async function bySigstore(bundle: SignatureBundle, trust: Trust): Promise<Found> {
  if (trust.trustedRoot === null) {
    return failed(
      'not_verifiable',
      nobody,
      'The files are signed by Sigstore, which cannot be verified here: there is no trust root.',
      'Give the trust root of Sigstore: --trust-root, or MODELHUB_SIGSTORE_TRUSTED_ROOT for a hub.',
    )
  }
  const found = await verifySigstore(bundle, trust.trustedRoot)
  if (found.status !== 'verified') return failed(found.status, nobody, found.message, found.remedy)
  const signer = trust.signers.find(
    (one) => one.kind === 'sigstore' && one.identity === found.identity && one.issuer === found.issuer,
  )
  const by = { ...nobody, identity: found.identity, issuer: found.issuer }
  if (signer === undefined) {
    return failed(
      'unknown_signer',
      by,
      `The files are signed by ${found.identity ?? 'nobody'} (as ${found.issuer ?? 'nobody'} says), who is not trusted.`,
      'Trust that identity and issuer, if they are those of the publisher.',
    )
  }
  return good(
    signer,
    { ...by, name: signer.name, expiresAt: signer.expiresAt },
    found.signedAt,
    found.signedAt ?? trust.now,
  )
}

/** Good while the trust lasts; what was signed before it ended stays good where the time is proved. */
function good(by: Signer, signer: SignedBy, signedAt: Date | null, at: Date): Found {
  if (by.expiresAt !== null && by.expiresAt <= at) {
    const message = `${by.name} is trusted until ${by.expiresAt.toISOString().slice(0, 10)} only, which is over.`
    return failed('expired_signer', signer, message, 'Ask the publisher to sign the files with a key that is in force.')
  }
  const message = `Signed by ${by.name}: every file is the one that was signed.`
  return { status: 'verified', message, remedy: null, signer, signedAt, by }
}

function failed(
  status: Exclude<SignatureStatus, 'verified'>,
  signer: SignedBy,
  message: string,
  remedy: string | null,
): Found {
  return { status, message, remedy, signer, signedAt: null }
}

const fail = (status: SignatureStatus, message: string, remedy: string | null): SignatureCheck => ({
  status,
  message,
  remedy,
  method: null,
  signer: nobody,
  files: null,
  signedAt: null,
})

const askAgain = 'Get the files and their signature again from the publisher; if it stays so, do not use them.'
const wrong = (name: string) =>
  `The signature is not that of ${name}, whose it says it is: it was changed, or is of something else.`

const earlier = (a: Date, b: Date | null): Date => (b === null || a < b ? a : b)

function mayBeSigned(by: Signer, source: string | undefined): boolean {
  if (source === undefined || by.sources === undefined) return true
  return by.sources.some((pattern) => matches(pattern, source))
}

/** Whether `*` of the pattern stands for the rest of the text between what it says; ignoring case. Linear in the text. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split('*')
  const within = text.toLowerCase()
  const [first = '', ...rest] = parts
  if (rest.length === 0) return within === first
  if (!within.startsWith(first)) return false
  const last = rest.pop() ?? ''
  let at = first.length
  for (const part of rest) {
    const found = within.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return within.length - last.length >= at && within.endsWith(last)
}
