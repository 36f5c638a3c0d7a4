import { netOf } from '../network.ts'
import type { SourceContext } from '../source-kind.ts'
import { requestHeaders } from './probe.ts'

const sampleBytes = 4 * 2 ** 20
const sampleMs = 1_500

/** Bytes per second that one connection gives, from a sample of at most 4 MiB or 1.5 s; null when nothing came. */
export async function measureSpeed(
  url: URL,
  credential: string | undefined,
  context: SourceContext,
  signal?: AbortSignal,
): Promise<number | null> {
  const headers = { ...(await requestHeaders(context, credential, url)), range: `bytes=0-${sampleBytes - 1}` }
  const response = await netOf(context).request(url, { headers }, signal)
  const began = performance.now()
  let bytes = 0
  try {
    if (response.status !== 200 && response.status !== 206) return null
    for await (const chunk of response.body) {
      bytes += (chunk as Uint8Array).length
      if (bytes >= sampleBytes || performance.now() - began >= sampleMs) break
    }
  } catch {
    // A cut ends the sample, and what came before still counts.
    signal?.throwIfAborted()
  } finally {
    response.body.destroy()
  }
  const seconds = (performance.now() - began) / 1_000
  return bytes === 0 ? null : bytes / Math.max(seconds, 0.001)
}
