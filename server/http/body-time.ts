import type { IncomingMessage, Server } from 'node:http'

/** A whole body of a usual size must be there after this time. */
const wholeMs = 120_000
/** A body of any size may take its time, but must not stand still for so long. */
const silenceMs = 60_000

/**
 * Bounds how long bodies of requests may take, in place of the server's own limit, which knows no uploads: those are bounded by silence.
 * What is too slow is told to `clientError` as the server itself would.
 * @param isUpload whether a request brings something large
 */
export function limitBodyTime(
  server: Server,
  isUpload: (request: IncomingMessage) => boolean,
  limits: { wholeMs: number; silenceMs: number } = { wholeMs, silenceMs },
): void {
  server.requestTimeout = 0
  server.on('request', (request) => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers
    if (coding === undefined && (length === undefined || length === '0')) return
    const upload = isUpload(request)
    let seen = request.socket.bytesRead
    const timer = setInterval(
      () => {
        if (request.complete) return clearInterval(timer)
        const now = request.socket.bytesRead
        // Bytes that wait for us are no silence of the client.
        const moved = now !== seen || request.readableLength > 0
        seen = now
        if (upload && moved) return
        clearInterval(timer)
        const error = Object.assign(new Error('the body is too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
        server.emit('clientError', error, request.socket)
      },
      upload ? limits.silenceMs : limits.wholeMs,
    )
    timer.unref()
    request.once('close', () => clearInterval(timer))
  })
}
