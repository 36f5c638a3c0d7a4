import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  sign,
  verify,
} from 'node:crypto'
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
  /**
   * For signatures of models, which other programs verify: ECDSA P-256 with SHA-256, since the reference implementation of model signing
   * reads no Ed25519. Follows from the same secret, so that there is one to keep.
   */
  models: ModelKey
}

export type ModelKey = {
  /** PEM, SPKI. */
  publicKey: string
  /** SHA-256 of that PEM, lower-case hexadecimal. */
  keyId: string
  sign: (bytes: Uint8Array) => Buffer
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
    const { x = '', d = '' } = key.export({ format: 'jwk' })
    const raw = Buffer.from(x, 'base64url')
    return {
      publicKey: raw.toString('base64'),
      fingerprint: fingerprintOfKey(raw),
      sign: (purpose, bytes) => sign(null, framed(purpose, bytes), key),
      models: modelKey(Buffer.from(d, 'base64url')),
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

/** The order of P-256 (FIPS 186-5). */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** A key that only the holder of the seed has: 384 derived bits modulo the order, whose bias is below 2^-128 (FIPS 186-5, A.2.1). */
function modelKey(seed: Buffer): ModelKey {
  const derived = Buffer.from(hkdfSync('sha256', seed, '', 'modelhub model signing 1', 48)).toString('hex')
  const scalar = (BigInt(`0x${derived}`) % (order - 1n)) + 1n
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex'))
  const point = curve.getPublicKey()
  const text = (from: number, to: number) => point.subarray(from, to).toString('base64url')
  const publicJwk = { kty: 'EC', crv: 'P-256', x: text(1, 33), y: text(33, 65) }
  const d = curve.getPrivateKey('hex').padStart(64, '0')
  const key = createPrivateKey({ key: { ...publicJwk, d: Buffer.from(d, 'hex').toString('base64url') }, format: 'jwk' })
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()
  return {
    publicKey,
    keyId: createHash('sha256').update(publicKey).digest('hex'),
    sign: (bytes) => sign('sha256', bytes, key),
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
