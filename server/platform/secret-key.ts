import { randomBytes } from 'node:crypto'
import { chmod, link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { invalid, randomText } from '../../kernel/index.ts'
import { fsyncPath } from './durable-files.ts'

/**
 * The envelope key: the one given from outside, or the one kept in `<data>/secret.key` (mode 0600), made at first start. 32 bytes.
 * Throws `invalid` when the file is damaged.
 */
export async function loadSecretKey(dataFolder: string, given: Uint8Array | undefined): Promise<Uint8Array> {
  if (given !== undefined) return given
  const path = join(dataFolder, 'secret.key')
  const present = await readFile(path, 'utf8').catch(() => null)
  if (present !== null) return decode(present, path)
  const key = randomBytes(32)
  // A name of its own for every caller: process ids are the same in two containers on one volume.
  const temporary = `${path}.${randomText(12)}`
  await writeFile(temporary, `${key.toString('base64')}\n`, { mode: 0o600, flush: true })
  await chmod(temporary, 0o600)
  // link() refuses to replace: of two first starts at once, one key wins and both read it.
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await unlink(temporary)
  // Before anything is sealed with it, whichever caller has made it.
  fsyncPath(dataFolder)
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
