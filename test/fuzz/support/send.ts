import { Agent, request } from 'node:http'

/** A request as it goes over the wire. */
export type FuzzRequest = {
  method: string
  /** Path and query, percent-encoded or deliberately not. */
  target: string
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array | null
}

export type Answer = {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
  /** From the first byte sent to the last byte received. */
  ms: number
  /** What ended the exchange before there was a whole answer. */
  broken: string | null
}

/** No answer may take longer, however busy the machine. */
const answerLimitMs = 15_000
/** How much of an event stream is read: it lives as long as its job. */
const streamReadMs = 250

export type Sender = { send: (sent: FuzzRequest) => Promise<Answer>; close: () => void }

/** Sends requests to a hub at a port of 127.0.0.1 over kept connections, checking nothing of what it sends. */
export function createSender(port: number): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const once = (sent: FuzzRequest, again: boolean): Promise<Answer> => {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    const began = performance.now()
    const ended = (part: Partial<Answer>) =>
      resolve({ status: 0, headers: {}, body: '', broken: null, ms: performance.now() - began, ...part })
    const headers = [['host', `127.0.0.1:${port}`], ...sent.headers]
    if (sent.body !== null && !sent.headers.some(([name]) => name === 'content-length' || name === 'transfer-encoding'))
      headers.push(['content-length', String(sent.body.length)])
    const outgoing = request({
      host: '127.0.0.1',
      port,
      agent,
      method: sent.method,
      path: sent.target,
      headers: headers.flat(),
    })
    const limit = setTimeout(() => {
      ended({ broken: `no whole answer within ${answerLimitMs} ms` })
      outgoing.destroy()
    }, answerLimitMs)
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit)
      // The hub closed an idle connection in the moment it was used again.
      if (again && outgoing.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE'))
        void once(sent, false).then(resolve)
      else ended({ broken: `${error.code}: ${error.message}` })
    })
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = []
      const status = response.statusCode ?? 0
      const done = () => {
        clearTimeout(limit)
        ended({ status, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') })
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', done)
      response.on('error', (error) => ended({ status, headers: response.headers, broken: error.message }))
      if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
        setTimeout(() => {
          done()
          outgoing.destroy()
        }, streamReadMs)
      }
    })
    if (sent.body !== null) outgoing.write(sent.body)
    outgoing.end()
    return promise
  }
  return { send: (sent) => once(sent, true), close: () => agent.destroy() }
}

/** A command that sends the same bytes again; `$TOKEN` stands for the administrator's token. */
export function asCurl(url: string, sent: FuzzRequest, token: string): string {
  const quote = (text: string) => `$'${[...Buffer.from(text)].map(escapeByte).join('')}'`
  const headers = sent.headers.map(([name, value]) => `-H ${quote(`${name}: ${value}`).replaceAll(token, '$TOKEN')}`)
  const long = sent.body !== null && sent.body.length > 4_000
  const body =
    sent.body === null
      ? ''
      : ` --data-binary $'${[...sent.body.subarray(0, 4_000)].map(escapeByte).join('')}'${long ? ` # the first 4000 of ${sent.body.length} bytes` : ''}`
  return `curl --path-as-is -g -i -X ${sent.method} ${headers.join(' ')} ${quote(url + sent.target)}${body}`
}

function escapeByte(byte: number): string {
  const plain = byte >= 32 && byte < 127 && byte !== 39 && byte !== 92
  return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`
}
