import { findUsage } from './find-usage.ts'
import type { Relay, RelayInput } from './relay.ts'

const tailBytes = 16 * 1024

/**
 * Passes a whole answer on unchanged. It is held back until it is complete, so that a cut one can be retried unseen; one
 * that is too large to hold goes through as it comes, and a cut then cuts the caller's connection.
 */
export function relayWhole({ sink, headers, limits }: RelayInput): Relay {
  let held: Buffer[] = []
  let heldBytes = 0
  // Where the counts stand in an answer that was too large to hold: at its end.
  let tail: Buffer = Buffer.alloc(0)
  const type = { 'content-type': headers['content-type'] ?? 'application/json' }
  return {
    push: (chunk) => {
      if (sink.committed()) {
        tail = Buffer.concat([tail, chunk]).subarray(-tailBytes)
        sink.write(chunk)
        return undefined
      }
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes > limits.heldAnswerBytes) {
        sink.start(type)
        const bytes = Buffer.concat(held)
        held = []
        tail = bytes.subarray(-tailBytes)
        sink.write(bytes)
      }
      return undefined
    },
    end: () => {
      if (sink.committed()) {
        sink.end()
        return { outcome: 'ok', tokens: findUsage(tail), firstContentAt: undefined }
      }
      const bytes = Buffer.concat(held)
      sink.start({ ...type, 'content-length': bytes.length })
      sink.end(bytes)
      return { outcome: 'ok', tokens: findUsage(bytes), firstContentAt: undefined }
    },
    cut: ({ outcome, error }) => {
      const nothing = { tokens: undefined, firstContentAt: undefined }
      if (!sink.committed()) return { outcome, error, ...nothing }
      sink.destroy()
      return { outcome, ...nothing }
    },
    left: () => ({ outcome: 'client_closed', tokens: undefined, firstContentAt: undefined }),
  }
}
