import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'

export type PostgresProxy = {
  port: number
  /** The same URL through the proxy. */
  url: (direct: string) => string
  /** How it treats connections from now on; nothing is lain in wait for any more. `stall` takes what comes and gives nothing back, as a network that swallows packets. */
  set: (mode: 'pass' | 'stall' | 'refuse') => Promise<void>
  /** Milliseconds by which every answer is late. */
  delay: (ms: number) => void
  /** Breaks every connection now. */
  cut: () => void
  /**
   * Breaks the next connection whose client sends `text`, when the server has done it and before the client hears so; with `since`
   * only one on which that was sent before. Resolves when that has happened.
   */
  cutAfter: (text: string, since?: string) => Promise<void>
  connections: () => number
  close: () => Promise<void>
}

type Pair = { client: Socket; server: Socket }

/** A TCP proxy on a free port of 127.0.0.1 before a PostgreSQL, that behaves as badly as it is told. */
export async function startPostgresProxy(target: number): Promise<PostgresProxy> {
  const pairs = new Set<Pair>()
  let mode: 'pass' | 'stall' | 'refuse' = 'pass'
  let delayMs = 0
  let trap: { text: string; since: string | undefined; sprung: () => void } | undefined

  const accept = (client: Socket) => {
    const server = connectTo({ host: '127.0.0.1', port: target })
    const pair = { client, server }
    pairs.add(pair)
    let mute = false
    let armed: typeof trap
    const end = () => {
      pairs.delete(pair)
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        // A broken server is not heard of through a network that swallows packets.
        if (mode !== 'stall') end()
      })
    }
    client.on('data', (chunk) => {
      if (mode === 'stall') return
      if (trap !== undefined && (trap.since === undefined || chunk.includes(trap.since))) armed = trap
      if (trap !== undefined && armed === trap && chunk.includes(trap.text)) {
        const { sprung } = trap
        trap = undefined
        mute = true
        server.once('data', () => {
          end()
          sprung()
        })
      }
      server.write(chunk)
    })
    server.on('data', (chunk) => {
      if (mode === 'stall' || mute) return
      if (delayMs === 0) client.write(chunk)
      else setTimeout(() => client.destroyed || client.write(chunk), delayMs)
    })
  }
  let listener: Server | undefined
  let port = 0
  const listen = async () => {
    const created = createServer(accept)
    listener = created
    await new Promise<void>((resolve, reject) => {
      created.once('error', reject)
      created.listen(port, '127.0.0.1', () => resolve())
    })
    const address = created.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    port = address.port
  }
  const cut = () => {
    for (const { client, server } of pairs) {
      client.resetAndDestroy()
      server.destroy()
    }
    pairs.clear()
  }
  const stopListening = async () => {
    const open = listener
    listener = undefined
    if (open === undefined) return
    const closed = new Promise((resolve) => open.close(resolve))
    cut()
    await closed
  }
  await listen()
  return {
    get port() {
      return port
    },
    url: (direct) => direct.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`),
    set: async (next) => {
      const before = mode
      mode = next
      trap = undefined
      if (next === 'refuse') await stopListening()
      else if (listener === undefined) await listen()
      // What was swallowed is lost: connections of that time can only be given up.
      if (before === 'stall' && next === 'pass') cut()
    },
    delay: (ms) => {
      delayMs = ms
    },
    cut,
    cutAfter: (text, since) => new Promise<void>((sprung) => (trap = { text, since, sprung })),
    connections: () => pairs.size,
    close: stopListening,
  }
}
