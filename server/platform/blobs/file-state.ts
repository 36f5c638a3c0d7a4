import { stat, utimes } from 'node:fs/promises'
import { limitReached, notFound } from '../../../kernel/index.ts'

/** Renews the time of a file; false when there is none. */
export async function touch(path: string): Promise<boolean> {
  const now = new Date()
  return await succeeds(utimes(path, now, now))
}

/** False when the file is not there; other failures are thrown. */
export async function succeeds(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}

export async function statFile(path: string): Promise<{ size: number; mtime: Date; mtimeMs: number } | undefined> {
  try {
    return await stat(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

export const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

export function asMissing(error: unknown, sha256: string): unknown {
  if (codeOf(error) !== 'ENOENT') return error
  return notFound('blob_not_found', `The store has no blob ${sha256}.`, 'Ingest the version again.', { cause: error })
}

export async function asFull(error: unknown, folder: string, path: string, size: number | undefined): Promise<unknown> {
  if (codeOf(error) !== 'ENOSPC' && codeOf(error) !== 'EDQUOT') return error
  const written = (await statFile(path).catch(() => undefined))?.size ?? 0
  const missingBytes = size === undefined ? null : Math.max(0, size - written)
  const missing = missingBytes === null ? '' : `: ${missingBytes} bytes are missing`
  return limitReached('disk_full', `The disk of ${folder} is full${missing}.`, 'Free space there, then retry.', {
    details: { status: 507, folder, missingBytes },
    cause: error,
  })
}
