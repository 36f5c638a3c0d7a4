import { addExtent, contiguousEnd, countBytes, type Extent, firstGap } from './extents.ts'
import type { Progress } from './journal.ts'
import type { DownloadTuning } from './request.ts'

/** What a stream is at: bytes `position` up to and without `end`. */
export type Part = { position: number; end: number }

const mebibyte = 2 ** 20
/** How far in front of the contiguous beginning streams may fetch: what lies there is read back for the hash, from memory if possible. */
const lookAhead = 256 * mebibyte

/**
 * The next bytes that nobody has and nobody is at; null when there are none, or when they lie too far in front. Parts bound what a kill
 * costs, together with what is not yet journaled: what the source has sent of them may still lie in the buffers of the connections.
 */
export function nextPart(
  { size, have }: Progress,
  taken: ReadonlySet<Part>,
  width: number,
  tuning: DownloadTuning,
): Part | null {
  const parallelPart = tuning.parallelPart ?? 8 * mebibyte
  // The size comes with the first answer: until then nobody else can know what to ask for.
  if (size === null) return taken.size > 0 ? null : { position: 0, end: parallelPart }
  const busy = [...taken].reduce<readonly Extent[]>((list, part) => addExtent(list, [part.position, part.end]), have)
  const gap = firstGap(busy, size)
  if (gap === null || gap[0] > contiguousEnd(have) + lookAhead) return null
  const [start, end] = gap
  if (width === 1 && have.length > 0)
    return { position: start, end: Math.min(end, start + (tuning.singlePart ?? 32 * mebibyte)) }
  // Towards the end smaller ones, so that all streams end at about the same time.
  const fair = width === 1 ? parallelPart : Math.max(mebibyte, Math.ceil((size - countBytes(have)) / (2 * width)))
  return { position: start, end: Math.min(end, start + Math.min(parallelPart, fair)) }
}
