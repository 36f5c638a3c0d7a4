import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { invalid } from '../../kernel/index.ts'

// Layout: 8 bytes of name and format version, 12 of nonce, the ciphertext, 16 of tag (AES-256-GCM, NIST SP 800-38D).
// The head is authenticated too, so that an older format cannot be passed off as a newer one.
const magic = Buffer.from('MHUBGW\0\x01', 'latin1')
const nameBytes = 7
const nonceBytes = 12
const tagBytes = 16

/** Writes `parts` sealed, mode 0600; readers see the old file or the new one whole, after a power cut too. */
export async function writeSealed(path: string, key: Buffer, parts: Iterable<Buffer>): Promise<void> {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(magic)
  const temporary = `${path}.tmp`
  const file = await open(temporary, 'w', 0o600)
  let whole = false
  try {
    await file.appendFile(Buffer.concat([magic, nonce]))
    for (const piece of pieces(parts, 1024 * 1024)) await file.appendFile(cipher.update(piece))
    cipher.final()
    await file.appendFile(cipher.getAuthTag())
    await file.sync()
    whole = true
  } finally {
    await file.close()
    // On a full disk the torn half would keep the room that the next try needs.
    if (!whole) await rm(temporary, { force: true })
  }
  await rename(temporary, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/**
 * The plain bytes of a sealed file; undefined when there is none.
 * @throws HubError `unreadable_copy` when it was cut, altered or sealed with another key; `newer_copy` when a later release wrote it
 */
export async function readSealed(path: string, key: Buffer): Promise<Buffer | undefined> {
  let sealed: Buffer
  try {
    sealed = await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const head = magic.length + nonceBytes
  const format = sealed[nameBytes] ?? 0
  const named = sealed.subarray(0, nameBytes).equals(magic.subarray(0, nameBytes))
  if (named && format > (magic[nameBytes] ?? 0)) throw newer(format)
  if (sealed.length < head + tagBytes || !sealed.subarray(0, magic.length).equals(magic)) throw unreadable()
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(magic.length, head))
  decipher.setAAD(magic)
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(head, -tagBytes)), decipher.final()])
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** Joins small parts, so that a snapshot of many lines takes few writes and no long turn. */
function* pieces(parts: Iterable<Buffer>, size: number): Generator<Buffer> {
  let held: Buffer[] = []
  let bytes = 0
  for (const part of parts) {
    held.push(part)
    bytes += part.length
    if (bytes < size) continue
    yield Buffer.concat(held)
    held = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(held)
}

const unreadable = (cause?: unknown) =>
  invalid(
    'unreadable_copy',
    'The snapshot copy on disk cannot be read: cut, altered, or sealed with another key.',
    'Nothing needs doing when the control plane is up: it sends a new one.',
    { cause },
  )

const newer = (format: number) =>
  invalid(
    'newer_copy',
    `The snapshot copy on disk has the format ${format} of a later release.`,
    'Start that release again, or let the control plane send a new copy.',
  )
