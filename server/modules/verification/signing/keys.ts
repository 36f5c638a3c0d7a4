import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'

/** SHA-256 of the public key as PEM (SPKI), hexadecimal: how model signing names a key. */
export const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'pem' }))
    .digest('hex')

/** A public key from PEM. Throws an Error whose message ends a sentence. */
export function readPublicKey(pem: string): KeyObject {
  if (/PRIVATE KEY/.test(pem)) throw new Error('it holds a private key; give the public one')
  let key: KeyObject
  try {
    key = createPublicKey(pem)
  } catch {
    throw new Error('it is no public key in PEM')
  }
  if (digestFor(key) === undefined) throw new Error(`keys of the kind ${key.asymmetricKeyType} are not read here`)
  return key
}

const curveDigests: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
}

/** The digest that goes with a key; null: it has its own, undefined: the key is none that is read here. */
function digestFor(key: KeyObject): string | null | undefined {
  if (key.asymmetricKeyType === 'ed25519') return null
  if (key.asymmetricKeyType === 'rsa')
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048 ? 'sha256' : undefined
  if (key.asymmetricKeyType === 'ec') return curveDigests[key.asymmetricKeyDetails?.namedCurve ?? '']
  return undefined
}

/** Whether the signature over the bytes is that of the key. */
export function isSignedWith(key: KeyObject, bytes: Buffer, signature: Buffer): boolean {
  const digest = digestFor(key)
  if (digest === undefined) return false
  try {
    return verify(digest, bytes, key, signature)
  } catch {
    return false
  }
}
