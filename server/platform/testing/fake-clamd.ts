import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { ClamavAddress } from '../clamav.ts'

/** What it says of a whole file, without the NUL at its end; undefined: nothing, the socket is the caller's. */
export type ClamdAnswer = (bytes: Buffer, socket: Socket) => string | undefined

export type FakeClamd = {
  address: ClamavAddress & { port: number }
  /** Files that were sent whole. */
  scanned: Buffer[]
  /** Connections that were open at one time, at most. */
  widest: () => number
  /** Changed while it runs. */
  version: string
  answer: ClamdAnswer
  /** Bytes after which it refuses a file (StreamMaxLength). */
  limit: number
  /** Called with what came of a file so far, with every piece. */
  onPiece: (bytes: number, socket: Socket) => void
  close: () => Promise<void>
}

export const clamdVersion = 'ClamAV 1.4.2/27500/Thu Nov 19 09:34:40 2026'

/**
 * The contract of clamd as its manual tells it (clamd(8), of ClamAV 1.4; written by hand on 2026-11-23): commands begin with `z` and end
 * with NUL, and so do answers. `zPING` → `PONG`; `zVERSION` → engine/database/date; `zINSTREAM`, then pieces of four bytes of length in
 * network order and that many bytes, ended by a length of 0 → `stream: OK`, `stream: <name> FOUND`, or, once the sum is beyond
 * StreamMaxLength, `INSTREAM size limit exceeded. ERROR` and the end of the connection.
 */
export async function startFakeClamd(): Promise<FakeClamd> {
  const open = new Set<Socket>()
  let widest = 0
  const server = createServer((socket) => {
    open.add(socket)
    widest = Math.max(widest, open.size)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    const parts: Buffer[] = []
    let buffer = Buffer.alloc(0)
    let streaming = false
    let taken = 0
    socket.on('data', (chunk: Buffer) => {
      buffer = Buffer.concat([buffer, chunk])
      if (!streaming) {
        const end = buffer.indexOf(0)
        if (end < 0) return
        const command = buffer.subarray(0, end).toString()
        buffer = buffer.subarray(end + 1)
        if (command === 'zPING') return void socket.end('PONG\0')
        if (command === 'zVERSION') return void socket.end(`${clamd.version}\0`)
        if (command !== 'zINSTREAM') return void socket.end('UNKNOWN COMMAND\0')
        streaming = true
      }
      while (buffer.length >= 4) {
        const length = buffer.readUInt32BE(0)
        if (buffer.length < 4 + length) return
        if (length === 0) {
          const whole = Buffer.concat(parts)
          clamd.scanned.push(whole)
          const reply = clamd.answer(whole, socket)
          if (reply !== undefined) socket.end(`${reply}\0`)
          return
        }
        parts.push(buffer.subarray(4, 4 + length))
        taken += length
        buffer = buffer.subarray(4 + length)
        clamd.onPiece(taken, socket)
        if (taken > clamd.limit) {
          socket.removeAllListeners('data')
          socket.resume()
          socket.end('INSTREAM size limit exceeded. ERROR\0')
          return
        }
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  const clamd: FakeClamd = {
    address: { host: '127.0.0.1', port: typeof at === 'object' && at !== null ? at.port : 0 },
    scanned: [],
    widest: () => widest,
    version: clamdVersion,
    answer: (bytes) => (bytes.includes('virus') ? 'stream: Test.Signature FOUND' : 'stream: OK'),
    limit: Infinity,
    onPiece: () => undefined,
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
  return clamd
}
