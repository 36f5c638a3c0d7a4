import type { FileHandle } from 'node:fs/promises'

/** Files below this are read in seconds, holes or not. */
const leastBytes = 2 ** 30
/** A file is suspected when the disk holds less than this part of it. */
const suspectedPart = 1 / 8
const samples = 64
const sampleBytes = 4_096

/**
 * Words for a large file that is nearly all holes, such as what an unfinished download or a claimed size leaves; null for any other.
 * Hashing one of 1 TB would take half an hour for nothing. What the file system says of its blocks only raises the suspicion, since
 * some say too little; that every place looked at is zero decides.
 */
export async function describeHollow(handle: FileHandle): Promise<string | null> {
  const { size, blocks } = await handle.stat()
  const onDisk = blocks * 512
  if (size < leastBytes || onDisk > size * suspectedPart) return null
  const buffer = Buffer.alloc(sampleBytes)
  for (let i = 1; i <= samples; i++) {
    const at = Math.floor(((size - sampleBytes) / samples) * i)
    const { bytesRead } = await handle.read(buffer, 0, sampleBytes, at)
    if (buffer.subarray(0, bytesRead).some((byte) => byte !== 0)) return null
  }
  return `says it holds ${size} bytes, but ${onDisk} are on the disk`
}
