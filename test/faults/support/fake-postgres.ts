import { createServer, type Server, type Socket } from 'node:net'

/**
 * A server that speaks just enough of PostgreSQL's protocol (version 3) to be asked for its version and its time, or to refuse a login.
 * @param refusal SQLSTATE of the refusal
 */
export async function fakePostgres(
  answer: { version: number; clockMs: number } | { refusal: string },
): Promise<{ url: string; server: Server }> {
  const server = createServer((socket) => {
    let started = false
    socket.on('error', () => undefined)
    socket.on('data', (data: Buffer) => {
      if (!started) {
        // The request for TLS comes first where it is wanted; its code is 80877103.
        if (data.length === 8 && data.readInt32BE(4) === 80_877_103) return void socket.write('N')
        started = true
        if ('refusal' in answer) refuse(socket, answer.refusal)
        else socket.write(Buffer.concat([message('R', int32(0)), ready]))
      } else if (data[0] === 'Q'.charCodeAt(0) && !('refusal' in answer)) {
        socket.write(rows([String(answer.version), String((Date.now() + answer.clockMs) / 1_000)]))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `postgres://hub:secret@127.0.0.1:${port}/hub`, server }
}

const text = (value: string) => Buffer.from(`${value}\0`)
const int32 = (value: number) => Buffer.from(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value))
const int16 = (value: number) => Buffer.from(Uint8Array.of(value >>> 8, value))
const message = (type: string, body: Buffer) => Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
const ready = message('Z', Buffer.from('I'))

function refuse(socket: Socket, state: string): void {
  const fields = [`SFATAL`, `C${state}`, 'Mpassword authentication failed for user "hub"'].map(text)
  socket.end(message('E', Buffer.concat([...fields, Buffer.from([0])])))
}

function rows(values: readonly string[]): Buffer {
  const [int4, float8] = [23, 701]
  const column = (name: string, type: number) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(8), int32(-1), int16(0)])
  const description = Buffer.concat([int16(2), column('version', int4), column('now', float8)])
  const data = Buffer.concat([
    int16(values.length),
    ...values.flatMap((value) => [int32(value.length), Buffer.from(value)]),
  ])
  return Buffer.concat([message('T', description), message('D', data), message('C', text('SELECT 1')), ready])
}
