import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { upstream } from '../../../kernel/index.ts'
import type { SourceRef } from './source-kind.ts'
import { crc32c } from './url/crc32c.ts'

type Check = { name: string; expected: string; update: (chunk: Uint8Array) => void; found: () => string }

/**
 * Compares a downloaded file with what its source states besides a SHA-256: the id of its git blob, MD5, SHA-512 or CRC-32C. Reads the
 * file once more, and only when there is something to compare. Throws `upstream` `digest_mismatch`.
 */
export async function verifyStated(
  path: string,
  size: number,
  shown: string,
  ref: SourceRef,
  signal?: AbortSignal,
): Promise<void> {
  const checks = checksOf(ref, size)
  if (checks.length === 0) return
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal?.throwIfAborted()
    for (const { update } of checks) update(chunk as Uint8Array)
  }
  for (const { name, expected, found } of checks) {
    const actual = found()
    if (actual === expected) continue
    throw upstream(
      'digest_mismatch',
      `${shown} arrived with other bytes than its source states: ${name} ${actual}, expected ${expected}. Nothing of it was kept.`,
      'Fetch it again; if it happens again, do not trust the source.',
      { details: { digest: name, expected, found: actual } },
    )
  }
}

function checksOf(ref: SourceRef, size: number): Check[] {
  const hashed = (name: string, algorithm: string, expected: string, encoding: 'hex' | 'base64', head = ''): Check => {
    const hash = createHash(algorithm)
    if (head !== '') hash.update(head)
    return { name, expected, update: (chunk) => hash.update(chunk), found: () => hash.digest(encoding) }
  }
  const { md5, sha512, crc32c: crc } = ref.digests ?? {}
  const checks: Check[] = []
  if (ref.gitSha1 !== undefined) checks.push(hashed('git SHA-1', 'sha1', ref.gitSha1, 'hex', `blob ${size}\0`))
  if (sha512 !== undefined) checks.push(hashed('SHA-512', 'sha512', sha512, 'base64'))
  if (md5 !== undefined) checks.push(hashed('MD5', 'md5', md5, 'base64'))
  // A weaker sum says nothing more where a digest is compared.
  if (crc !== undefined && md5 === undefined && sha512 === undefined && ref.sha256 === undefined) {
    let sum = 0
    checks.push({
      name: 'CRC-32C',
      expected: crc,
      update: (chunk) => {
        sum = crc32c(chunk, sum)
      },
      found: () => Buffer.from(Uint32Array.of(sum).buffer).reverse().toString('base64'),
    })
  }
  return checks
}
