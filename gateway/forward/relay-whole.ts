import { findUsage } from './find-usage.ts'
import type { Relay, RelayFailure, RelayInput } from './relay.ts'
import type { Foreign } from './way.ts'

const tailBytes = 16 * 1024

/**
 * Passes a whole answer on unchanged. It is held back until it is complete, so that a cut one can be retried unseen; one
 * that is too large to hold goes through as it comes, and a cut then cuts the caller's connection.
 */
export function relayWhole({ sink, headers, limits, foreign }: RelayInput): Relay {
  const mask = foreign?.mask
  let held: Buffer[] = []
  let heldBytes = 0
  // Where the counts stand in an answer that was too large to hold: at its end.
  let tail: Buffer = Buffer.alloc(0)
  const type = {
    'content-type': foreign === undefined ? (headers['content-type'] ?? 'application/json') : 'application/json',
  }
  // What could be the beginning of a secret whose end comes with the next piece.
  let kept: Buffer = Buffer.alloc(0)
  const write = (bytes: Buffer) => {
    if (mask === undefined) return sink.write(bytes)
    const clean = mask.hide(Buffer.concat([kept, bytes]))
    const sure = Math.max(0, clean.length - mask.longest + 1)
    kept = clean.subarray(sure)
    return sink.write(clean.subarray(0, sure))
  }
  return {
    push: (chunk) => {
      if (sink.committed()) {
        tail = Buffer.concat([tail, chunk]).subarray(-tailBytes)
        write(chunk)
        return undefined
      }
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes > limits.heldAnswerBytes) {
        sink.start(type)
        const bytes = Buffer.concat(held)
        held = []
        tail = bytes.subarray(-tailBytes)
        write(bytes)
      }
      return undefined
    },
    end: () => {
      if (sink.committed()) {
        sink.end(kept)
        return { outcome: 'ok', tokens: findUsage(tail), firstContentAt: undefined }
      }
      const whole = Buffer.concat(held)
      const problem = foreign === undefined ? undefined : problemOf(whole, foreign)
      if (problem !== undefined) return { ...problem, tokens: undefined, firstContentAt: undefined }
      const bytes = mask === undefined ? whole : mask.hide(whole)
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

/** What a provider calls a good answer may be a page of something in between, cut JSON, or an error. */
function problemOf(bytes: Buffer, foreign: Foreign): RelayFailure | undefined {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return foreign.unreadable()
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return foreign.unreadable()
  const failed = 'error' in value && value.error !== null && value.error !== undefined
  return failed && !('choices' in value) ? foreign.judgeError(bytes) : undefined
}
