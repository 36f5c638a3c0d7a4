import type { IncomingMessage } from 'node:http'
import { type HubError, limitReached } from '../../kernel/index.ts'

/** Bytes of request bodies in memory, over all requests. */
export type BodyBudget = { held: number; most: number }

export type ReadBody = { bytes: Buffer; release: () => void }

/** The caller went away before its request was complete. */
export class CallerGone extends Error {}

/**
 * Reads a whole request body within bounds. `release` gives its bytes back to the budget once nothing needs them.
 * @throws HubError `body_too_large` (413) or `gateway_busy` (429), CallerGone
 */
export function readBody(req: IncomingMessage, mostBytes: number, budget: BodyBudget): Promise<ReadBody> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let bytes = 0
    let released = false
    const release = () => {
      if (!released) budget.held -= bytes
      released = true
    }
    const refuse = (error: HubError | CallerGone) => {
      req.off('data', onData).off('end', onEnd).off('close', onClose)
      release()
      // What still comes is read and thrown away, so that the caller can read the answer; the request timeout ends it.
      req.resume()
      reject(error)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      budget.held += chunk.length
      if (bytes > mostBytes) return refuse(tooLarge(mostBytes))
      if (budget.held > budget.most) return refuse(busy())
      parts.push(chunk)
    }
    const onEnd = () => {
      req.off('close', onClose)
      resolve({ bytes: parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts), release })
    }
    const onClose = () => refuse(new CallerGone('The caller closed the connection.'))
    if (Number(req.headers['content-length']) > mostBytes) return refuse(tooLarge(mostBytes))
    req.on('data', onData).on('end', onEnd).on('close', onClose)
  })
}

const tooLarge = (most: number) =>
  limitReached('body_too_large', `The body is larger than ${most} bytes.`, 'Send less in one request.', {
    details: { status: 413 },
  })

/** @returns the error for a gateway that has as much in hand as it may */
export const busy = () =>
  limitReached('gateway_busy', 'The gateway has too many requests in hand.', 'Try again in a moment.', {
    details: { retryAfter: 1 },
  })
