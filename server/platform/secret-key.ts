import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid } from '../../kernel/index.ts'
import { makeFileOnce } from './durable-files.ts'

/**
 * The envelope key: the one given from outside, or the one kept in `<data>/secret.key` (mode 0600), made at first start. 32 bytes.
 * Throws `invalid` when the file is damaged.
 */
export async function loadSecretKey(dataFolder: string, given: Uint8Array | undefined): Promise<Uint8Array> {
  if (given !== undefined) return given
  const path = join(dataFolder, 'secret.key')
  const present = await readFile(path, 'utf8').catch(() => null)
  if (present !== null) return decode(present, path)
  // Flushed before anything is sealed with it, whichever caller has made it.
  makeFileOnce(path, `${randomBytes(32).toString('base64')}\n`)
  return decode(await readFile(path, 'utf8'), path)
}

function decode(text: string, path: string): Uint8Array {
  const key = Buffer.from(text.trim(), 'base64')
  if (key.length !== 32) {
    throw invalid(
      'secret_key_damaged',
      `${path} does not hold 32 bytes in base64.`,
      'Restore it from a backup; without it stored secrets cannot be read.',
    )
  }
  return key
}
