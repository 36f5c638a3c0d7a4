import { safeUrl } from '../../../../egress/index.ts'
import type { NetResponse } from '../net.ts'
import { lied } from './answer.ts'

const batchBytes = 1024 * 1024
const batchChunks = 128

/** A stream that brings less than this in a window is as good as dead. */
export type Slowest = { bytes: number; windowMs: number }

/**
 * Hands the bytes of an answer on in batches, and not one beyond `end` (null: all). What came before a cut is handed on too. Throws
 * `upstream` `too_long`, `too_slow`, and what the stream and `write` throw; a body that is too short just ends.
 */
export async function readBody(
  response: NetResponse,
  start: number,
  end: number | null,
  slowest: Slowest,
  write: (position: number, chunks: readonly Uint8Array[]) => Promise<void>,
): Promise<void> {
  let position = start
  let batch: Uint8Array[] = []
  let size = 0
  let window = { began: performance.now(), bytes: 0 }
  const flush = async () => {
    if (size === 0) return
    const [at, chunks] = [position, batch]
    position += size
    batch = []
    size = 0
    await write(at, chunks)
  }
  try {
    try {
      for await (const one of response.body) {
        const chunk = one as Uint8Array
        const room = end === null ? chunk.length : Math.min(chunk.length, end - position - size)
        batch.push(chunk.subarray(0, room))
        size += room
        if (room < chunk.length) throw lied('too_long', `${safeUrl(response.url)} sent more bytes than it announced.`)
        if (size >= batchBytes || batch.length >= batchChunks) await flush()
        window.bytes += chunk.length
        const now = performance.now()
        if (now - window.began < slowest.windowMs) continue
        if (window.bytes < slowest.bytes)
          throw lied(
            'too_slow',
            `${safeUrl(response.url)} sent ${window.bytes} bytes in ${Math.round(now - window.began)} ms.`,
          )
        window = { began: now, bytes: 0 }
      }
    } finally {
      await flush()
    }
  } finally {
    response.body.destroy()
  }
}
