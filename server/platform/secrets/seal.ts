import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { internal } from '../../../kernel/index.ts'

// Layout: 4 bytes of name and format version, 8 of key id, 12 of nonce, the ciphertext, 16 of tag (AES-256-GCM, NIST SP 800-38D).
const magic = Buffer.from('MHS\x01', 'latin1')
const idBytes = 8
const nonceBytes = 12
const tagBytes = 16
const headBytes = magic.length + idBytes + nonceBytes

/**
 * Seals a secret for one place: it opens only with the same key, purpose and id, so that a row's bytes are worth nothing in another
 * row or column.
 * @param key the envelope key, 32 bytes
 * @param purpose what is sealed, such as `credential`
 * @param id the row it belongs to
 */
export function seal(key: Uint8Array, purpose: string, id: string, plaintext: Uint8Array | string): Buffer {
  const { own, keyId } = derive(key)
  const head = Buffer.concat([magic, keyId, randomBytes(nonceBytes)])
  const cipher = createCipheriv('aes-256-gcm', own, head.subarray(-nonceBytes))
  cipher.setAAD(additional(head, purpose, id))
  const bytes = typeof plaintext === 'string' ? Buffer.from(plaintext, 'utf8') : plaintext
  return Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/**
 * Opens what was sealed. Several keys may be given while the envelope key is being changed: the sealed bytes name theirs.
 * Throws `internal` `secret_unreadable` when it was altered, belongs elsewhere or was sealed with another key.
 */
export function unseal(
  keys: Uint8Array | readonly Uint8Array[],
  purpose: string,
  id: string,
  sealed: Uint8Array,
): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const named = bytes.subarray(magic.length, magic.length + idBytes)
  const known = (keys instanceof Uint8Array ? [keys] : keys).map(derive).find(({ keyId }) => keyId.equals(named))
  if (bytes.length < headBytes + tagBytes || !bytes.subarray(0, magic.length).equals(magic)) throw unreadable()
  if (known === undefined) throw unreadable()
  const head = bytes.subarray(0, headBytes)
  const decipher = createDecipheriv('aes-256-gcm', known.own, head.subarray(-nonceBytes))
  decipher.setAAD(additional(head, purpose, id))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(headBytes, -tagBytes)), decipher.final()])
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** A key of its own, so that the envelope key itself is used for nothing; its id tells nothing of it. */
function derive(key: Uint8Array): { own: Buffer; keyId: Buffer } {
  const both = Buffer.from(hkdfSync('sha256', key, '', 'modelhub secrets at rest v1', 32 + idBytes))
  return { own: both.subarray(0, 32), keyId: both.subarray(32) }
}

const additional = (head: Buffer, purpose: string, id: string): Buffer =>
  Buffer.concat([head, Buffer.from(`${purpose}\0${id}`, 'utf8')])

const unreadable = (cause?: unknown) =>
  internal(
    'secret_unreadable',
    'A stored secret cannot be opened: altered, or sealed with another envelope key.',
    'Restore the envelope key that the hub had, or store the secret again.',
    { cause },
  )
