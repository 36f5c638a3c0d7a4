import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

export type Copied = { size: number; sha256: string }
type Options = { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined }

const chunkBytes = 1024 * 1024
const readOnly = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

/**
 * Copies a regular file to a new one (mode 0600), hashing what passes, and flushes it unless told not to. Links are not followed.
 * @throws the system's error: `ENOENT`, `EEXIST`, `ELOOP` for a link, `ENOSPC`; `EINVAL` for what is no regular file
 */
export async function copyFile(from: string, to: string, options: Options & { flush?: boolean } = {}): Promise<Copied> {
  const source = await openRegular(from)
  try {
    const target = await open(to, 'wx', 0o600)
    try {
      const copied = await pass(source, options, async (chunk) => {
        for (let done = 0; done < chunk.length; ) done += (await target.write(chunk, done)).bytesWritten
      })
      if (options.flush !== false) await target.sync()
      return copied
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

/** Hashes a regular file. Throws as `copyFile` does. */
export async function hashFile(path: string, options: Options = {}): Promise<Copied> {
  const file = await openRegular(path)
  try {
    return await pass(file, options, () => Promise.resolve())
  } finally {
    await file.close()
  }
}

async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, readOnly)
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw Object.assign(new Error(`${path} is no regular file`), { code: 'EINVAL' })
}

async function pass(
  source: FileHandle,
  { signal, onBytes }: Options,
  take: (chunk: Buffer) => Promise<void>,
): Promise<Copied> {
  const hash = createHash('sha256')
  // Small files are many and copied at the same time. One byte more, so that a file that grew is seen to have.
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, (await source.stat()).size + 1))
  let size = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await source.read(buffer, 0, buffer.length, size)
    if (bytesRead === 0) return { size, sha256: hash.digest('hex') }
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    await take(chunk)
    size += bytesRead
    onBytes?.(bytesRead)
  }
}

/** The `code` of a system error. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
