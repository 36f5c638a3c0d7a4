import type { IncomingMessage } from 'node:http'
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { MadeRequest } from './make-requests.ts'
import type { LoadTarget } from './spec.ts'

/** What happened on the wire, uninterpreted: bytes with their arrival times. Times are `process.hrtime.bigint()`. */
export type Capture = {
  index: number
  warmup: boolean
  scheduledAt: bigint
  dispatchedAt: bigint
  headersAt: bigint | undefined
  chunks: Array<{ at: bigint; bytes: Buffer }>
  endAt: bigint
  status: number | undefined
  contentType: string
  /** How the exchange ended: all bytes came, the time limit, the connection, or the run was aborted. */
  ending: 'complete' | 'timeout' | 'broken' | 'too_large' | 'aborted'
  error: string | undefined
}

export type Sender = {
  send: (plan: { index: number; warmup: boolean; scheduledAt: bigint }, signal: AbortSignal) => Promise<Capture>
  close: () => void
}

/** Most bytes kept of one answer. */
const maxAnswerBytes = 64 * 1024 * 1024

/**
 * Sends requests and notes times. The data callback does two things only, read the clock and keep the buffer: parsing there
 * would delay every other stream's clock (measured: 13 to 109 ms at 200 streams, against 0.4 to 1.9 ms).
 */
export function createSender(
  target: LoadTarget,
  make: (index: number) => MadeRequest,
  limits: { concurrency: number; timeoutMs: number },
): Sender {
  const url = new URL(target.url)
  const secure = url.protocol === 'https:'
  const agentOptions = {
    keepAlive: true,
    maxSockets: limits.concurrency,
    maxFreeSockets: limits.concurrency,
    noDelay: true,
  }
  const agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions)
  const start = secure ? httpsRequest : httpRequest
  const prefix = url.pathname.replace(/\/$/, '')
  const base = {
    agent,
    method: 'POST',
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : url.port,
    ...(target.socketPath === undefined ? {} : { socketPath: target.socketPath }),
  }

  const send: Sender['send'] = async ({ index, warmup, scheduledAt }, signal) => {
    const { path, body } = make(index)
    const headers = { ...target.headers, 'content-type': 'application/json', 'content-length': body.length }
    const capture: Capture = {
      index,
      warmup,
      scheduledAt,
      dispatchedAt: 0n,
      headersAt: undefined,
      chunks: [],
      endAt: 0n,
      status: undefined,
      contentType: '',
      ending: 'complete',
      error: undefined,
    }
    await new Promise<void>((resolve) => {
      let size = 0
      let over = false
      const request = start({ ...base, path: prefix + path, headers })
      const end = (ending: Capture['ending'], error?: Error): void => {
        if (over) return
        over = true
        capture.endAt = process.hrtime.bigint()
        clearTimeout(timer)
        signal.removeEventListener('abort', abort)
        capture.ending = ending
        capture.error = error?.message
        if (ending !== 'complete') request.destroy()
        resolve()
      }
      const abort = (): void => end('aborted')
      const timer = setTimeout(() => end('timeout'), limits.timeoutMs)
      signal.addEventListener('abort', abort, { once: true })
      request.on('error', (error) => end('broken', error))
      request.once('response', (answer: IncomingMessage) => {
        capture.headersAt = process.hrtime.bigint()
        capture.status = answer.statusCode
        capture.contentType = answer.headers['content-type'] ?? ''
        answer.on('data', (bytes: Buffer) => {
          capture.chunks.push({ at: process.hrtime.bigint(), bytes })
          size += bytes.length
          if (size > maxAnswerBytes) end('too_large')
        })
        answer.once('end', () => end('complete'))
        answer.once('error', (error) => end('broken', error))
        answer.once('close', () => end('broken', new Error('the connection was closed in the middle of the answer')))
      })
      capture.dispatchedAt = process.hrtime.bigint()
      request.end(body)
    })
    return capture
  }
  return { send, close: () => agent.destroy() }
}
