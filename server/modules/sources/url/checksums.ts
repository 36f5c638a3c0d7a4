import type { Header } from '../network.ts'
import type { SourceRef } from '../source-kind.ts'

export type Stated = { sha256?: string; digests?: NonNullable<SourceRef['digests']> }

/**
 * What a server says the whole file hashes to, from `x-amz-checksum-sha256` (not the composite of a multipart upload), `x-goog-hash`,
 * `x-ms-blob-content-md5`, `Repr-Digest` (RFC 9530) and `Digest` (RFC 3230). `Content-MD5` and `Content-Digest` speak of the bytes of
 * one answer, so the first counts only when the answer is the whole file. An entity tag is never taken for a digest.
 */
export function statedDigests(header: Header, answerIsWhole: boolean): Stated {
  const sha256 = base64Digest(header('x-amz-checksum-sha256'), 32)
  const goog = pairs(header('x-goog-hash'))
  const structured = { ...pairs(header('digest')), ...pairs(header('repr-digest')) }
  const found = sha256 ?? base64Digest(structured['sha-256'], 32)
  const md5 =
    base64Digest(goog['md5'], 16) ??
    base64Digest(header('x-ms-blob-content-md5'), 16) ??
    (answerIsWhole ? base64Digest(header('content-md5'), 16) : undefined)
  const sha512 = base64Digest(structured['sha-512'], 64)
  const crc32c = base64Digest(goog['crc32c'], 4) ?? base64Digest(header('x-amz-checksum-crc32c'), 4)
  const digests = {
    ...(md5 === undefined ? {} : { md5 }),
    ...(crc32c === undefined ? {} : { crc32c }),
    ...(sha512 === undefined ? {} : { sha512 }),
  }
  return {
    ...(found === undefined ? {} : { sha256: Buffer.from(found, 'base64').toString('hex') }),
    ...(Object.keys(digests).length === 0 ? {} : { digests }),
  }
}

/** `a=…,b=:…:` as pairs, keys in lower case. */
function pairs(text: string | undefined): Record<string, string> {
  const found: Record<string, string> = {}
  for (const part of (text ?? '').slice(0, 4_096).split(',')) {
    const [, key, value] = /^\s*([\w-]+)=:?([A-Za-z0-9+/=]+?):?\s*$/.exec(part) ?? []
    if (key !== undefined && value !== undefined) found[key.toLowerCase()] = value
  }
  return found
}

/** The text when it is base64 of so many bytes; a composite of parts ends in `-N` and is none. */
function base64Digest(text: string | undefined, bytes: number): string | undefined {
  const trimmed = text?.trim()
  if (trimmed === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(trimmed)) return undefined
  return Buffer.from(trimmed, 'base64').length === bytes ? trimmed : undefined
}
