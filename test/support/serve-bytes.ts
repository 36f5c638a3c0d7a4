import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type LoopbackServer = { url: string; close: () => Promise<void> }

/** A server on a free port of loopback. */
export async function startServer(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What may be wrong with an answer. */
export type Fault = {
  /** Ends the connection after so many bytes of the body. */
  cutAfter?: number
  /** Sends no more after so many bytes of the file, and keeps the connection. */
  stallAt?: number
  /** Announces another size: of the answer, and in Content-Range. */
  claim?: number
  /** Answers 200 with everything, whatever range was asked for. */
  noRanges?: boolean
  headers?: Record<string, string>
}

/** Answers with bytes as a file server does: ranges, If-Range, 206 and 416. */
export function serveBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
  etag: string | undefined,
  fault: Fault = {},
): void {
  const size = fault.claim ?? bytes.length
  const headers: Record<string, string | number> = {
    'accept-ranges': fault.noRanges === true ? 'none' : 'bytes',
    ...(etag === undefined ? {} : { etag }),
    ...fault.headers,
  }
  const wanted = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const condition = request.headers['if-range']
  const ranged = wanted !== null && fault.noRanges !== true && (condition === undefined || condition === etag)
  const start = ranged ? Number(wanted[1]) : 0
  if (ranged && start >= size) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end()
    return
  }
  const end = ranged && wanted[2] !== '' ? Math.min(Number(wanted[2]), size - 1) : size - 1
  const part = bytes.subarray(start, end + 1)
  response.writeHead(ranged ? 206 : 200, {
    ...headers,
    'content-length': end + 1 - start,
    ...(ranged ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  if (fault.stallAt !== undefined && end >= fault.stallAt) {
    const sent = Math.max(0, fault.stallAt - start)
    if (sent > 0) response.write(part.subarray(0, sent))
    else response.flushHeaders()
    return
  }
  if (fault.cutAfter !== undefined && fault.cutAfter < part.length) {
    response.write(part.subarray(0, fault.cutAfter), () => response.destroy())
    return
  }
  response.end(part)
}
