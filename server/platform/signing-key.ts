import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid } from '../../kernel/index.ts'
import { makeFileOnce } from './durable-files.ts'

/** With what the hub signs what it gives to others. */
export type SigningKey = {
  /** Ed25519, 32 bytes in base64. */
  publicKey: string
  /** SHA-256 of the public key, lower-case hexadecimal: what people compare. */
  fingerprint: string
  /** The signature (64 bytes) over `purpose`, a NUL and the bytes: what was signed for one purpose proves nothing for another. */
  sign: (purpose: string, bytes: Uint8Array) => Buffer
}

/**
 * The signing key of the hub, kept in `<data>/signing.key` (PKCS #8, mode 0600), made at first start.
 * Throws `invalid` `signing_key_damaged`.
 */
export async function loadSigningKey(dataFolder: string): Promise<SigningKey> {
  const path = join(dataFolder, 'signing.key')
  const read = () => readFile(path, 'utf8').catch(() => null)
  let text = await read()
  if (text === null) {
    makeFileOnce(path, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())
    text = await read()
  }
  try {
    const key = createPrivateKey(text ?? '')
    if (key.asymmetricKeyType !== 'ed25519') throw new Error('another kind of key')
    const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
    const raw = Buffer.from(x, 'base64url')
    return {
      publicKey: raw.toString('base64'),
      fingerprint: fingerprintOfKey(raw),
      sign: (purpose, bytes) => sign(null, framed(purpose, bytes), key),
    }
  } catch (cause) {
    throw invalid(
      'signing_key_damaged',
      `${path} does not hold an Ed25519 key.`,
      'Restore it from a backup. Without it remove it: the hub makes another, which those who trust this hub do not know.',
      { cause },
    )
  }
}

export const fingerprintOfKey = (publicKey: Uint8Array): string => createHash('sha256').update(publicKey).digest('hex')

/** True when the signature is that of the public key (32 bytes) for this purpose. */
export function isSignedBy(publicKey: Uint8Array, purpose: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  const x = Buffer.from(publicKey).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return verify(null, framed(purpose, bytes), key, signature)
}

const framed = (purpose: string, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from(`${purpose}\0`), bytes])
