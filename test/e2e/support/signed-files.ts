import type { IncomingMessage, ServerResponse } from 'node:http'
import { startServer } from '../../support/serve-bytes.ts'

export type SignedFiles = {
  url: string
  /** An address of the file that is accepted for so many seconds, in the shape of S3 query signatures. */
  sign: (path: string, seconds: number) => string
  close: () => Promise<void>
}

const tickMs = 50

/**
 * A file server on loopback that takes signed addresses only, answers ranges, sends so many bytes a second on each connection, and cuts
 * what it sends when the signature ends. Written by hand on 2026-11-23 after the query signatures of Amazon S3.
 */
export async function startSignedFiles(
  files: Record<string, Uint8Array>,
  bytesPerSecond: number,
): Promise<SignedFiles> {
  let secret = 0
  const ends = new Map<string, number>()
  const server = await startServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://files')
    const body = files[url.pathname]
    const end = ends.get(url.searchParams.get('X-Amz-Signature') ?? '') ?? 0
    if (Date.now() >= end) return void response.writeHead(403).end('Request has expired')
    if (body === undefined) return void response.writeHead(404).end()
    serve(request, response, body, end, bytesPerSecond)
  })
  return {
    url: server.url,
    sign: (path, seconds) => {
      const signature = `geheim${(secret += 1)}`
      ends.set(signature, Date.now() + seconds * 1_000)
      const date = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
      return `${server.url}${path}?X-Amz-Date=${date}&X-Amz-Expires=${seconds}&X-Amz-Signature=${signature}`
    },
    close: server.close,
  }
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  end: number,
  bytesPerSecond: number,
): void {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const first = range === null ? 0 : Number(range[1])
  const last = range === null || range[2] === '' ? body.length - 1 : Math.min(Number(range[2]), body.length - 1)
  response.writeHead(range === null ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': last - first + 1,
    'accept-ranges': 'bytes',
    etag: '"one-and-the-same"',
    ...(range === null ? {} : { 'content-range': `bytes ${first}-${last}/${body.length}` }),
  })
  let at = first
  const timer = setInterval(() => {
    if (Date.now() >= end || response.destroyed) {
      clearInterval(timer)
      response.destroy()
      return
    }
    const next = Math.min(last + 1, at + Math.ceil((bytesPerSecond * tickMs) / 1_000))
    response.write(body.subarray(at, next))
    at = next
    if (at <= last) return
    clearInterval(timer)
    response.end()
  }, tickMs)
}
