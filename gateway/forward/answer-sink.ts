import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** What the sink needs of the upstream that feeds it. */
export type Flow = { pause: () => void; resume: () => void; stop: () => void }

/** The caller's side of an answer: says when it began, holds the upstream back when the caller is slow, notices that it left. */
export type AnswerSink = {
  /** True once a byte of the answer may have reached the caller; from then on nothing can be retried. */
  committed: () => boolean
  gone: () => boolean
  /** Names the upstream that feeds the sink from now on. */
  attach: (flow: Flow | undefined) => void
  start: (headers: OutgoingHttpHeaders) => void
  write: (bytes: Buffer) => void
  end: (bytes?: Buffer) => void
  /** Cuts the connection: the only way to mark a whole answer that began as incomplete. */
  destroy: () => void
}

/** @param idleMs how long a caller may take nothing of what waits for it */
export function createAnswerSink(res: ServerResponse, idleMs: number): AnswerSink {
  let flow: Flow | undefined
  let stuck: NodeJS.Timeout | undefined
  let left = res.destroyed
  res.on('close', () => {
    clearTimeout(stuck)
    if (res.writableEnded) return
    left = true
    flow?.stop()
  })
  res.on('drain', () => {
    clearTimeout(stuck)
    stuck = undefined
    flow?.resume()
  })
  return {
    committed: () => res.headersSent,
    gone: () => left,
    attach: (next) => {
      flow = next
    },
    start: (headers) => {
      if (!left) res.writeHead(200, headers)
    },
    write: (bytes) => {
      if (left || bytes.length === 0 || res.write(bytes)) return
      flow?.pause()
      stuck ??= setTimeout(() => res.destroy(), idleMs)
    },
    end: (bytes) => {
      if (!left) res.end(bytes)
    },
    destroy: () => res.destroy(),
  }
}
