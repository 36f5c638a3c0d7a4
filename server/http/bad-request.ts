import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Problem } from '../../contract/index.ts'
import { randomText } from '../../kernel/index.ts'

/** `rawPacket` is what the parser was given last. */
type ParserError = NodeJS.ErrnoException & { rawPacket?: Buffer }

type Refusal = { status: number; kind: Problem['kind']; code: string; detail: string; remedy: string }

const malformed: Refusal = {
  status: 400,
  kind: 'invalid',
  code: 'malformed_request',
  detail: 'This is not an HTTP request that can be read.',
  remedy: 'Check the request line, the host and the headers.',
}
const byParserCode: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    kind: 'limit',
    code: 'headers_too_large',
    detail: 'The headers are larger than 16 KiB.',
    remedy: 'Send fewer or shorter headers.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    kind: 'limit',
    code: 'request_too_slow',
    detail: 'The request did not arrive in time.',
    remedy: 'Send it at once.',
  },
}

/** The answer to a request whose target or host make no URL, before any route sees it. */
export function malformedRequest(): Response {
  const { status, headers, body } = answerOf(malformed)
  return new Response(body, { status, headers })
}

/** Answers what the HTTP parser refused, and closes the connection: nobody knows where its next request would begin. */
export function refuseUnparsed(error: ParserError, socket: Duplex, answering: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answering) {
    socket.destroy()
    return
  }
  const { status, headers, body } = answerOf(byParserCode[error.code ?? ''] ?? malformed)
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' })
  // An answer to HEAD has no content, whatever its headers say of it.
  const content = error.rawPacket?.toString('latin1', 0, 5) === 'HEAD ' ? '' : body
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${content}`,
  )
}

function answerOf(refusal: Refusal) {
  const requestId = `req_${randomText(20)}`
  const problem: Problem = { type: 'about:blank', title: STATUS_CODES[refusal.status] ?? '', ...refusal, requestId }
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': requestId,
  }
  return { status: refusal.status, headers, body: JSON.stringify(problem) }
}
