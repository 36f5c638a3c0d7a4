import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'

const mebibyte = 2 ** 20

/** SHA-256 of a file, read in order: what an ingest in place cannot do without. */
export function hashFile(path: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(mebibyte)
  const file = openSync(path, 'r')
  for (let got = readSync(file, buffer); got > 0; got = readSync(file, buffer)) hash.update(buffer.subarray(0, got))
  closeSync(file)
  return hash.digest('hex')
}
